"""B, D, O of what is spent and paid: dates of payment and service, credit notes, parts, salaries, adjustments."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal

from retours import noms
from retours.cadre import LE
from retours.plantes import Attendue, Jardin, plante
from retours.saisies import Ligne

_JOUR = timedelta(days=1)
_CENT = Decimal("0.01")
_PLAN, _DEPENSES, _AJUSTEMENT, _A_JOUR, _SALAIRES = "plan", "depenses", "ajustement", "a_jour", "salaires"


def simple(j: Jardin) -> Callable[[Ligne], bool]:
    """Whether an expense has nothing particular: no decision, no service, no credit note from or to it."""
    linked = {row.get("facture_liee") for row in j.f.tables["depenses"]}
    special = ("decision", "prestation_du", "facture_liee", "montant_retenu")
    return lambda d: not any(nom in d for nom in special) and d["document"] not in linked


def _cree(j: Jardin, **valeurs: object) -> Ligne:
    """A small expense more, on a line of charges."""
    model = j.libre("depenses", lambda d: d["ligne_budget"][0] in "FX" and simple(j)(d))
    own = {nom: model[nom] for nom in ("date_piece", "ligne_budget", "fournisseur")}
    known = {"document": f"Z-{len(j.f.tables['depenses'])}", "montant": _CENT, "justificatif": True}
    return j.ajoute("depenses", **(own | {"date_paiement": model["date_piece"]} | known | valeurs))


@plante("B17", "personnel")
def quotite_et_heures(j: Jardin) -> Iterator[Attendue]:
    first = j.libre("personnel", lambda p: "quotite" in p)
    hours = (Decimal("1.01") - first["quotite"]) * 1607
    own = {nom: first[nom] for nom in ("salarie", "role")}
    row = j.ajoute("personnel", **own, code="S7", taux_horaire=Decimal(0), heures=hours.quantize(Decimal(1)) + 1)
    yield Attendue("B17", "personnel", row, "heures")


@plante("B18", _AJUSTEMENT)
def ajustement_sans_motif(j: Jardin) -> Iterator[Attendue]:
    j.f.operation["ajustement"] = -_CENT
    j.f.operation.pop("motif_ajustement", None)
    yield Attendue("B18", "operation", None, "motif_ajustement")


@plante("B19", _AJUSTEMENT)
def ajustement_au_dela_du_vote(j: Jardin) -> Iterator[Attendue]:
    j.exige("subvention_votee" in j.f.operation)
    j.f.operation |= {"ajustement": Decimal(99_999), "motif_ajustement": noms.texte(j.rng, "ajustement")}
    yield Attendue("B19", "operation", None, "ajustement")


@plante("O23", _PLAN)
def avance_au_dela(j: Jardin) -> Iterator[Attendue]:
    o = j.f.operation
    o["avance"] = (o.get("subvention_votee") or o["subvention_demandee"]) + _CENT
    yield Attendue("O23", "operation", None, "avance")


@plante("O24", _PLAN)
def vote_au_dela(j: Jardin) -> Iterator[Attendue]:
    o = j.f.operation
    o["subvention_votee"] = o["subvention_demandee"] + _CENT
    yield Attendue("O24", "operation", None, "subvention_votee")


@plante("D08", _DEPENSES)
def paiement_non_date(j: Jardin) -> Iterator[Attendue]:
    j.exige(j.f.terminee)
    row = j.libre("depenses", simple(j))
    del row["date_paiement"]
    yield Attendue("D08", "depenses", row, "date_paiement")


@plante("D09", _DEPENSES)
def payee_demain(j: Jardin) -> Iterator[Attendue]:
    row = j.libre("depenses", simple(j))
    row["date_paiement"] = LE + _JOUR
    yield Attendue("D09", "depenses", row, "date_paiement")


@plante("D10", _DEPENSES)
def service_commence_trop_tot(j: Jardin) -> Iterator[Attendue]:
    row = j.libre("depenses", simple(j))
    row |= {"prestation_du": j.f.debut - _JOUR, "prestation_au": j.f.debut}
    yield Attendue("D10", "depenses", row, "prestation_du")


@plante("D11", _DEPENSES)
def service_a_l_envers(j: Jardin) -> Iterator[Attendue]:
    row = j.libre("depenses", simple(j))
    row |= {"prestation_du": j.f.debut + _JOUR, "prestation_au": j.f.debut}
    yield Attendue("D11", "depenses", row, "prestation_au")


@plante("D12", _DEPENSES)
def avoir_sans_facture(j: Jardin) -> Iterator[Attendue]:
    row = _cree(j, montant=-_CENT)
    yield Attendue("D12", "depenses", row, "facture_liee")


@plante("D13", _DEPENSES)
def avoir_trop_grand(j: Jardin) -> Iterator[Attendue]:
    facture = j.libre("depenses", simple(j))
    own = {nom: facture[nom] for nom in ("ligne_budget", "fournisseur", "date_piece")}
    row = _cree(j, **own, facture_liee=facture["document"], montant=-facture["montant"] - _CENT)
    yield Attendue("D13", "depenses", row, "montant")


@plante("D14", _DEPENSES)
def piece_sur_deux_lignes(j: Jardin) -> Iterator[Attendue]:
    first = _cree(j, ligne_budget="F1")
    row = j.ajoute("depenses", **(first | {"ligne_budget": "F2"}))
    yield Attendue("D14", "depenses", row, "document")


@plante("D15", _DEPENSES)
def piece_partagee(j: Jardin) -> Iterator[Attendue]:
    row = j.ajoute("depenses", **(_cree(j) | {"montant": 2 * _CENT}))
    yield Attendue("D15", "depenses", row, "document")


@plante("D16", _DEPENSES)
def part_plus_grande_que_le_tout(j: Jardin) -> Iterator[Attendue]:
    row = j.libre("depenses", simple(j))
    row |= {"montant_retenu": row["montant"] + _CENT, "motif_decision": noms.texte(j.rng, "motif")}
    yield Attendue("D16", "depenses", row, "montant_retenu")


@plante("D17", _SALAIRES)
def salaire_dans_les_depenses(j: Jardin) -> Iterator[Attendue]:
    code = j.libre("salaires")["ligne_budget"]
    row = _cree(j, ligne_budget=code)
    yield Attendue("D17", "depenses", row, "ligne_budget")


@plante("D18", _SALAIRES)
def mois_en_double(j: Jardin) -> Iterator[Attendue]:
    row = j.ajoute("salaires", **(j.libre("salaires") | {"brut": Decimal(1), "cotisations": None, "quotite": _CENT}))
    yield Attendue("D18", "salaires", row, "mois")


@plante("D19", "personnel")
def quotites_du_mois(j: Jardin) -> Iterator[Attendue]:
    salary = j.libre("salaires")
    staff = next(p for p in j.f.tables["personnel"] if p["code"] == salary["ligne_budget"])
    j.ajoute("personnel", **(staff | {"code": "S6", "debut": j.f.debut, "brut": Decimal(0), "quotite": Decimal(0)}))
    for nom in ("cotisations", "taxes", "aides", "debut", "fin"):
        j.f.tables["personnel"][-1].pop(nom, None)
    share = Decimal("1.01") - salary["quotite"]
    own = {"ligne_budget": "S6", "brut": Decimal(0), "quotite": share, "cotisations": None, "aides": None}
    row = j.ajoute("salaires", **(salary | own))
    yield Attendue("D19", "salaires", row, "quotite")


@plante("D20", _A_JOUR)
def depenses_apres_la_mise_a_jour(j: Jardin) -> Iterator[Attendue]:
    j.f.operation["a_jour_au"] = j.f.debut - _JOUR
    yield Attendue("D20", "operation", None, "a_jour_au")
