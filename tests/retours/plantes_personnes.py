"""P, S, H, I: the people, their exits, their hours, their immersions."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from retours import noms
from retours.faits import LE, mois_apres, ne, nouvelle_personne
from retours.moule import Ligne, Saisi
from retours.plantes import Attendue, Impossible, Jardin, plante

_JOUR = timedelta(days=1)
_BRSA = "brsa"
_SORTIE = [
    "date_sortie",
    "situation",
    "debut_contrat",
    "fin_contrat",
    "mois_contrat",
    "metier_vise",
    "precision",
    "piece",
    "valide_par",
    "contact_suivi",
    "date_suivi",
    "situation_suivi",
    "debut_contrat_suivi",
    "fin_contrat_suivi",
    "mois_contrat_suivi",
    "metier_vise_suivi",
    "precision_suivi",
    "piece_suivi",
]
_SUIVI = [nom for nom in _SORTIE if nom.endswith("_suivi")]


def _sorti(p: Ligne) -> bool:
    return p.get("date_sortie") is not None


def _33(j: Jardin) -> bool:
    return j.f.appel.identite.code == "3.3"


def _immersions(j: Jardin, p: Ligne) -> list[Ligne]:
    return [i for i in j.f.tables["immersions"] if i["participant"] == p["code"]]


def _efface(row: Ligne, champs: list[str]) -> None:
    for nom in champs:
        row.pop(nom, None)


def _suivi_stable(p: Ligne, jours: int) -> bool:
    """Whether moving the exit changes nothing of what its follow-up asks."""
    if "contact_suivi" in p:
        return True
    return mois_apres(p["date_sortie"] + jours * _JOUR, 6) > LE


@plante("P01", _BRSA)
def code_en_double(j: Jardin) -> Iterator[Attendue]:
    p = j.libre("participants", lambda p: p["brsa"] is True)
    j.exige(_33(j) or len(j.f.tables["participants"]) < 9)
    row = nouvelle_personne(j.f, j.rng, p, code=p["code"].lower())
    yield Attendue("P01", "participants", row, "code")


@plante("P02", _BRSA)
def personne_en_double(j: Jardin) -> Iterator[Attendue]:
    p = j.libre("participants", lambda p: p.get("prenom"))
    row = p | {"code": "W999", "nom": p["nom"].upper()}
    j.f.tables["participants"].append(row)
    j.f.tables["immersions"] += [i | {"participant": "W999"} for i in _immersions(j, p)]
    yield Attendue("P02", "participants", row, "nom")


@plante("P03")
def sortie_avant_entree(j: Jardin) -> Iterator[Attendue]:
    def permis(p: Ligne) -> bool:
        if not _sorti(p) or p["date_entree"] == j.f.debut:
            return False
        return not _33(j) or _suivi_stable(p, -(p["date_sortie"] - p["date_entree"]).days - 1)

    p = j.libre("participants", permis)
    p["date_sortie"] = p["date_entree"] - _JOUR
    yield Attendue("P03", "participants", p, "date_sortie")


@plante("P04")
def hors_public(j: Jardin) -> Iterator[Attendue]:
    if _33(j):
        p = j.libre("participants", lambda p: p["brsa"] is False)
        p["date_naissance"] = ne(j.rng, p["date_entree"], 40)
        yield Attendue("P04", "participants", p, "brsa")
    else:
        p = j.libre("participants")
        p["hebergement"], p["logement_dabord"] = "logement", False
        yield Attendue("P04", "participants", p, "hebergement")


def _minorite(j: Jardin, action: Ligne) -> list[Ligne]:
    """Turn the BRSA of an action into young people, until they are half of it."""
    here = [p for p in j.f.tables["participants"] if p.get("action") == action["code"]]
    brsa = [p for p in here if p["brsa"] is True]
    for p in brsa[len(here) // 2 :]:
        p["brsa"] = False
        p["date_naissance"] = ne(j.rng, p["date_entree"], 20)
        j.pris.add(id(p))
    return here


@plante("P05", _BRSA)
def brsa_minoritaires(j: Jardin) -> Iterator[Attendue]:
    j.exige(_33(j) and len(j.f.tables["actions"]) > 2)
    action = j.f.tables["actions"][0]
    j.exige(not any(id(p) in j.pris for p in j.f.tables["participants"]))
    _minorite(j, action)
    people = j.f.tables["participants"]
    j.exige(2 * sum(p["brsa"] is True for p in people) > len(people))
    yield Attendue("P05", "actions", action, "code")


@plante("P06", _BRSA, seule=True)
def brsa_minoritaires_partout(j: Jardin) -> Iterator[Attendue]:
    j.exige(_33(j) and len(j.f.tables["actions"]) > 1)
    for action in j.f.tables["actions"]:
        if _minorite(j, action):
            yield Attendue("P05", "actions", action, "code")
    yield Attendue("P06", "participants")


@plante("P07")
def entree_trop_tot(j: Jardin) -> Iterator[Attendue]:
    p = j.libre("participants", lambda p: p["date_entree"] - j.f.debut < 20 * _JOUR)
    p["date_entree"] = j.f.debut - _JOUR
    for i in _immersions(j, p):
        if i.get("moment") == "avant":
            i["date_debut"], i["date_fin"] = j.f.debut - 12 * _JOUR, j.f.debut - 8 * _JOUR
    yield Attendue("P07", "participants", p, "date_entree")


@plante("P08")
def sortie_trop_tard(j: Jardin) -> Iterator[Attendue]:
    j.exige(j.f.terminee and mois_apres(j.f.fin + _JOUR, 6) > LE)
    p = j.libre("participants", _sorti)
    valideur = p.get("valide_par") if p.get("situation") == "autre_positive" else None
    _efface(p, _SUIVI)
    p["date_sortie"], p["valide_par"] = j.f.fin + _JOUR, valideur
    yield Attendue("P08", "participants", p, "date_sortie")


@plante("P09")
def sans_point(j: Jardin) -> Iterator[Attendue]:
    p = j.libre("participants", lambda p: _sorti(p) and "date_point" in p)
    p["date_point"] = None
    yield Attendue("P09", "participants", p, "date_point")


@plante("P10")
def trop_age(j: Jardin) -> Iterator[Attendue]:
    p = j.libre("participants", lambda p: p["brsa"] is True)
    p["date_naissance"] = date(1930, 1, 1) + j.rng.randrange(300) * _JOUR
    yield Attendue("P10", "participants", p, "date_naissance")


@plante("P11")
def brsa_trop_jeune(j: Jardin) -> Iterator[Attendue]:
    p = j.libre("participants", lambda p: p["brsa"] is True)
    p["date_naissance"] = ne(j.rng, p["date_entree"], 21)
    yield Attendue("P11", "participants", p, "brsa")


@plante("P12", _BRSA)
def action_inconnue(j: Jardin) -> Iterator[Attendue]:
    j.exige(_33(j))
    people = j.f.tables["participants"]
    p = j.libre("participants", lambda p: p["brsa"] is False and sum(o["action"] == p["action"] for o in people) > 1)
    p["action"] = "Z99"
    yield Attendue("P12", "participants", p, "action")


@plante("P13")
def sortie_hors_action(j: Jardin) -> Iterator[Attendue]:
    j.exige(_33(j))
    ends = {a["code"]: a["date_fin"] for a in j.f.tables["actions"]}

    def permis(p: Ligne) -> bool:
        end = ends.get(p["action"])
        if not _sorti(p) or end is None or end + _JOUR > min(j.f.fin, LE):
            return False
        later = (end + _JOUR - p["date_sortie"]).days
        le = p.get("date_suivi")
        return (le is None or le > end) and (_suivi_stable(p, later) or "contact_suivi" in p)

    p = j.libre("participants", permis)
    p["date_sortie"] = ends[p["action"]] + _JOUR
    yield Attendue("P13", "participants", p, "date_sortie")


@plante("P14")
def mds_inconnue(j: Jardin) -> Iterator[Attendue]:
    p = j.libre("participants")
    p["mds"] = Saisi(noms.texte(j.rng, "Lille"))
    yield Attendue("P14", "participants", p, "mds")


def _de(j: Jardin, *situations: str, suivi: bool = False) -> Ligne:
    """Someone out in one of these situations; without a follow-up unless asked."""

    def permis(p: Ligne) -> bool:
        return _sorti(p) and p.get("situation") in situations and (suivi or not p.get("valide_par"))

    return j.libre("participants", permis)


@plante("S01")
def sans_situation(j: Jardin) -> Iterator[Attendue]:
    p = _de(j, "sans_solution", "abandon", "exclusion", "inconnue")
    p["situation"] = None
    yield Attendue("S01", "participants", p, "situation")


@plante("S02")
def contrat_sans_debut(j: Jardin) -> Iterator[Attendue]:
    p = _de(j, "cdi")
    p["debut_contrat"] = None
    yield Attendue("S02", "participants", p, "debut_contrat")


@plante("S03")
def contrat_a_l_envers(j: Jardin) -> Iterator[Attendue]:
    p = _de(j, "cdd", "mission")
    p.pop("mois_contrat", None)
    p["fin_contrat"] = p["debut_contrat"] - _JOUR
    yield Attendue("S03", "participants", p, "fin_contrat")


@plante("S04")
def cdi_avec_terme(j: Jardin) -> Iterator[Attendue]:
    p = _de(j, "cdi")
    p["fin_contrat"] = p["debut_contrat"] + 100 * _JOUR
    yield Attendue("S04", "participants", p, "fin_contrat")


@plante("S05")
def cdd_sans_duree(j: Jardin) -> Iterator[Attendue]:
    p = _de(j, "cdd", "mission")
    _efface(p, ["fin_contrat", "mois_contrat"])
    yield Attendue("S05", "participants", p, "fin_contrat")


@plante("S06")
def sans_piece(j: Jardin) -> Iterator[Attendue]:
    p = _de(j, "cdi", "formation", "creation", "siae")
    p["piece"] = None
    yield Attendue("S06", "participants", p, "piece")


@plante("S07")
def autre_positive_sans_raison(j: Jardin) -> Iterator[Attendue]:
    p = _de(j, "sans_solution", "abandon", "exclusion")
    p |= {"situation": "autre_positive", "piece": "autre", "precision": None, "valide_par": None}
    j.exige(p.get("situation_suivi") != "autre_positive")
    yield Attendue("S07", "participants", p, "precision")
    yield Attendue("S07", "participants", p, "valide_par")


@plante("S08")
def suivi_oublie(j: Jardin) -> Iterator[Attendue]:
    j.exige(_33(j))
    p = j.libre("participants", lambda p: "contact_suivi" in p and mois_apres(p["date_sortie"], 6) <= LE)
    _efface(p, _SUIVI)
    yield Attendue("S08", "participants", p, "contact_suivi")


@plante("S09")
def contact_avant_sortie(j: Jardin) -> Iterator[Attendue]:
    j.exige(_33(j))
    p = j.libre("participants", lambda p: "contact_suivi" in p)
    p["date_suivi"] = p["date_sortie"] - _JOUR
    yield Attendue("S09", "participants", p, "date_suivi")


@plante("S10")
def metier_vise_oublie(j: Jardin) -> Iterator[Attendue]:
    j.exige(_33(j))
    p = _de(j, "cdi", "cdd", "siae", "creation")
    p["metier_vise"] = None
    yield Attendue("S10", "participants", p, "metier_vise")


@plante("S11")
def cdi_aide(j: Jardin) -> Iterator[Attendue]:
    p = _de(j, "cdi")
    p["situation"] = "cdi_aide"
    yield Attendue("S11", "participants", p, "situation")


@plante("S12")
def classe_sans_motif(j: Jardin) -> Iterator[Attendue]:
    p = _de(j, "cdi", "formation", "abandon")
    p["classe_forcee"] = "emploi_transition"
    yield Attendue("S12", "participants", p, "motif_classe")
    yield Attendue("S12", "participants", p, "valide_par")


@plante("S13")
def contrat_avant_entree(j: Jardin) -> Iterator[Attendue]:
    p = _de(j, "cdi", "cdi_aide")
    p["debut_contrat"] = p["date_entree"] - _JOUR
    yield Attendue("S13", "participants", p, "debut_contrat")


@plante("S14")
def piece_inadaptee(j: Jardin) -> Iterator[Attendue]:
    p = _de(j, "cdi", "formation", "siae")
    p["piece"] = "kbis"
    yield Attendue("S14", "participants", p, "piece")


@plante("S15")
def toujours_present(j: Jardin) -> Iterator[Attendue]:
    j.exige(j.f.terminee)
    p = j.libre("participants", _sorti)
    _efface(p, _SORTIE)
    yield Attendue("S15", "participants", p, "date_sortie")


def _semaine(j: Jardin) -> Ligne:
    j.exige("heures" in j.f.tables)
    return j.libre("heures", lambda h: h.get("participant") not in (None, "Z99"))


@plante("H01")
def heures_de_personne(j: Jardin) -> Iterator[Attendue]:
    h = _semaine(j)
    h["participant"] = "Z99"
    yield Attendue("H01", "heures", h, "participant")


@plante("H02")
def pas_un_lundi(j: Jardin) -> Iterator[Attendue]:
    h = _semaine(j)
    h["semaine"] += 2 * _JOUR
    yield Attendue("H02", "heures", h, "semaine")


@plante("H03")
def semaine_hors_sejour(j: Jardin) -> Iterator[Attendue]:
    j.exige("heures" in j.f.tables)
    p = j.libre("participants", _sorti)
    lundi = p["date_sortie"] + (14 - p["date_sortie"].weekday()) * _JOUR
    h = j.ajoute("heures", participant=p["code"], semaine=lundi, travail=Decimal(8))
    yield Attendue("H03", "heures", h, "semaine")


@plante("H04")
def trop_peu_d_heures(j: Jardin) -> Iterator[Attendue]:
    h = _semaine(j)
    h["travail"] = Decimal("3.75")
    yield Attendue("H04", "heures", h, "travail")


@plante("H05")
def passage_en_cddi(j: Jardin) -> Iterator[Attendue]:
    h = _semaine(j)
    h["travail"] = Decimal("20.25")
    yield Attendue("H05", "heures", h, "travail")


@plante("H06")
def semaine_en_double(j: Jardin) -> Iterator[Attendue]:
    h = j.ajoute("heures", **_semaine(j))
    yield Attendue("H06", "heures", h, "semaine")


@plante("I01")
def immersion_de_personne(j: Jardin) -> Iterator[Attendue]:
    model = j.libre("immersions")
    i = j.ajoute("immersions", **(model | {"participant": "Z98"}))
    yield Attendue("I01", "immersions", i, "participant")


@plante("I02")
def sans_immersion_avant(j: Jardin) -> Iterator[Attendue]:
    j.exige(_33(j))
    p = j.libre("participants")
    j.f.tables["immersions"] = [
        i for i in j.f.tables["immersions"] if (i["participant"], i["moment"]) != (p["code"], "avant")
    ]
    yield Attendue("I02", "participants", p, "code")


def _avec_immersion(j: Jardin) -> tuple[Ligne, Ligne]:
    """Someone untouched, and their first immersion."""
    used = {i["participant"] for i in j.f.tables["immersions"] if id(i) not in j.pris}
    p = j.libre("participants", lambda p: p["code"] in used)
    return p, next(i for i in _immersions(j, p) if id(i) not in j.pris)


@plante("I03")
def immersion_trop_longue(j: Jardin) -> Iterator[Attendue]:
    _, i = _avec_immersion(j)
    if _33(j):
        i["date_debut"] = mois_apres(i["date_fin"], -1)
    else:
        i["date_fin"] = mois_apres(i["date_debut"], 1)
    j.exige(mois_apres(i["date_debut"], 1) <= i["date_fin"])
    yield Attendue("I03", "immersions", i, "date_fin")


@plante("I04")
def trois_fois_le_meme_hote(j: Jardin) -> Iterator[Attendue]:
    p, i = _avec_immersion(j)
    mine = _immersions(j, p)
    for item in mine:
        item["hote"] = i["hote"]
    start = min(item["date_debut"] for item in mine)
    added = [
        j.ajoute("immersions", **(i | {"date_debut": start - n * 7 * _JOUR, "date_fin": start - n * 7 * _JOUR + _JOUR}))
        for n in range(1, 4 - len(mine))
    ]
    yield Attendue("I04", "immersions", max([*mine, *added], key=lambda item: item["date_debut"]), "hote")


@plante("I05")
def trop_de_jours(j: Jardin) -> Iterator[Attendue]:
    p, i = _avec_immersion(j)
    start = min(item["date_debut"] for item in _immersions(j, p))
    total = sum((item["date_fin"] - item["date_debut"]).days + 1 for item in _immersions(j, p))
    for n in (1, 2):
        jour = start - n * 40 * _JOUR
        j.ajoute("immersions", **(i | {"hote": f"{i['hote']} {n}", "date_debut": jour, "date_fin": jour + 27 * _JOUR}))
    last = sorted(_immersions(j, p), key=lambda item: item["date_debut"])
    total, crossing = 0, None
    for item in last:
        total += (item["date_fin"] - item["date_debut"]).days + 1
        if total > 60 and crossing is None:
            crossing = item
    if crossing is None:
        raise Impossible
    yield Attendue("I05", "immersions", crossing, "date_fin")


@plante("I06")
def immersion_a_l_envers(j: Jardin) -> Iterator[Attendue]:
    _, i = _avec_immersion(j)
    i["date_fin"] = i["date_debut"] - _JOUR
    yield Attendue("I06", "immersions", i, "date_fin")


@plante("I07")
def avant_qui_finit_apres(j: Jardin) -> Iterator[Attendue]:
    j.exige(_33(j))
    p = j.libre("participants")
    i = next((i for i in _immersions(j, p) if i["moment"] == "avant" and id(i) not in j.pris), None)
    if i is None:
        raise Impossible
    i["date_fin"] = p["date_entree"]
    yield Attendue("I07", "immersions", i, "date_fin")
