"""O, B, C, D: the form, the actions, the budget, the committees, the expenses."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

from retours import noms
from retours.cadre import Faits, mois_apres
from retours.plantes import Attendue, Jardin, plante
from retours.plantes_argent import simple
from retours.saisies import Saisi, lu

_JOUR = timedelta(days=1)
_PLAN, _DATES, _COMITES, _DEPENSES = "plan", "dates", "comites", "depenses"


def _form(j: Jardin, code: str, champ: str, valeur: Any) -> Iterator[Attendue]:
    j.exige(champ in j.f.appel.classeur.operation)
    j.f.operation[champ] = valeur
    yield Attendue(code, "operation", None, champ)


def _de(j: Jardin, code: str) -> Faits:
    """The dossier, if its call is the one. Raises: Impossible."""
    j.exige(j.f.appel.identite.code == code)
    return j.f


@plante("O01")
def intitule_oublie(j: Jardin) -> Iterator[Attendue]:
    yield from _form(j, "O01", "intitule", None)


@plante("O02")
def siret_faux(j: Jardin) -> Iterator[Attendue]:
    siret = j.f.operation["siret"]
    yield from _form(j, "O02", "siret", siret[:-1] + str((int(siret[-1]) + 5) % 10))


@plante("O03")
def forme_inconnue(j: Jardin) -> Iterator[Attendue]:
    yield from _form(j, "O03", "forme", "autre")


@plante("O04")
def sans_agrement(j: Jardin) -> Iterator[Attendue]:
    yield from _form(j, "O04", "agrement_aci", False)


@plante("O05")
def depot_hors_session(j: Jardin) -> Iterator[Attendue]:
    yield from _form(j, "O05", "date_depot", mois_apres(j.f.debut, 0).replace(month=3, day=1))


@plante("O06", _DATES, seule=True)
def fin_avant_debut(j: Jardin) -> Iterator[Attendue]:
    j.exige(j.f.terminee)
    for row in j.f.tables["personnel"]:
        row["debut"] = row["fin"] = None
    for row in j.f.tables["depenses"]:
        row.pop("decision", None)
        row.pop("montant_retenu", None)
    _sans_ajustement(j)
    j.f.inevitables.clear()
    yield from _form(j, "O06", "date_fin", j.f.debut - _JOUR)


@plante("O07", _DATES)
def trop_longue(j: Jardin) -> Iterator[Attendue]:
    j.exige(not j.f.terminee)
    yield from _form(j, "O07", "date_fin", mois_apres(j.f.debut, 12))


@plante("O08", "avis")
def avis_defavorable(j: Jardin) -> Iterator[Attendue]:
    yield from _form(j, "O08", "avis_convergence", "defavorable")


@plante("O09")
def sans_besoin(j: Jardin) -> Iterator[Attendue]:
    _de(j, "3.3").operation["secteur"] = None
    yield from _form(j, "O09", "besoin_recrutement", None)


@plante("O10")
def sans_validation(j: Jardin) -> Iterator[Attendue]:
    yield from _form(j, "O10", "validation_employeurs", j.rng.choice((False, None)))


@plante("O11", _PLAN)
def plafond_depasse(j: Jardin) -> Iterator[Attendue]:
    f = _de(j, "3.7")
    departement, prive, propres = f.tables["ressources"]
    rest = departement["prevu"] + prive["prevu"] + propres["prevu"] - Decimal("50000.01")
    j.exige(rest > 0)
    departement["prevu"], prive["prevu"], propres["prevu"] = Decimal("50000.01"), Decimal(0), rest
    yield from _form(j, "O11", "subvention_demandee", Decimal("50000.01"))


@plante("O12")
def trop_de_personnes_prevues(j: Jardin) -> Iterator[Attendue]:
    _de(j, "3.7")
    yield from _form(j, "O12", "personnes_prevues", 16)


@plante("O13")
def formation_ailleurs(j: Jardin) -> Iterator[Attendue]:
    f = _de(j, "3.3")
    f.operation["enveloppe_conjoncturelle"] = True
    other = next(m.code for m in f.appel.mds if m.code != f.operation["mds"])
    yield from _form(j, "O13", "mds_formation", other)


def _action(j: Jardin, debut: Any, fin: Any, code: str = "Z1") -> dict[str, Any]:
    f = _de(j, "3.3")
    dates = {"date_debut": debut, "date_fin": fin}
    return j.ajoute(
        "actions", code=code, metier=noms.texte(j.rng, "métier"), mds=f.tables["actions"][0]["mds"], **dates
    )


@plante("O14")
def action_avant_l_operation(j: Jardin) -> Iterator[Attendue]:
    row = _action(j, j.f.debut - _JOUR, j.f.debut + 12 * _JOUR, "Z14")
    yield Attendue("O14", "actions", row, "date_debut")


@plante("O15")
def action_de_quatre_jours(j: Jardin) -> Iterator[Attendue]:
    row = _action(j, j.f.debut, j.f.debut + 3 * _JOUR, "Z15")
    yield Attendue("O15", "actions", row, "date_fin")


@plante("O16", "mds")
def mds_inconnue(j: Jardin) -> Iterator[Attendue]:
    yield from _form(j, "O16", "mds", Saisi("Lille"))


@plante("O16", "mds")
def autre_mds_inconnue(j: Jardin) -> Iterator[Attendue]:
    yield from _form(j, "O16", "autres_mds", f"Ternois ; {noms.MARQUE}")


@plante("O17")
def action_a_l_envers(j: Jardin) -> Iterator[Attendue]:
    row = _action(j, j.f.debut + 9 * _JOUR, j.f.debut + _JOUR, "Z17")
    yield Attendue("O17", "actions", row, "date_fin")


@plante("O18", _DATES)
def bilan_en_retard(j: Jardin) -> Iterator[Attendue]:
    j.exige(j.f.terminee)
    yield from _form(j, "O18", "date_bilan", mois_apres(j.f.fin, 1) + _JOUR)


@plante("O19")
def action_en_double(j: Jardin) -> Iterator[Attendue]:
    row = _action(j, j.f.debut, j.f.debut + 11 * _JOUR, "a1")
    yield Attendue("O19", "actions", row, "code")


@plante("O20")
def rubrique_vide(j: Jardin) -> Iterator[Attendue]:
    row = j.libre("redactions")
    row["texte"] = None
    yield Attendue("O20", "redactions", row, "texte")


@plante("O21", "a_jour")
def a_jour_demain(j: Jardin) -> Iterator[Attendue]:
    yield from _form(j, "O21", "a_jour_au", mois_apres(j.f.debut, 13))


@plante("O22", "avis")
def avis_sans_date(j: Jardin) -> Iterator[Attendue]:
    yield from _form(j, "O22", "date_avis_convergence", None)


@plante("O22", "avis")
def avis_apres_le_debut(j: Jardin) -> Iterator[Attendue]:
    yield from _form(j, "O22", "date_avis_convergence", j.f.debut + _JOUR)


@plante("B01", _PLAN)
def remise_d_un_centime(j: Jardin) -> Iterator[Attendue]:
    libelle = noms.texte(j.rng, "remise")
    row = j.ajoute("charges", code="N1", poste="prestations", libelle=libelle, prevu=Decimal("-0.01"))
    yield Attendue("B01", "charges", row, "prevu")


def _sans_ajustement(j: Jardin) -> None:
    """What is due becomes nothing: nothing to adjust."""
    for nom in ("ajustement", "motif_ajustement"):
        j.f.operation.pop(nom, None)


@plante("B02", "ajustement")
def taux_negatif(j: Jardin) -> Iterator[Attendue]:
    _sans_ajustement(j)
    yield from _form(j, "B02", "taux_intervention", Decimal("-0.1"))


@plante("B03", "personnel")
def quotites_de_trop(j: Jardin) -> Iterator[Attendue]:
    first = j.libre("personnel", lambda p: "quotite" in p)
    share = Decimal("1.01") - first["quotite"]
    row = j.ajoute("personnel", **(first | {"code": "S9", "brut": Decimal(0), "quotite": share}))
    for nom in ("cotisations", "taxes", "aides"):
        row.pop(nom, None)
    yield Attendue("B03", "personnel", row, "quotite")


@plante("B04")
def affectation_trop_tot(j: Jardin) -> Iterator[Attendue]:
    row = j.libre("personnel", lambda p: "debut" in p)
    row["debut"] = j.f.debut - _JOUR
    yield Attendue("B04", "personnel", row, "debut")


@plante("B05")
def fonction_inconnue(j: Jardin) -> Iterator[Attendue]:
    _de(j, "3.7")
    row = j.libre("personnel")
    row["role"] = Saisi(noms.texte(j.rng, "comptable"))
    yield Attendue("B05", "personnel", row, "role")


@plante("B06")
def forfait_a_la_main(j: Jardin) -> Iterator[Attendue]:
    j.f.retouches.budget["C11"] = Decimal(9000)
    yield Attendue("B06", feuille="Budget", adresse="C11")


@plante("B07", _PLAN)
def plan_desequilibre(j: Jardin) -> Iterator[Attendue]:
    j.f.tables["ressources"][-1]["prevu"] += Decimal("0.02")
    yield Attendue("B07", "ressources")


@plante("B08", _PLAN)
def votee_au_dela_du_total(j: Jardin) -> Iterator[Attendue]:
    total = sum((row["prevu"] for row in j.f.tables["ressources"]), Decimal(0))
    yield from _form(j, "B08", "subvention_votee", total + Decimal("0.01"))
    yield Attendue("O24", "operation", None, "subvention_votee")
    if j.f.appel.identite.code == "3.7" and total >= 50_000:
        yield Attendue("O11", "operation", None, "subvention_votee")


@plante("B09")
def outil_pedagogique(j: Jardin) -> Iterator[Attendue]:
    _de(j, "3.3")
    row = j.libre("charges")
    row["outil_pedagogique"] = True
    yield Attendue("B09", "charges", row, "outil_pedagogique")


@plante("B10", _PLAN)
def aides_deux_fois(j: Jardin) -> Iterator[Attendue]:
    j.exige(any(row.get("aides") for row in j.f.tables["personnel"]))
    row = j.f.tables["ressources"][1]
    row["type"] = "aides_emploi"
    yield Attendue("B10", "ressources", row, "type")


@plante("B11", "charges")
def code_de_ligne_repris(j: Jardin) -> Iterator[Attendue]:
    row = j.ajoute("charges", code="s1", poste="prestations", libelle=noms.texte(j.rng, "doublon"), prevu=Decimal(0))
    yield Attendue("B11", "charges", row, "code")


@plante("B12", _PLAN)
def cout_incalculable(j: Jardin) -> Iterator[Attendue]:
    role = lu(j.f.tables["personnel"][0].get("role"))
    row = j.ajoute("personnel", code="S8", salarie=f"{noms.nom(j.rng)}-8", role=role)
    j.exige(role)
    yield Attendue("B12", "personnel", row, "quotite")


@plante("B13", _PLAN)
def demande_et_ressource(j: Jardin) -> Iterator[Attendue]:
    for nom in ("subvention_votee", "avance"):
        j.f.operation.pop(nom, None)
    yield from _form(j, "B13", "subvention_demandee", j.f.operation["subvention_demandee"] - 1000)


@plante("B14", _PLAN)
def realise_oublie(j: Jardin) -> Iterator[Attendue]:
    row = j.libre("ressources", lambda r: r.get("realise") is not None)
    row["realise"] = None
    yield Attendue("B14", "ressources", row, "realise")


@plante("B15")
def sans_base_horaire(j: Jardin) -> Iterator[Attendue]:
    yield from _form(j, "B15", "base_heures", None)


@plante("B16", _DEPENSES)
def montant_au_millieme(j: Jardin) -> Iterator[Attendue]:
    row = j.libre("depenses", lambda d: d["montant"] > 3 and simple(j)(d))
    row["montant"] = int(row["montant"]) - 1 + Decimal("0.005")
    yield Attendue("B16", "depenses", row, "montant")


@plante("C01", _COMITES)
def comite_manquant(j: Jardin) -> Iterator[Attendue]:
    rows = j.f.tables["comites"]
    if j.f.appel.identite.code == "3.3":
        del rows[0]
    else:
        rows.clear()
    yield Attendue("C01", "comites")


@plante("C02", _COMITES)
def tableau_non_envoye(j: Jardin) -> Iterator[Attendue]:
    _de(j, "3.3")
    row = j.libre("comites")
    row["tableau_envoye"] = None
    yield Attendue("C02", "comites", row, "tableau_envoye")


@plante("C03", _COMITES)
def slai_absent(j: Jardin) -> Iterator[Attendue]:
    row = j.libre("comites")
    row["slai"] = False
    yield Attendue("C03", "comites", row, "slai")


@plante("C04", _COMITES)
def comite_trop_tot(j: Jardin) -> Iterator[Attendue]:
    jour = j.f.debut - _JOUR
    row = j.ajoute("comites", date_reunion=jour, slai=True, composition=noms.texte(j.rng, "composition"))
    if "tableau_envoye" in j.f.appel.classeur.tables["comites"].colonnes:
        row["tableau_envoye"] = jour
    j.exige("Comités" not in j.f.retouches.feuilles)
    yield Attendue("C04", "comites", row, "date_reunion")


@plante("C05", "partenaires")
def sans_job_dating(j: Jardin) -> Iterator[Attendue]:
    j.exige(j.f.appel.operation.liens_requis)
    for row in j.f.tables["partenaires"]:
        row["nature"] = "visite"
    yield Attendue("C05", "partenaires")


@plante("D01", _DEPENSES)
def ligne_non_prevue(j: Jardin) -> Iterator[Attendue]:
    row = j.libre("depenses", simple(j))
    row["ligne_budget"] = noms.MARQUE
    yield Attendue("D01", "depenses", row, "ligne_budget")


@plante("D02", _DEPENSES)
def piece_trop_tot(j: Jardin) -> Iterator[Attendue]:
    row = j.libre("depenses", simple(j))
    row["date_piece"] = j.f.debut - _JOUR
    yield Attendue("D02", "depenses", row, "date_piece")


@plante("D03", _DEPENSES)
def sans_justificatif(j: Jardin) -> Iterator[Attendue]:
    row = j.libre("depenses", simple(j))
    row["justificatif"] = j.rng.choice((False, None))
    yield Attendue("D03", "depenses", row, "justificatif")


@plante("D04", _DEPENSES)
def ligne_depassee(j: Jardin) -> Iterator[Attendue]:
    f = j.f
    row = j.libre("depenses", lambda d: d["ligne_budget"][0] in "FX" and simple(j)(d))
    charge = next(c for c in f.tables["charges"] if c["code"] == row["ligne_budget"])
    ceiling = charge["prevu"] * (1 + (f.operation.get("fongibilite") or 0))
    cents = int(ceiling * 100 + Decimal("0.5"))
    row["montant"] = Decimal(cents) / 100 + Decimal("0.01")
    yield Attendue("D04", "charges", charge, "code")


@plante("D05", _DEPENSES)
def piece_en_double(j: Jardin) -> Iterator[Attendue]:
    first = min(filter(simple(j), j.f.tables["depenses"]), key=lambda d: d["montant"])
    row = j.ajoute("depenses", **(first | {"document": first["document"].lower().replace("-", " ")}))
    yield Attendue("D05", "depenses", row, "document")


@plante("D07", _DEPENSES)
def refus_sans_motif(j: Jardin) -> Iterator[Attendue]:
    row = j.libre("depenses", simple(j))
    row["decision"] = "refusee"
    yield Attendue("D07", "depenses", row, "motif_decision")
