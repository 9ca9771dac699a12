"""P: the people."""

from collections.abc import Callable, Iterator
from datetime import date

from retours import noms
from retours.cadre import JOUR, LE, mois_apres
from retours.gens import SUIVI, appel_33, efface, immersions_de, sans_contrat, sorti, suivi_stable
from retours.parcours import ne, nouvelle_personne
from retours.plantes import Attendue, Jardin, plante
from retours.saisies import Ligne, Saisi

_BRSA = "brsa"


@plante("P01")
def code_en_double(j: Jardin) -> Iterator[Attendue]:
    p = j.libre("participants", lambda p: p["brsa"] is True)
    row = nouvelle_personne(j.f, j.rng, p, code=p["code"].lower())
    j.pris.add(id(row))
    yield Attendue("P01", "participants", row, "code")


def _revient(p: Ligne, le: date) -> Ligne:
    """What changes of a stay that begins another day, perhaps its last."""
    change = {"date_entree": le, "date_phase": le, "demi_journees_prevues": 2, "demi_journees_emargees": 1}
    return {nom: valeur for nom, valeur in change.items() if nom in p}


@plante("P02")
def revenu_le_jour_de_sa_sortie(j: Jardin) -> Iterator[Attendue]:
    p = j.libre("participants", lambda p: sorti(p) and "date_point" in p and p["date_sortie"] > p["date_entree"])
    row = j.ajoute("participants", **(p | _revient(p, p["date_sortie"]) | {"date_point": p["date_sortie"]}))
    yield Attendue("P02", "participants", row, "date_entree")


@plante("P02")
def revenu_sans_etre_sorti(j: Jardin) -> Iterator[Attendue]:
    p = j.libre("participants", lambda p: not sorti(p) and p["date_entree"] < LE - 7 * JOUR)
    j.ajoute("participants", **(p | _revient(p, p["date_entree"] + 7 * JOUR)))
    yield Attendue("P02", "participants", p, "date_sortie")


@plante("P16")
def deux_codes(j: Jardin) -> Iterator[Attendue]:
    p = j.libre("participants", lambda p: p.get("prenom"))
    row = j.ajoute("participants", **(p | {"code": "W999", "nom": p["nom"].upper()}))
    yield Attendue("P16", "participants", row, "nom")


def _presque(j: Jardin, champ: str, permis: Callable[[Ligne], bool], change: Callable[[Ligne], Ligne]) -> Attendue:
    """Someone else, but for almost nothing: as present, as counted."""
    p = j.libre("participants", lambda p: p["brsa"] is True and p.get("prenom") and permis(p))
    j.exige(appel_33(j) or len(j.f.tables["participants"]) < 8)
    row = j.ajoute("participants", **(p | {"code": "W998"} | change(p)))
    for table in {"immersions", "heures"} & j.f.tables.keys():
        theirs = [other for other in j.f.tables[table] if other["participant"] == p["code"]]
        j.exige(j.pris.isdisjoint(map(id, theirs)))
        j.f.tables[table] += [other | {"participant": "W998"} for other in theirs]
    return Attendue("P16", "participants", row, champ)


@plante("P16", _BRSA)
def nom_et_prenom_inverses(j: Jardin) -> Iterator[Attendue]:
    yield _presque(j, "nom", lambda _: True, lambda p: {"nom": p["prenom"], "prenom": p["nom"]})


@plante("P16", _BRSA)
def une_lettre_de_trop(j: Jardin) -> Iterator[Attendue]:
    yield _presque(j, "nom", lambda _: True, lambda p: {"prenom": p["prenom"] + "s"})


@plante("P16", _BRSA)
def jour_et_mois_inverses(j: Jardin) -> Iterator[Attendue]:
    def change(p: Ligne) -> Ligne:
        ne = p["date_naissance"]
        return {"date_naissance": date(ne.year, ne.day, ne.month)}

    def permis(p: Ligne) -> bool:
        ne: date = p["date_naissance"]
        return ne.day <= 12 and ne.day != ne.month and ne.year < 1997

    yield _presque(j, "date_naissance", permis, change)


@plante("P16", _BRSA)
def nom_de_naissance(j: Jardin) -> Iterator[Attendue]:
    usage = noms.nom(j.rng) + "y"
    yield _presque(j, "nom", lambda _: True, lambda p: {"nom": usage, "autre_nom": p["nom"].lower()})


@plante("P17")
def premiers_janvier(j: Jardin) -> Iterator[Attendue]:
    rows = [j.libre("participants", lambda p: p["brsa"] is True and p["date_naissance"].year < 1993) for _ in range(2)]
    for p in rows:
        p["date_naissance"] = date(p["date_naissance"].year, 1, 1)
    first = next(p for p in j.f.tables["participants"] if any(p is row for row in rows))
    yield Attendue("P17", "participants", first, "date_naissance")


@plante("P03")
def sortie_avant_entree(j: Jardin) -> Iterator[Attendue]:
    def permis(p: Ligne) -> bool:
        if not sorti(p) or p["date_entree"] == j.f.debut:
            return False
        return not appel_33(j) or suivi_stable(p, -(p["date_sortie"] - p["date_entree"]).days - 1)

    p = j.libre("participants", permis)
    sans_contrat(p)
    p["date_sortie"] = p["date_entree"] - JOUR
    yield Attendue("P03", "participants", p, "date_sortie")


