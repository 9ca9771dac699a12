"""Worksheet functions: the domain's answers, on columns as Excel gives them, and a French text for anything else."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from functools import partial
from inspect import signature
from pathlib import Path
from typing import Any

import moteur
import pytest
import xlwings_windows
from generator import dossier
from hypothesis import given, settings
from hypothesis import strategies as st
from modeles import rangee, variante

from aap_xl.appels.loader import Catalogue
from aap_xl.appels.model import Appel
from aap_xl.appels.models import modele
from aap_xl.domain import budget, public, sorties
from aap_xl.domain.bilan import Tableau
from aap_xl.domain.computed import CALCULS
from aap_xl.domain.solde import solde
from aap_xl.dossier import Dossier
from aap_xl.faces.live import functions, selection, versements
from aap_xl.faces.live.arguments import ArgumentRefuse, Lignes, cellule
from aap_xl.hosts.excel.reading import snapshot
from aap_xl.rows import TABLES, Nature, Participant, Row
from aap_xl.workbook.reading.columns import Colonne

WORKBOOKS = Path(__file__).parents[1] / "workbooks"
CODES = ("3.3", "3.7")
FUNCTIONS = sorted(name for name in vars(functions) if name.startswith("AAP_"))
SORTIE = ("situation", "debut_contrat", "fin_contrat", "mois_contrat", "precision", "valide_par")
CDD = "CDD (hors contrat aidé)"


def day(text: str) -> datetime:
    return datetime.fromisoformat(text)


def as_typed(appel: Appel, modele: type[Row], champ: str, value: Any) -> Any:
    """A value as its cell shows it."""
    if value is not None and modele.champs[champ].nature is Nature.CHOIX:
        return appel.libelle(modele.champs[champ].liste, value)
    return cellule(value)


def columns(appel: Appel, table: str, lines: Sequence[dict[str, Any]], names: Iterable[str]) -> list[Any]:
    """The columns of a table as Excel has them."""
    return [[[as_typed(appel, TABLES[table], name, line.get(name))] for line in lines] for name in names]


def down(cells: Iterable[Any]) -> list[list[Any]]:
    return [[cellule(cell)] for cell in cells]


@pytest.fixture(params=[(code, seed) for code in CODES for seed in (1, 4)], ids=lambda p: f"{p[0]}-{p[1]}")
def genere(request: pytest.FixtureRequest, catalogue: Catalogue) -> Any:
    code, seed = request.param
    return dossier(catalogue.get(code, 2025), seed)


def test_classes_are_those_of_the_decision_table(genere: Any) -> None:
    lines = genere.tables["participants"]
    undated = {"classe_forcee": None, "date_sortie": None, "rupture_contrat": None}
    out = [rangee(Participant, **line | undated, illisibles=frozenset({"date_sortie"})) for line in lines]
    classes = [sorties.classe_sortie(p, genere.appel).classe for p in out]
    blank = [all(line.get(name) is None for name in SORTIE) for line in lines]
    cells = columns(genere.appel, "participants", lines, SORTIE)
    code = genere.appel.identite.code
    wanted = [None if b else sorties.libelle_classe(genere.appel, c) for b, c in zip(blank, classes, strict=True)]
    assert functions.AAP_CLASSE_SORTIE(code, *cells) == down(wanted)
    assert len(set(wanted)) > 4
    dynamic = [
        None if b else "À qualifier" if c is None else sorties.dynamique(genere.appel, c)
        for b, c in zip(blank, classes, strict=True)
    ]
    assert functions.AAP_SORTIE_DYNAMIQUE(code, *cells) == down(dynamic)


def test_with_the_exit_date_classes_are_those_of_the_sheet(genere: Any) -> None:
    lines = genere.tables["participants"]
    out = [rangee(Participant, **line | {"classe_forcee": None}) for line in lines]
    names = (*SORTIE, "date_sortie", "rupture_contrat")
    cells = columns(genere.appel, "participants", lines, names)
    left = [p.date_sortie is not None for p in out]
    classes = [sorties.classe_sortie(p, genere.appel).classe for p in out]
    wanted = [
        sorties.libelle_classe(genere.appel, c) if is_out else None for c, is_out in zip(classes, left, strict=True)
    ]
    code = genere.appel.identite.code
    assert functions.AAP_CLASSE_SORTIE(code, *cells) == down(wanted)
    assert functions.AAP_CLASSE_SORTIE(code, *cells[:-2]) != down(wanted)
    found = functions.AAP_SORTIE_DYNAMIQUE(code, *cells)
    assert [cell == "À qualifier" for (cell,) in found] == [word == "À qualifier" for word in wanted]


def test_a_line_without_an_exit_date_is_blank_where_a_column_of_them_is_given() -> None:
    people, rest = [["CDI"], ["CDI"]], (None,) * 5
    out = [[day("2025-03-01")], [None]]
    assert functions.AAP_CLASSE_SORTIE("3.3", people, *rest, out) == [["Emploi durable"], [None]]
    assert functions.AAP_SORTIE_DYNAMIQUE("3.3", people, *rest, out) == [["Oui"], [None]]
    for nothing in (None, [[None]], [[""]]):
        assert functions.AAP_CLASSE_SORTIE("3.3", people, *rest, nothing) == down(["Emploi durable"] * 2)


def test_a_contract_of_no_month_is_to_be_settled() -> None:
    months = [[-1], [0], [1], [5], [6]]
    classes = ["À qualifier", "À qualifier", *["Emploi de transition"] * 2, "Emploi durable"]
    assert functions.AAP_CLASSE_SORTIE("3.3", "CDD", None, None, months) == down(classes)
    dynamic = ["À qualifier", "À qualifier", "Oui", "Oui", "Oui"]
    assert functions.AAP_SORTIE_DYNAMIQUE("3.3", "CDD", None, None, months) == down(dynamic)


def test_ages_and_public_are_those_of_the_domain(genere: Any) -> None:
    lines = genere.tables["participants"]
    rows = [rangee(Participant, **line) for line in lines]
    names = ("brsa", "date_naissance", "date_entree", "hebergement", "logement_dabord")
    cells = columns(genere.appel, "participants", lines, names)
    held = [public.eligible(p, genere.appel) for p in rows]
    found = functions.AAP_ELIGIBLE(genere.appel.identite.code, *cells)
    blank = [all(line.get(name) is None for name in names) for line in lines]
    wanted = [None if b else "À compléter" if h is None else h for b, h in zip(blank, held, strict=True)]
    assert found == down(wanted)
    ages = functions.AAP_AGE(cells[1], cells[2])
    known = [(age[0], public.age_entree(p)) for age, p in zip(ages, rows, strict=True) if isinstance(age[0], int)]
    assert known
    assert all(found == age for found, age in known)


def test_persons_and_stays_are_those_of_the_dashboard(genere: Any) -> None:
    """By code alone: the dashboard also joins the same identity under two codes, and counts lines without a code."""
    lines = [line for line in genere.tables["participants"] if line.get("code")]
    codes, entries = columns(genere.appel, "participants", lines, ("code", "date_entree"))
    entered = [line["code"].casefold() for line in lines if line.get("date_entree")]
    assert functions.AAP_PARCOURS(codes, entries) == len(entered)
    assert functions.AAP_PERSONNES(codes, entries) == len(set(entered)) < len(entered)
    assert functions.AAP_PERSONNES(codes) == len({line["code"].casefold() for line in lines})


ENTRIES = [["03/02/2025"], [None], [day("2025-09-01")], [None]]


@pytest.mark.parametrize(
    ("codes", "entries", "persons", "stays"),
    [
        (["K01", "K02", "k01 ", None], ENTRIES, 1, 2),
        (["K01", None, "K02", "K03"], ENTRIES, 2, 2),
        ([3.0, None, "3", None], ENTRIES, 1, 2),
        (["K01", "K02", None, None], [[None]] * 4, 0, 0),
        ([None] * 4, [[None]] * 4, None, None),
    ],
)
def test_persons_and_stays_of_columns(codes: list[Any], entries: list[Any], persons: Any, stays: Any) -> None:
    column = [[code] for code in codes]
    assert functions.AAP_PERSONNES(column, entries) == persons
    assert functions.AAP_PARCOURS(column, entries) == stays


def retained(ligne: budget.LigneBudget) -> Any:
    """What is shown for a planned line; one without a code can't be followed."""
    if ligne.code:
        return ligne.retenu
    return None if ligne.prevu is None else "Code ligne : à remplir"


