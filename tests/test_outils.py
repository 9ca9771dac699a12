"""The words that rules share, and when they speak at all."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import cas as cases
import pytest
from cas import Cas
from modeles import rangee

from aap_xl import francais
from aap_xl.appels.model import Appel
from aap_xl.cells import Cell, Origin
from aap_xl.domain import facts
from aap_xl.domain.regles import tools
from aap_xl.rows import TABLES, Charge, Depense, Heure, Participant, Personnel, Row

FEVRIER, MARS = date(2025, 2, 1), date(2025, 3, 31)


@pytest.mark.parametrize(
    ("du", "au", "dit"),
    [
        (FEVRIER, MARS, "du 01/02/2025 au 31/03/2025"),
        (FEVRIER, None, "depuis le 01/02/2025"),
        (None, MARS, "jusqu'au 31/03/2025"),
        (None, None, ""),
    ],
)
def test_a_period_is_said_by_what_is_known_of_it(du: date | None, au: date | None, dit: str) -> None:
    assert francais.periode(du, au) == dit


@pytest.mark.parametrize(
    ("valeur", "dit"),
    [("3.50", "3,5"), ("10", "10"), ("100", "100"), ("0.00", "0"), ("-1.20", "-1,2"), ("1E+2", "100"), (7, "7")],
)
def test_numbers_have_french_decimals_and_no_trailing_zero(valeur: str | int, dit: str) -> None:
    assert francais.nombre(Decimal(valeur)) == dit
    assert francais.pourcent(Decimal(valeur) / 100) == f"{dit} %"


@pytest.mark.parametrize(
    ("texte", "dit"),
    [
        ("a  b\n c", "« a b c »"),
        ("« a »", "« “ a ” »"),
        ("x" * 60, f"« {'x' * 60} »"),
        ("x" * 61, f"« {'x' * 59}… »"),
    ],
)
def test_what_is_quoted_is_short_and_on_one_line(texte: str, dit: str) -> None:
    assert francais.cite(texte) == dit


@pytest.mark.parametrize(
    ("combien", "choix", "dit"),
    [
        (1, ["A"], "« A »"),
        (2, ["A", "B"], "« A » ou « B »"),
        (3, ["A", "B", "C"], "« A », « B » ou « C »"),
    ],
)
def test_a_few_choices_are_all_named(combien: int, choix: Sequence[str], dit: str) -> None:
    assert len(choix) == combien
    assert tools.au_choix(choix) == dit


def test_of_many_choices_the_others_are_counted() -> None:
    few = [f"N{n}" for n in range(tools._PEU)]
    assert tools.au_choix(few).count("«") == tools._PEU
    shown, left = tools._PREMIERS, tools._PEU + 1 - tools._PREMIERS
    many = tools.au_choix([*few, "de plus"])
    assert many.endswith(f"ou l'un des {left} autres (feuille « Listes »)")
    assert many.count("«") == shown + 1
    assert tools.au_choix([*few, "de plus"], "").endswith(f"ou l'un des {left} autres")


@pytest.mark.parametrize(
    ("combien", "dit"), [(0, "0 ligne lue"), (1, "1 ligne lue"), (2, "2 lignes lues"), (12, "12 lignes lues")]
)
def test_plurals_begin_at_two(combien: int, dit: str) -> None:
    assert francais.compte(combien, "ligne", "lue") == dit


@pytest.mark.parametrize(("mots", "dit"), [("a", "a"), ("ab", "a et b"), ("abc", "a, b et c")])
def test_words_are_joined_as_french_does(mots: str, dit: str) -> None:
    assert francais.enumere(mots) == dit
    assert francais.enumere(mots, "ou") == dit.replace(" et ", " ou ")


@pytest.mark.parametrize(
    ("row", "champ", "valeur", "dit"),
    [
        (Depense, "montant", Decimal("1234.5"), "1 234,50 €"),
        (Depense, "montant", Decimal("0.005"), "0,005"),
        (Depense, "montant", None, ""),
        (Depense, "date_piece", MARS, "31/03/2025"),
        (Depense, "justificatif", True, "Oui"),
        (Depense, "justificatif", False, "Non"),
        (Depense, "document", "FA-1", "FA-1"),
        (Personnel, "quotite", Decimal("0.125"), "12,5 %"),
        (Heure, "travail", Decimal("3.50"), "3,5"),
        (Participant, "situation", "cdi", "CDI"),
    ],
)
def test_a_value_is_shown_as_its_sheet_does(row: type[Row], champ: str, valeur: Any, dit: str, appel37: Appel) -> None:
    shown = tools.montre(rangee(row, **{champ: valeur}), champ, cases.base(appel37))
    assert shown.replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ") == dit


@pytest.mark.parametrize(
    ("le", "du", "au", "dehors"),
    [
        (FEVRIER, FEVRIER, MARS, False),
        (MARS, FEVRIER, MARS, False),
        (date(2025, 1, 31), FEVRIER, MARS, True),
        (date(2025, 4, 1), FEVRIER, MARS, True),
        (date(2025, 4, 1), FEVRIER, None, False),
        (date(2025, 1, 1), None, MARS, False),
        (None, FEVRIER, MARS, False),
    ],
)
def test_bounds_are_included_and_unknown_ones_exclude_nothing(
    le: date | None, du: date | None, au: date | None, dehors: bool
) -> None:
    assert tools.hors(le, du, au) is dehors


@pytest.mark.parametrize(
    ("fin", "connues"), [("2025-03-01", True), ("2025-02-28", False), ("2026-02-28", True), ("", True)]
)
def test_an_operation_that_ends_before_it_starts_bounds_nothing(appel33: Appel, fin: str, connues: bool) -> None:
    day = date.fromisoformat(fin) if fin else ""
    d = cases.donnees(appel33, Cas("", "3.3", "", [], operation={"date_debut": date(2025, 3, 1), "date_fin": day}))
    assert tools.bornes(d) == ((date(2025, 3, 1), day or None) if connues else (None, None))


def test_a_repeated_key_is_told_with_the_first_that_had_it() -> None:
    rows = [rangee(Participant, code=code) for code in ("a", "b", "a", None, None, "a")]
    assert list(tools.doublons(rows, lambda p: p.code)) == [(rows[2], rows[0]), (rows[5], rows[0])]
    assert tools.groupes(rows, lambda p: p.code) == {"a": [rows[0], rows[2], rows[5]], "b": [rows[1]]}


@pytest.mark.parametrize("table", TABLES)
def test_a_sheet_without_headers_silences_its_own_table_alone(appel33: Appel, table: str) -> None:
    feuille = TABLES[table].feuille
    missing = (
        facts.FeuilleAbsente(Cell(feuille)),
        facts.EntetesAbsents(Cell(feuille), premiers=("Code",), table=table),
        facts.VersionAnterieure(Cell(), classeur=1, appel=2, feuilles=(feuille,), colonnes=()),
    )
    for fait in missing:
        dossier = cases.base(appel33)
        dossier.faits = (fait,)
        assert [nom for nom in TABLES if tools.perdue(dossier, nom)] == [table]
        assert not tools.perdue(dossier, "operation")
        assert tools.feuille_lue(dossier, table) is False


@pytest.mark.parametrize(("lignes", "nom"), [(0, "Charges"), (1, "CHARGES 2025"), (2, "CHARGES 2025")])
def test_a_sheet_is_named_as_in_the_file(lignes: int, nom: str, appel33: Appel) -> None:
    d = cases.base(appel33)
    d.tables = {"charges": [rangee(Charge, origin=Origin("CHARGES 2025", {"code": 1})) for _ in range(lignes)]}
    assert tools.feuille(d, "charges") == Cell(nom)


def test_a_field_that_the_file_lacks_is_not_blank(appel33: Appel) -> None:
    absent = Cas("", "3.3", "", [], absentes=[{"table": "participants", "champs": ["brsa"]}])
    d = cases.donnees(appel33, absent)
    person = rangee(Participant, origin=d.participants[0].origin)
    assert not tools.vide(person, "brsa", d)
    assert tools.vide(person, "nom", d)
    assert not tools.vide(rangee(Participant, origin=person.origin, illisibles=frozenset({"nom"})), "nom", d)
    assert not tools.utilise(person, "logement_dabord", d)  # 3.3 does not ask for it
    assert tools.utilise(rangee(Participant), "brsa", d)  # rows without a file have every column of the call
