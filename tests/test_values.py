"""Cells as people and spreadsheets leave them, and what they are read as."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aap_xl.appels.model import Appel, Element
from aap_xl.texte import normaliser, plus_proche, slips
from aap_xl.workbook.reading import numbers, values
from aap_xl.workbook.reading.xlsx.formats import Shown, as_shown

LE = dt.date(2025, 10, 15)
MARS = dt.date(2025, 3, 1)


@pytest.mark.parametrize(
    ("cell", "expected", "compris"),
    [
        (MARS, MARS, ""),
        (dt.datetime.fromisoformat("2025-03-01T12:00"), MARS, "01/03/2025"),
        (dt.datetime.fromisoformat("2025-03-01T00:00"), MARS, ""),
        ("01/03/2025", MARS, "01/03/2025"),
        ("1/3/25", MARS, "01/03/2025"),
        ("01.03.2025", MARS, "01/03/2025"),
        ("01-03-2025", MARS, "01/03/2025"),
        ("01 03 2025", MARS, "01/03/2025"),
        ("2025-03-01", MARS, "01/03/2025"),
        ("2025-03-01T00:00:00", MARS, "01/03/2025"),
        ("2025-03-01 08:30:00", MARS, "01/03/2025"),
        ("1er mars 2025", MARS, "01/03/2025"),
        ("Samedi 1er mars 2025", MARS, "01/03/2025"),
        ("1 Mars 2025", MARS, "01/03/2025"),
        ("01-mars-25", MARS, "01/03/2025"),
        ("3 févr. 2025", dt.date(2025, 2, 3), "03/02/2025"),
        ("le 15 août 2025", dt.date(2025, 8, 15), "15/08/2025"),
        ("  01/03/2025\u00a0", MARS, "01/03/2025"),
        ("\u200e01/03/\u200b2025\u202c", MARS, "01/03/2025"),
        (45717.0, MARS, "01/03/2025"),
        (45717, MARS, "01/03/2025"),
        ("45717", MARS, "01/03/2025"),
        ("12/05/85", dt.date(1985, 5, 12), "12/05/1985"),
        ("12/05/04", dt.date(2004, 5, 12), "12/05/2004"),
        ("12/05/35", dt.date(2035, 5, 12), "12/05/2035"),
        ("12/05/36", dt.date(1936, 5, 12), "12/05/1936"),
        ("12/05/00", dt.date(2000, 5, 12), "12/05/2000"),
        ("12/05/99", dt.date(1999, 5, 12), "12/05/1999"),
        ("2025/03/01", MARS, "01/03/2025"),
        ("2025.3.1", MARS, "01/03/2025"),
        ("1 / 3 / 2025", MARS, "01/03/2025"),
        ("01/03/2025 08h30", MARS, "01/03/2025"),
        ("01/03/2025 08:30:00", MARS, "01/03/2025"),
        ("dimanche 2 mars 2025", dt.date(2025, 3, 2), "02/03/2025"),
        (10_000, dt.date(1927, 5, 18), "18/05/1927"),
        (73_050, dt.date(2099, 12, 31), "31/12/2099"),
        ("29/02/2024", dt.date(2024, 2, 29), "29/02/2024"),
        ("   ", None, ""),
    ],
)
def test_dates(cell: Any, expected: dt.date | None, compris: str) -> None:
    assert values.jour(cell, LE) == (expected, compris)


MOIS = (
    ("janvier", "janv.", "jan"),
    ("février", "févr.", "fév"),
    ("mars", "mar."),
    ("avril", "avr."),
    ("mai",),
    ("juin",),
    ("juillet", "juil."),
    ("août", "aout"),
    ("septembre", "sept.", "sep"),
    ("octobre", "oct."),
    ("novembre", "nov."),
    ("décembre", "déc."),
)


@pytest.mark.parametrize(("rang", "nom"), [(rang, nom) for rang, noms in enumerate(MOIS, 1) for nom in noms])
def test_months_by_their_names(rang: int, nom: str) -> None:
    assert values.jour(f"5 {nom} 2025", LE)[0] == dt.date(2025, rang, 5)


@pytest.mark.parametrize(("le", "annee"), [(dt.date(2025, 1, 1), 2035), (dt.date(2026, 1, 1), 2036)])
def test_a_year_of_two_digits_is_at_most_ten_years_ahead(le: dt.date, annee: int) -> None:
    assert values.jour(f"12/05/{annee % 100}", le)[0] == dt.date(annee, 5, 12)
    assert values.jour(f"12/05/{annee % 100 + 1}", le)[0] == dt.date(annee - 99, 5, 12)


@pytest.mark.parametrize(
    "cell",
    [
        9_999,
        73_051,
        "9999",
        "03/25/2025",
        "29/02/2025",
        "mars 2025",
        "2025",
        2025.0,
        0,
        -5,
        1e300,
        True,
        "bientôt",
        "1/2/3/4",
        dt.time(8),
        "31/04/25",
    ],
)
def test_what_is_no_date_is_never_guessed(cell: Any) -> None:
    with pytest.raises(numbers.Illisible, match="une date"):
        values.jour(cell, LE)


def test_serial_numbers_of_the_1904_system() -> None:
    assert values.jour(45717.0 - 1462, LE, depuis_1904=True)[0] == MARS


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (12.5, "12.5"),
        (1234, "1234"),
        (0.1 + 0.2, "0.3"),
        ("12,5", "12.5"),
        ("12.5", "12.5"),
        ("1 234,50 €", "1234.50"),
        ("1\u00a0234,50\u00a0€", "1234.50"),
        ("1\u202f234,50", "1234.50"),
        ("1.234,50", "1234.50"),
        ("1,234.50", "1234.50"),
        ("1 234 567,89 EUR", "1234567.89"),
        ("1.234.567", "1234567"),
        ("1’234,5", "1234.5"),
        ("-12,5", "-12.5"),
        ("−12,5", "-12.5"),
        (",5", ".5"),
        ("1234.5678", "1234.5678"),
        ("0.125", "0.125"),
        ("35 h", "35"),
        ("12 euros", "12"),
        ("188,64\u200b", "188.64"),
        ("\u202a1\u00ad234,50\ufeff €\u200e", "1234.50"),
        (dt.time(12), "0.5"),
        (dt.time(15, 21, 36), "0.64"),
        (dt.timedelta(days=1184), "1184"),
        (dt.timedelta(hours=-6), "-0.25"),
    ],
)
def test_numbers(cell: Any, expected: str) -> None:
    assert numbers.nombre(cell)[0] == Decimal(expected)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (4.5, "4.5"),
        (35, "35"),
        (dt.time(7, 30), "7.5"),
        (dt.time(0, 20), "0.333333333"),
        (dt.timedelta(hours=31, minutes=30), "31.5"),
        (dt.timedelta(hours=-6), "-6"),
        (dt.timedelta(hours=-30), "-30"),
        ("4h30", "4.5"),
        ("4 h 30", "4.5"),
        ("4H30", "4.5"),
        ("04:30", "4.5"),
        ("4:30:00", "4.5"),
        ("4h30min", "4.5"),
        ("4 heures 30", "4.5"),
        ("-4h30", "-4.5"),
        ("45 min", "0.75"),
        ("270 min", "4.5"),
        ("35:30", "35.5"),
        ("0h00", "0"),
        ("4h59", "4.983333333"),
        ("4 h", "4"),
        ("4,5 h", "4.5"),
        ("4,5", "4.5"),
        ("4\u200bh30", "4.5"),
        ("", None),
    ],
)
def test_hours(cell: Any, expected: str | None) -> None:
    assert numbers.heures(cell)[0] == (None if expected is None else Decimal(expected))


@pytest.mark.parametrize(
    ("cell", "compris"),
    [
        (4.5, ""),
        (dt.time(7, 30), "7,5 h"),
        (dt.time(0, 20), "0,33 h"),
        (dt.timedelta(hours=31, minutes=30), "31,5 h"),
        ("4h30", "4,5"),
        ("4,5", "4,5"),
        ("", ""),
    ],
)
def test_hours_say_how_they_were_understood(cell: Any, compris: str) -> None:
    assert numbers.heures(cell)[1] == compris


@pytest.mark.parametrize(
    "cell", ["4h60", "4h5", "4:5", "4h300", "4:30:60", "4h30,5", "12 €", "50 %", "h30", MARS, True]
)
def test_what_is_no_number_of_hours_is_never_guessed(cell: Any) -> None:
    with pytest.raises(numbers.Illisible, match="un nombre d'heures"):
        numbers.heures(cell)


@pytest.mark.parametrize(("cell", "expected"), [("1 234,50 €", "1234.50"), ("12 euros", "12"), (dt.time(12), "0.5")])
def test_amounts(cell: Any, expected: str) -> None:
    assert numbers.montant(cell)[0] == Decimal(expected)


@pytest.mark.parametrize("cell", ["4h30", "4 h", "04:30", "50 %", "6 mois", MARS])
def test_an_amount_is_never_a_time_nor_a_share(cell: Any) -> None:
    with pytest.raises(numbers.Illisible, match="un nombre"):
        numbers.montant(cell)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (dt.timedelta(hours=35, minutes=30), "35:30"),
        (dt.timedelta(hours=-6), "-6:00"),
        (dt.timedelta(seconds=-30), "-0:00:30"),
        (dt.timedelta(0), "0:00"),
        (dt.time(12), "12:00"),
        (dt.time(0, 0, 30), "0:00:30"),
        (dt.time(12, 34, 56), "12:34:56"),
        (dt.timedelta(hours=25, seconds=61), "25:01:01"),
        ("188,64\u200b ", "188,64⟨U+200B⟩"),
    ],
)
def test_what_was_typed_is_quoted_as_the_sheet_shows_it(cell: Any, expected: str) -> None:
    assert values.typed(cell) == expected


CENTS = st.integers(-(10**9), 10**9).map(lambda cents: cents / 100)


@given(CENTS, st.sampled_from((Shown.DATE, Shown.DURATION)), st.booleans())
def test_any_amount_under_a_format_of_days_is_itself_or_refused(amount: float, shown: Shown, depuis_1904: bool) -> None:
    """`as_shown` is what the readers of files make of the number."""
    cell = as_shown(amount, shown, depuis_1904=depuis_1904)
    if isinstance(cell, dt.date):
        with pytest.raises(numbers.Illisible):
            numbers.montant(cell)
    else:
        assert numbers.montant(cell)[0] == numbers.exact(amount)


@given(st.integers(-(10**7), 10**7), st.booleans())
def test_any_duration_is_its_hours_in_both_date_systems(seconds: int, depuis_1904: bool) -> None:
    cell = as_shown(seconds / 86_400, Shown.DURATION, depuis_1904=depuis_1904)
    assert numbers.heures(cell)[0] == numbers.exact(round(seconds / 3600, 9))


@given(st.integers(-86_399, 86_399), st.booleans())
def test_any_time_of_day_keeps_its_sign(seconds: int, depuis_1904: bool) -> None:
    cell = as_shown(seconds / 86_400, Shown.DATE, depuis_1904=depuis_1904)
    assert numbers.heures(cell)[0] == numbers.exact(round(seconds / 3600, 9))


@pytest.mark.parametrize(
    "cell",
    ["1.234", "12.500", "douze", "1,2,3", "€", "--5", "1e5", True, MARS, float("inf"), float("nan"), "١٢"],
)
def test_what_is_no_number_is_never_guessed(cell: Any) -> None:
    with pytest.raises(numbers.Illisible, match="un nombre"):
        numbers.nombre(cell)


def test_a_number_typed_as_a_number_needs_no_word_and_a_text_does() -> None:
    assert numbers.nombre(12.5) == (Decimal("12.5"), "")
    assert numbers.nombre("1 234,50 €") == (Decimal("1234.50"), "1234,50")


@pytest.mark.parametrize(("cell", "expected"), [(12.0, 12), ("12", 12), ("12,0", 12), ("1 234", 1234), ("", None)])
def test_whole_numbers(cell: Any, expected: int | None) -> None:
    assert numbers.entier(cell)[0] == expected


@pytest.mark.parametrize("cell", [12.5, "12,5", "douze", True, dt.time(7, 0), dt.timedelta(days=1.5), 1e300])
def test_what_is_no_whole_number(cell: Any) -> None:
    with pytest.raises(numbers.Illisible, match="un nombre entier"):
        numbers.entier(cell)


@pytest.mark.parametrize(
    ("cell", "expected", "compris"),
    [
        (0.5, "0.5", ""),
        (1.0, "1", ""),
        (50.0, "0.5", "50 %"),
        (12.5, "0.125", "12,5 %"),
        ("50 %", "0.5", "50 %"),
        ("50%", "0.5", "50 %"),
        ("0,5", "0.5", "50 %"),
        ("0,5 %", "0.005", "0,5 %"),
        ("100\u00a0%", "1", "100 %"),
        (100, "1", "100 %"),
        (150.0, "1.5", "150 %"),
    ],
)
def test_shares(cell: Any, expected: str, compris: str) -> None:
    assert numbers.taux(cell) == (Decimal(expected), compris)


@pytest.mark.parametrize("cell", ["oui", "Oui", "OUI ", "O", "o", "x", "X", "1", 1.0, 1, "true", "vrai", "VRAI", True])
def test_yes(cell: Any) -> None:
    assert values.ouinon(cell)[0] is True


@pytest.mark.parametrize("cell", ["non", "Non", "N", "n", "0", 0.0, "false", "faux", False])
def test_no(cell: Any) -> None:
    assert values.ouinon(cell)[0] is False


def test_blank_is_not_no() -> None:
    assert values.ouinon(" ") == (None, "")


@pytest.mark.parametrize("cell", ["peut-être", 2.0, "?", MARS, "-"])
def test_neither_yes_nor_no(cell: Any) -> None:
    with pytest.raises(numbers.Illisible, match="oui ou non"):
        values.ouinon(cell)


@pytest.mark.parametrize(
    ("cell", "expected", "compris"),
    [
        ("78467169500103", "78467169500103", ""),
        ("784 671 695 00103", "78467169500103", ""),
        ("784671\u200b69500103\ufeff", "78467169500103", ""),
        (78467169500103.0, "78467169500103", ""),
        (5580000100012.0, "05580000100012", "05580000100012"),
        ("5580000100012", "5580000100012", ""),
        ("en cours", "en cours", ""),
    ],
)
def test_siret(cell: Any, expected: str, compris: str) -> None:
    assert values.siret(cell) == (expected, compris)


@pytest.mark.parametrize(("cell", "expected"), [(12.0, "12"), (12, "12"), (" A1 ", "A1"), ("", None), (0.5, "0.5")])
def test_codes_turned_into_numbers_are_their_digits(cell: Any, expected: str | None) -> None:
    assert values.texte(cell) == (expected, "")


def test_a_code_turned_into_a_date_is_said() -> None:
    assert values.texte(dt.date(2025, 3, 12)) == ("12/03/2025", "12/03/2025")


def element(code: str, libelle: str, *alias: str) -> Element:
    fields: dict[str, Any] = {"code": code, "libelle": libelle, "alias": alias}
    return Element(**fields)


LISTE = values.Liste(
    (
        element("lens_lievin", "Lens-Liévin", "Communaupôle de Lens Liévin"),
        element("artois", "Artois", "MDS de l'Artois"),
        element("12", "Douze"),
    )
)


@pytest.mark.parametrize(
    ("cell", "expected", "compris"),
    [
        ("F1", "F1", ""),
        ("F1 ", "F1", "F1"),
        ("\N{NO-BREAK SPACE}F1", "F1", "F1"),
        ("F\u200b1", "F1", "F1"),
        ("F1\ufeff", "F1", "F1"),
        ("\u200b", None, ""),
        (f"{'x' * 100} ", "x" * 100, f"{'x' * 79}…"),
        ("  ", None, ""),
        (12.0, "12", ""),
    ],
)
def test_codes(cell: Any, expected: str | None, compris: str) -> None:
    assert values.code(cell) == (expected, compris)


@pytest.mark.parametrize(
    ("cell", "expected", "compris"),
    [
        ("Lens-Liévin", "lens_lievin", ""),
        ("LENS-LIÉVIN", "lens_lievin", ""),
        (" Lens-Liévin", "lens_lievin", "Lens-Liévin"),
        ("Lens\u00ad-Lié\u200bvin", "lens_lievin", "Lens-Liévin"),
        ("LENS LIEVIN", "lens_lievin", "Lens-Liévin"),
        ("communaupôle de lens-liévin", "lens_lievin", "Lens-Liévin"),
        ("lens_lievin", "lens_lievin", "Lens-Liévin"),
        ("MDS de l’Artois", "artois", "Artois"),
        (12.0, "12", "Douze"),
        ("  ", None, ""),
    ],
)
def test_choices(cell: Any, expected: str | None, compris: str) -> None:
    assert LISTE.lire(cell) == (expected, compris)


@pytest.mark.parametrize("cell", ["?", "-", "…", "autre", 13.0])
def test_what_no_item_says_is_never_a_blank(cell: Any) -> None:
    with pytest.raises(values.NotListed):
        LISTE.lire(cell)


def test_an_unknown_choice_names_the_one_it_is_a_slip_of_else_all() -> None:
    for text, choix in (("Artoi", ("Artois",)), ("qqqq", ("Lens-Liévin", "Artois", "Douze"))):
        with pytest.raises(values.NotListed) as unknown:
            LISTE.lire(text)
        assert unknown.value.choix == choix


def test_every_wording_of_every_list_of_the_calls_is_understood(appel33: Appel, appel37: Appel) -> None:
    for appel in (appel33, appel37):
        for elements in appel.elements.values():
            liste = values.Liste(elements)
            for element in elements:
                assert {liste.lire(text)[0] for text in (element.libelle, element.code)} == {element.code}
                assert all(liste.lire(text)[0] for text in element.alias)


@given(st.dates(dt.date(1930, 1, 1), dt.date(2090, 12, 31)))
def test_any_date_is_read_the_same_from_every_writing(day: dt.date) -> None:
    serial = (day - dt.date(1899, 12, 30)).days
    writings = (day, f"{day:%d/%m/%Y}", day.isoformat(), f"{day.day}.{day.month}.{day.year}", serial, float(serial))
    assert {values.jour(cell, LE)[0] for cell in writings} == {day}


@given(st.decimals(-(10**9), 10**9, places=2))
def test_any_amount_is_read_the_same_from_every_writing(amount: Decimal) -> None:
    text = f"{amount:,.2f}"
    french = text.replace(",", "\u202f").replace(".", ",")
    assert {numbers.nombre(cell)[0] for cell in (float(amount), text, french, f"{french} €")} == {amount}


@given(
    st.one_of(st.text(max_size=30), st.floats(), st.integers(), st.booleans(), st.dates(), st.times(), st.timedeltas())
)
@pytest.mark.slow
def test_any_cell_is_read_or_refused(cell: Any) -> None:
    readers = (values.texte, values.siret, numbers.nombre, numbers.entier, numbers.taux, values.ouinon, LISTE.lire)
    for reader in (*readers, lambda cell: values.jour(cell, LE)):
        try:
            value, compris = reader(cell)
        except (numbers.Illisible, values.NotListed):
            continue
        assert isinstance(compris, str)
        assert value is None or values.typed(value) is not None


def test_wordings_are_compared_without_case_accents_or_punctuation() -> None:
    assert normaliser("  Date d’ENTRÉE\n") == normaliser("date d'entrée") == "date d entree"
    assert normaliser("Cœur") == "coeur"


MDS = ("Arrageois", "Artois", "Audomarois", "Boulonnais", "Calaisis", "Hénin-Carvin", "Lens-Liévin", "Ternois")
SORTIES = (
    "Abandon",
    "Création ou reprise d'entreprise",
    "Emploi d'insertion dans une SIAE",
    "Retrait",
    "CDD aidé",
    "CDI",
)
TITRES = ("Date d'entrée", "Date de sortie", "Contact à 6 mois", "Code participant", "Nom", "Prénom")


@pytest.mark.parametrize(
    ("saisi", "candidats", "voulu"),
    [
        # near-certain: one letter of a word of five, two of a word of ten
        ("Boulonais", MDS, "Boulonnais"),
        ("Boullonnais", MDS, "Boulonnais"),
        ("Tenrois", MDS, "Ternois"),
        ("Etrnois", MDS, "Ternois"),
        ("artios", MDS, "Artois"),
        ("HENIN CARVAIN", MDS, "Hénin-Carvin"),
        ("lenslievin", MDS, "Lens-Liévin"),
        ("Bulonaiss", MDS, ""),
        ("Creation ou reprise entreprise", SORTIES, "Création ou reprise d'entreprise"),
        ("Creation ou reprise d'entrperisse", SORTIES, "Création ou reprise d'entreprise"),
        ("Abandons", SORTIES, "Abandon"),
        ("Abando", SORTIES, "Abandon"),
        ("Aband", SORTIES, ""),
        ("Date entree", TITRES, "Date d'entrée"),
        ("Date d'entré", TITRES, "Date d'entrée"),
        ("Code participent", TITRES, "Code participant"),
        # another word, however alike
        ("Béthunois", MDS, ""),
        ("Calais", MDS, ""),
        ("Incarcération", SORTIES, ""),
        ("Stage", SORTIES, ""),
        ("CDI aidé", SORTIES, ""),
        ("CDO", SORTIES, ""),
        ("Contact à 3 mois", TITRES, ""),
        ("Mom", TITRES, ""),
        ("Date", TITRES, ""),
        ("", TITRES, ""),
        ("de la", TITRES, ""),
        ("A12", ("A13",), ""),
        ("Action 12", ("Action 13",), ""),
        # two could be meant
        ("Artoid", ("Artois", "Artoit"), ""),
        ("Artois", ("Artois", "Artoit"), "Artois"),
    ],
)
def test_likeness_repairs_only_what_is_nearly_sure(saisi: str, candidats: tuple[str, ...], voulu: str) -> None:
    assert plus_proche(saisi, candidats) == voulu


@pytest.mark.parametrize(
    ("un", "autre", "combien"),
    [("", "", 0), ("", "abc", 3), ("abcd", "acbd", 1), ("abcd", "abd", 1), ("abcd", "abxcd", 1), ("ca", "abc", 3)],
)
def test_slips_are_letters_added_removed_replaced_or_swapped(un: str, autre: str, combien: int) -> None:
    assert slips(un, autre) == slips(autre, un) == combien


@given(st.text("abcde", max_size=8), st.text("abcde", max_size=8))
def test_slips_are_bounded_by_length(un: str, autre: str) -> None:
    assert abs(len(un) - len(autre)) <= slips(un, autre) <= max(len(un), len(autre))
    assert (slips(un, autre) == 0) == (un == autre)