def test_costs_and_retained_expenses_are_those_of_the_budget(genere: Any) -> None:
    donnees, code = replace(genere, tables={**genere.tables, "salaires": []}).donnees, genere.appel.identite.code
    names = ("brut", "cotisations", "taxes", "aides", "quotite", "taux_horaire", "heures")
    staff = columns(genere.appel, "personnel", genere.tables["personnel"], names)
    costs = [CALCULS["personnel", "prevu"](p, donnees) for p in donnees.personnel]
    found = functions.AAP_COUT_PERSONNEL(*staff)
    assert [cell[0] for cell in found if isinstance(cell[0], float)] == [
        cellule(cost) for cost in costs if cost is not None
    ]
    lignes = budget.lignes(donnees)
    planned = [down(item.code or None for item in lignes), down(item.prevu for item in lignes)]
    expenses = ("ligne_budget", "montant", "justificatif", "date_piece", "date_paiement", "decision")
    spent = columns(genere.appel, "depenses", genere.tables["depenses"], expenses)
    operation = donnees.operation
    terms = [cellule(value) for value in (operation.date_debut, operation.date_fin, operation.fongibilite)]
    more = columns(
        genere.appel, "depenses", genere.tables["depenses"], ("prestation_du", "prestation_au", "montant_retenu")
    )
    ends = [cellule(value) for value in (operation.date_bilan, operation.date_fin_convention)]
    found = functions.AAP_DEPENSE_RETENUE(code, *planned, *spent, *terms, *more, *ends)
    assert found == down(map(retained, lignes))
    directes = budget.directes(donnees)
    postes = down(item.libelle for item in genere.appel.budget.postes)
    flat = functions.AAP_CHARGES_INDIRECTES(code, postes, down(directes.values()))
    assert flat == float(budget.charges_indirectes(directes, genere.appel))


