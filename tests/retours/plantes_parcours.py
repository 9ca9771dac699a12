"""A, and what the calls ask of each stay, of the plan and of joint files."""

from collections.abc import Iterator
from decimal import Decimal

from retours import noms
from retours.cadre import JOUR, LE, SEMAINE
from retours.gens import appel_33, semaines_de, sorti
from retours.plantes import Attendue, Jardin, plante
from retours.saisies import Ligne

_OBJECTIFS = "objectifs"
_PARTENAIRE = "partenaire"


def _sejour(j: Jardin, champ: str) -> Ligne:
    """Someone untouched who left, of a call that has that column."""
    j.exige(champ in j.f.appel.classeur.tables["participants"].colonnes)
    return j.libre("participants", lambda p: sorti(p) and champ in p)


@plante("A01")
def plus_emarge_que_prevu(j: Jardin) -> Iterator[Attendue]:
    p = _sejour(j, "demi_journees_emargees")
    p["demi_journees_emargees"] = p["demi_journees_prevues"] + 1
    yield Attendue("A01", "participants", p, "demi_journees_emargees")


@plante("A02")
def emargement_oublie(j: Jardin) -> Iterator[Attendue]:
    p = _sejour(j, "demi_journees_emargees")
    del p["demi_journees_emargees"]
    yield Attendue("A02", "participants", p, "demi_journees_emargees")


@plante("A03")
def demi_journees_en_trop(j: Jardin) -> Iterator[Attendue]:
    p = _sejour(j, "demi_journees_emargees")
    p["demi_journees_prevues"] = 2 * (p["date_sortie"] - p["date_entree"]).days + 3
    yield Attendue("A03", "participants", p, "demi_journees_prevues")


@plante("A04")
def rien_d_emarge(j: Jardin) -> Iterator[Attendue]:
    p = _sejour(j, "demi_journees_emargees")
    p["demi_journees_emargees"] = 0
    yield Attendue("A04", "participants", p, "demi_journees_emargees")


@plante("P26")
def non_selectionnee(j: Jardin) -> Iterator[Attendue]:
    j.exige(appel_33(j))
    p = j.libre("participants")
    p["selection_slai"] = j.rng.choice((False, None))
    yield Attendue("P26", "participants", p, "selection_slai")


@plante("P27")
def objectif_sans_resultat(j: Jardin) -> Iterator[Attendue]:
    p = _sejour(j, "resultat")
    champ = j.rng.choice(("objectif", "resultat"))
    del p[champ]
    yield Attendue("P27", "participants", p, champ)


@plante("P28")
def point_muet(j: Jardin) -> Iterator[Attendue]:
    p = _sejour(j, "constat_point")
    del p["constat_point"]
    yield Attendue("P28", "participants", p, "constat_point")


def _ailleurs(j: Jardin) -> str:
    """A territory that the form does not declare."""
    declared = j.f.operation["autres_mds"]
    return next(m.code for m in j.f.appel.mds if m.code != j.f.operation["mds"] and m.libelle not in declared)


@plante("P29", "mds")
def personne_d_ailleurs(j: Jardin) -> Iterator[Attendue]:
    j.exige(appel_33(j))
    p = j.libre("participants")
    p["mds"] = _ailleurs(j)
    yield Attendue("P29", "participants", p, "mds")


@plante("O26", "mds")
def action_d_ailleurs(j: Jardin) -> Iterator[Attendue]:
    j.exige(appel_33(j) and not j.f.operation["enveloppe_conjoncturelle"])
    a = j.libre("actions")
    a["mds"] = _ailleurs(j)
    yield Attendue("O26", "actions", a, "mds")


@plante("O27", _OBJECTIFS)
def plus_vise_que_dynamique(j: Jardin) -> Iterator[Attendue]:
    j.exige(appel_33(j))
    j.f.operation["objectif_visees"] = j.f.operation["objectif_dynamiques"] + 1
    yield Attendue("O27", "operation", None, "objectif_visees")


@plante("O28", _OBJECTIFS)
def plus_vise_que_prevu(j: Jardin) -> Iterator[Attendue]:
    j.f.operation["objectif_dynamiques"] = j.f.operation["personnes_prevues"] + 1
    yield Attendue("O28", "operation", None, "objectif_dynamiques")


@plante("O29", _PARTENAIRE)
def part_oubliee(j: Jardin) -> Iterator[Attendue]:
    j.exige(j.f.operation.get("part_associee"))
    champ = j.rng.choice(("structure_associee", "siret_associee", "part_associee"))
    del j.f.operation[champ]
    yield Attendue("O29", "operation", None, champ)


@plante("O30", _PARTENAIRE)
def siret_du_partenaire(j: Jardin) -> Iterator[Attendue]:
    j.exige(j.f.operation.get("siret_associee"))
    siret = j.f.operation["siret_associee"]
    j.f.operation["siret_associee"] = j.rng.choice((siret[:-1], siret[:-1] + str((int(siret[-1]) + 1) % 10)))
    yield Attendue("O30", "operation", None, "siret_associee")