@plante("P04")
def hors_public(j: Jardin) -> Iterator[Attendue]:
    if appel_33(j):
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
    j.exige(appel_33(j) and len(j.f.tables["actions"]) > 2)
    action = j.f.tables["actions"][0]
    j.exige(not any(id(p) in j.pris for p in j.f.tables["participants"]))
    _minorite(j, action)
    people = j.f.tables["participants"]
    j.exige(2 * sum(p["brsa"] is True for p in people) > len(people))
    yield Attendue("P05", "actions", action, "code")


@plante("P06", _BRSA, seule=True)
def brsa_minoritaires_partout(j: Jardin) -> Iterator[Attendue]:
    j.exige(appel_33(j) and len(j.f.tables["actions"]) > 1 and not j.f.revenus)
    for action in j.f.tables["actions"]:
        if _minorite(j, action):
            yield Attendue("P05", "actions", action, "code")
    yield Attendue("P06", "participants")


@plante("P07")
def entree_trop_tot(j: Jardin) -> Iterator[Attendue]:
    p = j.libre("participants", lambda p: p["date_entree"] - j.f.debut < 20 * JOUR)
    p["date_entree"] = j.f.debut - JOUR
    for i in immersions_de(j, p):
        if i.get("moment") == "avant":
            i["date_debut"], i["date_fin"] = j.f.debut - 12 * JOUR, j.f.debut - 8 * JOUR
    yield Attendue("P07", "participants", p, "date_entree")


@plante("P08")
def sortie_trop_tard(j: Jardin) -> Iterator[Attendue]:
    j.exige(j.f.terminee and mois_apres(j.f.fin + JOUR, 6) > LE)
    p = j.libre("participants", sorti)
    efface(p, [*SUIVI, "valide_par"])
    sans_contrat(p)
    p["date_sortie"] = j.f.fin + JOUR
    yield Attendue("P08", "participants", p, "date_sortie")


@plante("P09")
def sans_point(j: Jardin) -> Iterator[Attendue]:
    p = j.libre("participants", lambda p: sorti(p) and "date_point" in p)
    p["date_point"] = None
    yield Attendue("P09", "participants", p, "date_point")


@plante("P10")
def trop_age(j: Jardin) -> Iterator[Attendue]:
    p = j.libre("participants", lambda p: p["brsa"] is True)
    p["date_naissance"] = date(1930, 1, 1) + j.rng.randrange(300) * JOUR
    yield Attendue("P10", "participants", p, "date_naissance")


@plante("P11")
def brsa_trop_jeune(j: Jardin) -> Iterator[Attendue]:
    p = j.libre("participants", lambda p: p["brsa"] is True)
    p["date_naissance"] = ne(j.rng, p["date_entree"], 21)
    yield Attendue("P11", "participants", p, "brsa")


@plante("P12", _BRSA)
def action_inconnue(j: Jardin) -> Iterator[Attendue]:
    j.exige(appel_33(j))
    people = j.f.tables["participants"]
    p = j.libre("participants", lambda p: p["brsa"] is False and sum(o["action"] == p["action"] for o in people) > 1)
    p["action"] = "Z99"
    yield Attendue("P12", "participants", p, "action")


@plante("P13")
def sortie_hors_action(j: Jardin) -> Iterator[Attendue]:
    j.exige(appel_33(j))
    ends = {a["code"]: a["date_fin"] for a in j.f.tables["actions"]}

    def permis(p: Ligne) -> bool:
        end = ends.get(p["action"])
        if not sorti(p) or end is None or end + JOUR > min(j.f.fin, LE):
            return False
        later = (end + JOUR - p["date_sortie"]).days
        le = p.get("date_suivi")
        early = le is not None and le < (mois_apres(end + JOUR, 6) if p.get("contact_suivi") == "fait" else end + JOUR)
        return not early and (suivi_stable(p, later) or "contact_suivi" in p)

    p = j.libre("participants", permis)
    sans_contrat(p)
    p["date_sortie"] = ends[p["action"]] + JOUR
    yield Attendue("P13", "participants", p, "date_sortie")


@plante("P14")
def mds_inconnue(j: Jardin) -> Iterator[Attendue]:
    p = j.libre("participants")
    p["mds"] = Saisi(noms.texte(j.rng, "Lille"))
    yield Attendue("P14", "participants", p, "mds")


@plante("P15")
def entree_de_demain(j: Jardin) -> Iterator[Attendue]:
    j.exige(appel_33(j) and j.f.fin > LE)
    ends = {a["code"]: a["date_fin"] for a in j.f.tables["actions"]}
    p = j.libre("participants", lambda p: p["brsa"] is True and not sorti(p) and ends.get(p["action"], LE) > LE)
    j.exige(all(i.get("moment") == "avant" for i in immersions_de(j, p)))
    p["date_entree"], p["demi_journees_prevues"] = LE + JOUR, 2
    yield Attendue("P15", "participants", p, "date_entree")


@plante("P15")
def sortie_de_demain(j: Jardin) -> Iterator[Attendue]:
    j.exige(not appel_33(j) and j.f.fin > LE)
    p = j.libre("participants", lambda p: not sorti(p))
    p |= {"date_point": p["date_entree"], "date_sortie": LE + JOUR, "situation": "sans_solution"}
    p |= {"hebergement_sortie": "rue", "freins_sortie": "Santé", "employabilite_sortie": "n1"}
    yield Attendue("P15", "participants", p, "date_sortie")