def test_a_call_that_caps_categories_has_no_amount_by_line(appel33: Appel) -> None:
    by_category = variante(appel33.budget, fongibilite=variante(appel33.budget.fongibilite, niveau="poste"))
    call = variante(appel33, budget=by_category)
    nothing: Lignes[Any] = Lignes((1, 1), [None])
    with pytest.raises(ArgumentRefuse, match="par poste"):
        versements.retenues(call, nothing, nothing, nothing)


def test_grants_and_balances_are_those_of_the_domain(genere: Any) -> None:
    found, code = solde(genere.donnees), genere.appel.identite.code
    amounts = [cellule(value) for value in (found.retenu, found.votee, found.taux, found.autres_ressources)]
    amounts.append(cellule(found.ajustement))
    assert functions.AAP_SUBVENTION(code, *amounts) == cellule(found.du)
    net = None if found.solde is None or found.a_reverser is None else found.solde - found.a_reverser
    assert functions.AAP_SOLDE(code, *amounts[:2], cellule(found.avance), *amounts[2:]) == cellule(net)


NAMED: list[tuple[str, tuple[Any, ...], Any]] = [
    ("AAP_CLASSE_SORTIE", ("3.3", CDD, "01/03/2025", "31/08/2025"), "Emploi durable"),
    ("AAP_CLASSE_SORTIE", ("3.3", CDD, "01/03/2025", "30/08/2025"), "Emploi de transition"),
    ("AAP_CLASSE_SORTIE", (3.3, CDD, 45717.0, day("2025-08-31")), "Emploi durable"),
    ("AAP_CLASSE_SORTIE", ("3.3-2025", CDD, None, None, "6,0"), "Emploi durable"),
    ("AAP_CLASSE_SORTIE", ("3,3 (2025)", CDD), "À qualifier"),
    ("AAP_CLASSE_SORTIE", ("3.3", CDD, "01/06/2025", None, 6, None, None, "01/03/2025"), "Emploi durable"),
    ("AAP_CLASSE_SORTIE", ("3.3", CDD, "02/06/2025", None, 6, None, None, "01/03/2025"), "À qualifier"),
    ("AAP_CLASSE_SORTIE", ("3.3", CDD, "01/02/2025", "01/03/2025", None, None, None, "01/03/2025"),
     "Emploi de transition"),
    ("AAP_CLASSE_SORTIE", ("3.3", CDD, "01/02/2025", "28/02/2025", None, None, None, "01/03/2025"), "À qualifier"),
    ("AAP_CLASSE_SORTIE", ("3.3", CDD, "01/02/2025", "28/02/2025"), "Emploi de transition"),
    ("AAP_CLASSE_SORTIE", ("3.3", "CDI", "31/12/2014", None, None, None, None, "01/03/2025"), "À qualifier"),
    ("AAP_CLASSE_SORTIE", ("3.3", "CDI", "01/01/2015", None, None, None, None, "01/03/2025"), "Emploi durable"),
    ("AAP_CLASSE_SORTIE", ("3.3", CDD, "01/03/2025", "31/08/2025", None, None, None, "01/03/2025", "15/04/2025"),
     "Emploi de transition"),
    ("AAP_SORTIE_DYNAMIQUE", ("3.3", "CDI", "31/12/2014", None, None, None, None, "01/03/2025"), "À qualifier"),
    ("AAP_CLASSE_SORTIE", ("3.3", None), None),
    ("AAP_CLASSE_SORTIE", ("3.3", "  "), None),
    ("AAP_SORTIE_DYNAMIQUE", ("3.7", "CDI", "2025-03-01"), "Oui"),
    ("AAP_SORTIE_DYNAMIQUE", ("3.7", CDD), "À qualifier"),
    ("AAP_AGE", ("12/03/1990", day("2025-03-11")), 34),
    ("AAP_AGE", ("12/03/1990", day("2025-03-12")), 35),
    ("AAP_AGE", ("12/03/1990", None), "À compléter"),
    ("AAP_AGE", (None, None), None),
    ("AAP_ELIGIBLE", ("3.3", "Oui"), "Oui"),
    ("AAP_ELIGIBLE", ("3.3", "non", "01/02/1999", "31/01/2025"), "Oui"),
    ("AAP_ELIGIBLE", ("3.3", "non", "31/01/1999", "31/01/2025"), "Non"),
    ("AAP_ELIGIBLE", ("3.3", "non"), "À compléter"),
    ("AAP_SESSION", ("3.3", "14/02/2025", "01/08/2025"), "Session 1"),
    ("AAP_SESSION", ("3.3", "15/02/2025", "01/08/2025"), "Aucune session"),
    ("AAP_SESSION", ("3.3", "14/02/2025", "02/08/2025"), "Aucune session"),
    ("AAP_DATE_BILAN", ("3.7", "31/12/2025"), day("2026-01-31")),
    ("AAP_DATE_BILAN", ("3.7", "31/12/2025", "30/11/2025"), day("2025-12-30")),
    ("AAP_COUT_PERSONNEL", ("1 234,50 €", "100", None, None, "50 %"), 667.25),
    ("AAP_COUT_PERSONNEL", (None, None, None, None, None, Decimal("15.5"), 2), 31.0),
    ("AAP_CHARGES_INDIRECTES", ("3.7", "Frais de personnel", 0.03), 0.01),
    ("AAP_CHARGES_INDIRECTES", ("3.7", "Prestations", 1000), 0.0),
    ("AAP_CHARGES_INDIRECTES", ("3.7", None, None), None),
    ("AAP_SUBVENTION", ("3.7", 90000, 80000), 50000.0),
    ("AAP_SUBVENTION", ("3.7", 90000, 40000, "40 %"), 36000.0),
    ("AAP_SUBVENTION", ("3.7", 90000, None), None),
    ("AAP_SOLDE", ("3.7", 10000, 40000, 12000), -2000.0),
    ("AAP_SOLDE", ("3.7", 10000, 40000, None), None),
    ("AAP_DEPENSE_RETENUE", ("3.3", "F1", 100, "f1", 150, "Oui"), 100.0),
    ("AAP_DEPENSE_RETENUE", ("3.3", "F1", 100, "F1", 50, None), 0.0),
    ("AAP_PERSONNES", ("K01",), 1),
    ("AAP_PERSONNES", (None,), None),
    ("AAP_PARCOURS", ("K01", day("2025-02-03"), "03/02/2025"), 1),
    ("AAP_PARCOURS", ("K01", None), 0),
    ("AAP_PARCOURS", (None, None, None), None),
]  # fmt: skip