@plante("B27", _PARTENAIRE)
def part_trop_grande(j: Jardin) -> Iterator[Attendue]:
    j.exige(j.f.operation.get("part_associee"))
    j.f.operation["part_associee"] = Decimal(9_999_999)
    yield Attendue("B27", "operation", None, "part_associee")


@plante("B26", "plan")
def fonction_absente(j: Jardin) -> Iterator[Attendue]:
    j.exige(j.f.appel.budget.roles_requis)
    row = j.libre("personnel", lambda p: p.get("role") in j.f.appel.budget.roles_requis)
    row["role"] = "autre"
    yield Attendue("B26", "personnel")


@plante("P30")
def frein_inconnu(j: Jardin) -> Iterator[Attendue]:
    p = j.libre("participants", lambda p: "freins_entree" in p)
    p["freins_entree"] = j.rng.choice((f"Mobilité ; {noms.texte(j.rng, 'frein')}", "Aucun ; Budget"))
    yield Attendue("P30", "participants", p, "freins_entree")


@plante("P31")
def apres_oublie(j: Jardin) -> Iterator[Attendue]:
    p = _sejour(j, "freins_sortie")
    champ = j.rng.choice(("freins_entree", "employabilite_entree", "hebergement_sortie", "employabilite_sortie"))
    del p[champ]
    yield Attendue("P31", "participants", p, champ)


@plante("P32")
def phase_mal_datee(j: Jardin) -> Iterator[Attendue]:
    p = j.libre("participants", lambda p: "phase" in p)
    p["date_phase"] = j.rng.choice((None, p["date_entree"] - JOUR))
    yield Attendue("P32", "participants", p, "date_phase")


def _derniere(j: Jardin) -> Ligne:
    """The last week of someone who has several."""
    j.exige("heures" in j.f.tables)
    return j.libre("heures", lambda h: len(found := semaines_de(j, h)) > 1 and found[-1] is h)


@plante("H07")
def heures_en_baisse(j: Jardin) -> Iterator[Attendue]:
    h = _derniere(j)
    before = semaines_de(j, h)[-2]
    j.exige(before["travail"] > 4)
    h["travail"] = before["travail"] - Decimal("0.25")
    h["encadrement"] = min(h["encadrement"], h["travail"])
    yield Attendue("H07", "heures", h, "travail")


@plante("H08")
def semaine_a_venir(j: Jardin) -> Iterator[Attendue]:
    j.exige("heures" in j.f.tables and j.f.fin > LE)
    p = j.libre("participants", lambda p: not sorti(p))
    lundi = LE - LE.weekday() * JOUR + SEMAINE
    h = j.ajoute("heures", participant=p["code"], semaine=lundi, travail=Decimal(20))
    yield Attendue("H08", "heures", h, "semaine")


def _longue(j: Jardin, heures: str) -> Ligne:
    h = _derniere(j)
    h["travail"] = Decimal(heures)
    return h


@plante("H09")
def au_dela_de_trente_cinq(j: Jardin) -> Iterator[Attendue]:
    h = _longue(j, "35.25")
    yield Attendue("H05", "heures", h, "travail")
    yield Attendue("H09", "heures", h, "travail")


@plante("H10")
def au_dela_de_quarante_huit(j: Jardin) -> Iterator[Attendue]:
    h = _longue(j, "48.25")
    yield Attendue("H05", "heures", h, "travail")
    yield Attendue("H10", "heures", h, "travail")


@plante("H11", "heures-de-personne")
def personne_sans_heure(j: Jardin) -> Iterator[Attendue]:
    j.exige("heures" in j.f.tables and not any(id(h) in j.pris for h in j.f.tables["heures"]))
    p = j.libre("participants", lambda p: sorti(p) or p["date_entree"] + 14 * JOUR <= LE)
    j.f.tables["heures"] = [h for h in j.f.tables["heures"] if h["participant"] != p["code"]]
    yield Attendue("H11", "participants", p, "code")


@plante("H12")
def plus_encadre_que_present(j: Jardin) -> Iterator[Attendue]:
    j.exige("heures" in j.f.tables)
    h = j.libre("heures", lambda h: "encadrement_equipe" not in h and h["travail"] < 9)
    h["encadrement"] = h["travail"] + Decimal("0.25")
    yield Attendue("H12", "heures", h, "encadrement")


@plante("H13")
def plus_recu_que_donne(j: Jardin) -> Iterator[Attendue]:
    j.exige("heures" in j.f.tables)
    h = j.libre("heures", lambda h: "accompagnement_equipe" in h)
    week = [o for o in j.f.tables["heures"] if o["semaine"] == h["semaine"]]
    j.exige(not any(id(o) in j.pris for o in week if o is not h))
    h["accompagnement"] = sum((o.get("accompagnement_equipe", Decimal(0)) for o in week), Decimal("0.25"))
    yield Attendue("H13", "heures", h, "accompagnement")