@pytest.mark.parametrize(("name", "arguments", "expected"), NAMED)
def test_one_cell_gives_one_answer(name: str, arguments: tuple[Any, ...], expected: Any) -> None:
    assert getattr(functions, name)(*arguments) == expected


REFUSED: list[tuple[str, tuple[Any, ...], str]] = [
    (
        "AAP_CLASSE_SORTIE",
        ("9.9", "CDI"),
        "Appel : l'appel à projets 9.9 est inconnu ; appels disponibles : 3.3 (2025), 3.7 (2025).",
    ),
    (
        "AAP_CLASSE_SORTIE",
        ("3.3-1999", "CDI"),
        "Appel : l'appel à projets 3.3 de 1999 est inconnu ; appels disponibles : 3.3 (2025), 3.7 (2025).",
    ),
    ("AAP_CLASSE_SORTIE", (None, "CDI"), "Appel : indiquez l'appel à projets, par exemple 3.3"),
    ("AAP_CLASSE_SORTIE", ([["3.3"], ["3.7"]], "CDI"), "Appel : indiquez un seul nom"),
    ("AAP_CLASSE_SORTIE", ("#N/A", "CDI"), "Appel : cellule en erreur (#N/A)"),
    ("AAP_ANOMALIES", ("3.3", None, [["Nom"]]), "Tableau : indiquez Actions, Personnel, "),
    (
        "AAP_CLASSE_SORTIE",
        ("3.3", "CDD 5 mois"),
        "Situation à la sortie : « CDD 5 mois » n'est pas dans la liste ; choisissez « ",
    ),
    ("AAP_CLASSE_SORTIE", ("3.3", CDD, "abc"), "Début du contrat : « abc » n'est pas une date"),
    ("AAP_CLASSE_SORTIE", ("3.3", CDD, None, None, "six"), "Durée minimale (mois) : « six » n'est pas un nombre"),
    ("AAP_CLASSE_SORTIE", ("3.3", "#N/A"), "Situation à la sortie : cellule en erreur (#N/A)"),
    ("AAP_CLASSE_SORTIE", ("3.3", -2146826243), "Situation à la sortie : cellule en erreur (#ERREUR)"),
    ("AAP_AGE", ("30/02/1990", "01/01/2025"), "Date de naissance : « 30/02/1990 » n'est pas une date"),
    ("AAP_AGE", ("02/01/2025", "01/01/2025"), "Date de naissance : après la date d'entrée"),
    ("AAP_ELIGIBLE", ("3.3", "peut-être"), "BRSA : « peut-être » n'est ni Oui ni Non"),
    ("AAP_SESSION", ("3.3", "01/02/2025", None), "Date de début de l'opération : à remplir"),
    ("AAP_COUT_PERSONNEL", (1000,), "À revoir : salaire brut et quotité, ou bien taux horaire et heures, pas les deux"),
    ("AAP_COUT_PERSONNEL", (1000, 0, 0, 0, "50 %", 10, 10), "À revoir : salaire brut et quotité, ou bien taux"),
    ("AAP_COUT_PERSONNEL", ("mille",), "Salaire brut : « mille » n'est pas un nombre"),
    ("AAP_COUT_PERSONNEL", (1000, 0, 0, 0, "moitié"), "Quotité de temps : « moitié » n'est pas un pourcentage"),
    ("AAP_CHARGES_INDIRECTES", ("3.7", "Loyers", 10), "Poste : « Loyers » n'est pas dans la liste ; choisissez « "),
    ("AAP_CHARGES_INDIRECTES", ("3.7", [["Prestations"], [None]], [[1], [2]]), "Ligne 2 : Poste : à remplir"),
    ("AAP_SUBVENTION", ("3.7", None, 1000), "Dépenses retenues : à remplir"),
    ("AAP_PERSONNES", ([["K01"], ["#N/A"]],), "Ligne 2 : Code participant : cellule en erreur (#N/A)"),
    ("AAP_PERSONNES", ([["K01"]], [["x"]]), "Date d'entrée : « x » n'est pas une date"),
    ("AAP_PERSONNES", ([["K01"], ["K02"]], [["03/02/2025"]] * 3), "Les plages n'ont pas la même taille"),
    ("AAP_PARCOURS", ([["K01"], [None]], [[day("2025-02-03")]] * 2), "Ligne 2 : Code participant : à remplir"),
    ("AAP_PARCOURS", ("K01", None, "03/02/2025"), "Date d'entrée : à remplir"),
    ("AAP_PARCOURS", ("K01", "03/02/2025", "02/02/2025"), "Date de sortie : avant la date d'entrée"),
    (
        "AAP_DEPENSE_RETENUE",
        ("3.3", "F1", 100, [["F1"], ["F1"]], [[1], ["?"]], "Oui"),
        "Ligne 2 : Montant : « ? » n'est pas un nombre",
    ),
    (
        "AAP_ANOMALIES",
        ("3.3", "Paricipants", [["Nom"]]),
        "Tableau : « Paricipants » est inconnu ; essayez « Participants »",
    ),
    (
        "AAP_AGE",
        ([["01/01/1990"], ["01/01/1991"]], [["01/01/2025"]] * 3),
        "Les plages n'ont pas la même taille (Date de naissance : 2 lignes, Date d'entrée : 3 lignes)",
    ),
]


@pytest.mark.parametrize(("name", "arguments", "expected"), REFUSED)
def test_what_cannot_be_read_is_a_short_text(name: str, arguments: tuple[Any, ...], expected: str) -> None:
    found = getattr(functions, name)(*arguments)
    assert found.startswith(expected)
    assert len(found) <= 200


def test_only_the_cell_at_fault_shows_a_text() -> None:
    found = functions.AAP_AGE([["01/01/1990"], ["x"], [None]], day("2025-01-01"))
    assert found == [[35], ["Date de naissance : « x » n'est pas une date"], [None]]


def test_a_whole_column_of_excel_is_read_down_to_its_last_cell(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []
    really = Colonne.lire

    def counted(self: Colonne, cells: Sequence[Any]) -> list[Any]:
        read.append(len(cells))
        return really(self, cells)

    monkeypatch.setattr(Colonne, "lire", counted)
    found = functions.AAP_AGE([["01/01/1990"], [None], ["x"], *[[None]] * 10_000], day("2025-01-01"))
    assert len(found) == 10_003
    assert found[:4] == [[35], [None], ["Date de naissance : « x » n'est pas une date"], [None]]
    assert read == [3, 1]
    assert functions.AAP_AGE([[None]] * 3, "x") == [[None]] * 3


def test_anomalies_of_whole_columns_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(selection, "AREA_MAX", 15)
    assert functions.AAP_ANOMALIES("3.3", "Participants", SELECTION).startswith("Plage : trop grande")


BIRTHS = [["01/01/1990", None, "01/01/1991"]]


@pytest.mark.slow
def test_a_row_of_cells_gives_a_row() -> None:
    assert functions.AAP_AGE(BIRTHS, day("2025-01-01")) == [[35, None, 34]]
    (found,) = xlwings_windows.run([("AAP_AGE", [BIRTHS, [[day("2025-01-01")] * 3]])])
    assert found[0] == [35, "À compléter", 34]
    (found,) = xlwings_windows.run([("AAP_AGE", [BIRTHS, [[day("2025-01-01")]] * 3])])
    assert found[0].startswith("Les plages n'ont pas la même taille")


def test_a_failure_of_the_program_is_worded_without_any_value(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(public, "age_entree", lambda _: 1 / 0)
    found = functions.AAP_AGE("01/01/1990", "01/01/2025")
    assert found.startswith("Erreur du programme (ZeroDivisionError, ")
    assert "1990" not in found


CELLS = st.one_of(
    st.none(),
    st.booleans(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.decimals(-(10**14), 10**14, places=4),
    st.datetimes(min_value=datetime(1900, 1, 1)),  # noqa: DTZ001 - as in a sheet
    st.text(max_size=20),
    st.sampled_from(["Oui", "CDI", "#N/A", "F1", "3.3", "Prestations", "01/03/2025", "1 234,50 €", "1e400", "²"]),
)
"""What Excel may hand over for a cell."""
CALLS_OPTIONAL = {"AAP_AGE", "AAP_COUT_PERSONNEL", "AAP_PARCOURS", "AAP_PERSONNES"}


@settings(max_examples=150)
@given(name=st.sampled_from([name for name in FUNCTIONS if name != "AAP_BILAN"]), data=st.data())
@pytest.mark.slow
def test_no_cell_makes_a_function_fail(name: str, data: st.DataObject) -> None:
    function: Any = getattr(functions, name)
    call = [] if name in CALLS_OPTIONAL else ["3.7"]
    count = len(signature(function).parameters) - len(call)
    columns = data.draw(st.lists(st.lists(CELLS, min_size=2, max_size=2), min_size=count, max_size=count))
    found = function(*call, *([[cell] for cell in column] for column in columns))
    assert "Erreur du programme" not in str(found)
    if isinstance(found, list) and name != "AAP_ANOMALIES":
        assert [len(row) for row in found] == [1, 1]


@pytest.fixture(params=CODES)
def exemple(request: pytest.FixtureRequest, catalogue: Catalogue) -> Dossier:
    return Dossier.lire(WORKBOOKS / f"2025-{request.param}-exemple.xlsx", catalogue)


def sheet(dossier: Dossier, table: str) -> list[list[Any]]:
    """A table of a dossier as a selection: headers, then lines."""
    names = [n for n in dossier.appel.classeur.tables[table].colonnes if not TABLES[table].champs[n].calcule]
    lines = [
        [as_typed(dossier.appel, TABLES[table], n, getattr(row, n)) for n in names]
        for row in dossier.donnees.rows(table)
    ]
    return [[modele(dossier.appel, table).champs[name].entete for name in names], *lines]


def test_anomalies_of_a_table_alone_are_among_those_of_its_dossier(
    genere: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    donnees, appel = genere.donnees, genere.appel
    monkeypatch.setattr(functions, "today", lambda: genere.aujourdhui)
    for rows in donnees.tables.values():
        for line, row in enumerate(rows, 2):
            row.ligne = line
    whole = Dossier(Path("dossier.xlsx"), donnees)
    counted = 0
    for table, model in TABLES.items():
        if table not in appel.classeur.tables or not donnees.rows(table):
            continue
        cells = sheet(whole, table)
        found = functions.AAP_ANOMALIES(appel.identite.code, model.feuille, cells)
        told = {(line[5], line[3]) for line in found[1:]} if len(found) > 1 else set()
        known = {(item.code, item.message) for item in whole.anomalies}
        reading = {"F10", "F12", "F05", "F06", "F14"}
        reading |= {"P15"}  # what lies outside the operation's dates is told otherwise, where they are known
        counted += len(told)
        assert {pair for pair in told if pair[0] not in reading} <= known, table
    assert counted > 20


SELECTION = [
    ["Suivi", None, None, None],
    ["Code participant", "Date de naissance", "Date d'entrée", "Date de sortie"],
    ["A1", day("1990-01-01"), day("2025-03-01"), day("2025-02-01")],
    ["A2", "avant-hier", day("2025-03-01"), None],
]


def test_an_anomaly_says_its_line_and_its_column_in_the_selection() -> None:
    found = functions.AAP_ANOMALIES("3.3", "participants", SELECTION)
    assert found[0] == ["Ligne", "Colonne", "Gravité", "Message", "Article", "Règle"]
    told = {(line[0], line[1], line[5]) for line in found[1:]}
    assert {(3, "Date de sortie", "P03"), (4, "Date de naissance", "F05")} <= told
    assert all(len(line) == 6 and line[3] and line[4] for line in found[1:])
    assert "F02" not in {line[5] for line in found[1:]}


def test_a_selection_without_its_headers_says_so() -> None:
    found = functions.AAP_ANOMALIES("3.3", "Participants", [["A1", "x"], ["A2", "y"]])
    assert (found[1][0], found[1][5]) == (None, "F02")
    assert found[1][3].startswith("la colonne « Code participant, Nom, Prénom… » est absente")
    assert not {line[5] for line in found[1:]} - {"F02", "F17"}


def test_a_clean_table_says_so() -> None:
    headers = [["Date", "Nature du lien", "Entreprise ou partenaire", "Participants concernés", "Objet"]]
    line = [[day("2025-03-01"), "Visite d'entreprise", "Entreprise inventée", 3, "Visite"]]
    assert functions.AAP_ANOMALIES("3.3", "Partenaires", headers + line) == [["Aucune anomalie"]]


def test_a_nir_is_told_and_never_quoted() -> None:
    nir = "1 85 05 78 006 084 91"
    found = functions.AAP_ANOMALIES("3.3", "Participants", [*SELECTION, [nir, None, nir, None]])
    assert "R01" in {line[5] for line in found[1:]}
    shown = [
        str(found),
        str(functions.AAP_AGE(nir, "01/01/2025")),
        str(functions.AAP_CHARGES_INDIRECTES("3.7", nir, 1)),
    ]
    shown += [functions.AAP_CLASSE_SORTIE(nir, "CDI"), functions.AAP_ANOMALIES("3.3", nir, SELECTION)]
    assert all("006" not in text and "NIR masqué" in text for text in shown)


def appelante(chemin: Path) -> Any:
    """What reads a workbook open in the test engine."""
    book = moteur.ouvrir(chemin)
    return partial(snapshot, book), book.impl.journal


@pytest.mark.slow
def test_a_table_of_the_bilan_is_that_of_the_file(exemple: Dossier) -> None:
    caller, _ = appelante(WORKBOOKS / exemple.chemin.name)
    listed = functions.AAP_BILAN(None, None, caller)
    assert listed[1:] == [[tableau.cle, tableau.titre] for tableau in exemple.tableaux]
    first, *others = exemple.tableaux
    assert functions.AAP_BILAN(first.titre.upper(), None, caller) == shown(first)
    opened = selection.dossier(caller).tableaux
    assert [selection.bilan(opened, tableau.cle) for tableau in others] == [shown(tableau) for tableau in others]


def test_several_tables_of_the_bilan_take_one_reading(exemple: Dossier) -> None:
    caller, journal = appelante(WORKBOOKS / exemple.chemin.name)
    functions.AAP_BILAN("solde", None, caller)
    once = dict(journal)
    journal.clear()
    found = functions.AAP_BILAN([["solde"], [None], ["ressources"]], None, caller)
    assert dict(journal) == once
    tables = {tableau.cle: shown(tableau) for tableau in exemple.tableaux}
    wanted = [["solde"], *tables["solde"], [], ["ressources"], *tables["ressources"]]
    assert [[cell for cell in row if cell is not None] for row in found] == [
        [cell for cell in row if cell is not None] for row in wanted
    ]
    assert len({len(row) for row in found}) == 1


def shown(tableau: Tableau) -> list[list[Any]]:
    """A table as it spills."""
    lines = [*tableau.lignes, *([tableau.total] if tableau.total else [])]
    return [[colonne.titre for colonne in tableau.colonnes], *([cellule(value) for value in line] for line in lines)]


def test_a_bilan_that_cannot_be_shown_says_why(tmp_path: Path) -> None:
    caller, _ = appelante(WORKBOOKS / "2025-3.3-exemple.xlsx")
    assert functions.AAP_BILAN("sodle", None, caller) == "Tableau du bilan : « sodle » est inconnu ; essayez « solde »"
    import openpyxl  # noqa: PLC0415

    openpyxl.Workbook().save(tmp_path / "autre.xlsx")
    other, _ = appelante(tmp_path / "autre.xlsx")
    assert functions.AAP_BILAN("solde", None, other).startswith("« autre.xlsx » n'est pas un classeur aap_xl")


@pytest.fixture(scope="module")
def windows() -> dict[tuple[str, int], tuple[Any, Any, list[int]]]:
    """Every named case, as one-cell ranges and as columns, through xlwings' own conversion."""
    formulas = [(name, [[[value]] for value in arguments]) for name, arguments, _ in NAMED]
    found = xlwings_windows.run(formulas)
    return {(name, rank): (NAMED[rank][2], *found[rank]) for rank, (name, _) in enumerate(formulas)}


def from_excel(cell: Any) -> Any:
    """A cell as it was before xlwings wrote it: ``""`` for nothing, a date with the time zone pywin32 wants."""
    return cell.replace(tzinfo=None) if isinstance(cell, datetime) else None if cell == "" else cell


def test_every_named_case_goes_through_xlwings_conversion(windows: dict[Any, Any]) -> None:
    assert {name for name, _ in windows} == set(FUNCTIONS) - {"AAP_ANOMALIES", "AAP_BILAN"}
    for key, (expected, found, reads) in windows.items():
        assert from_excel(found) == expected, key
        assert set(reads) == {1}, key


@pytest.mark.slow
def test_columns_blanks_errors_and_omitted_arguments_through_xlwings() -> None:
    births = [["12/03/1990"], [day("1990-03-13")], ["#N/A"], ["#SPILL!"], [None], [Decimal(32944)], [32944]]
    missing = xlwings_windows.MISSING
    ages, session, retained, told = xlwings_windows.run(
        [
            ("AAP_AGE", [births, [[day("2025-03-12")]]]),
            ("AAP_DATE_BILAN", ["3.3", [[day("2025-12-31")], [None]], missing]),
            ("AAP_DEPENSE_RETENUE", ["3.3", [["F1"], ["F2"]], [[100], [50]], "F2", 70, "Oui", *[missing] * 6]),
            ("AAP_ANOMALIES", ["3.3", "Participants", SELECTION]),
        ]
    )
    error = "Date de naissance : cellule en erreur"
    assert ages == ([[35], [34], [f"{error} (#N/A)"], [f"{error} (#ERREUR)"], [""], [35], [35]], [1, 1])
    assert [from_excel(row[0]) for row in session[0]] == [day("2026-01-31"), None]
    assert retained[0] == [[0.0], [50.0]]
    assert told[0][0][0] == "Ligne"
    assert len({len(row) for row in told[0]}) == 1


@pytest.mark.slow
def test_the_calling_cell_says_which_workbook_is_read() -> None:
    ((found, _),) = xlwings_windows.run([("AAP_BILAN", [[["solde"]], xlwings_windows.MISSING, None])])
    assert found.startswith(f"« {xlwings_windows.CLASSEUR} » n'est pas un classeur aap_xl")
