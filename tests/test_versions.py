"""Which operation a file speaks of, which version counts: cases, and laws over any set of files."""

import datetime as dt
from collections import Counter
from decimal import Decimal
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aap_xl.consolidation import versions
from aap_xl.consolidation.gaps import ecarts, phrase
from aap_xl.consolidation.versions import DOUBLON, REMPLACE, RETENU, Choix, Version, choisir

LE = dt.date(2025, 12, 15)


def _v(entree: int, **champs: Any) -> Version:
    base = {
        "nom": f"v{entree}.xlsx",
        "date": "2025-06-01T10:00:00",
        "empreinte": str(entree) * 64,
        "debut": "2025-03-01",
    }
    return Version(entree, **(base | champs))


def _etats(*found: Version) -> dict[int, str]:
    return {choix.version.entree: choix.etat for choix in choisir(found, LE)}


@pytest.mark.parametrize(
    ("cas", "ancienne", "nouvelle"),
    [
        ("declared date first", {"a_jour_au": "2025-05-31", "date": "2025-09-01"}, {"a_jour_au": "2025-06-01"}),
        ("declared beats none", {"date": "2025-09-01"}, {"a_jour_au": "2025-01-01"}),
        ("then the file's", {"date": "2025-06-01T10:00:00"}, {"date": "2025-06-01T10:00:01"}),
        ("an unknown one is the oldest", {"date": ""}, {"date": "1999-01-01T00:00:00"}),
        ("then the name", {"nom": "suivi v1.xlsx"}, {"nom": "suivi v2.xlsx"}),
        ("numbers as numbers", {"nom": "suivi v9.xlsx"}, {"nom": "suivi v10.xlsx"}),
        ("a date to come is a slip", {"a_jour_au": "2052-01-01"}, {"a_jour_au": "2025-12-15"}),
        (
            "same convention, other start",
            {"convention": "12", "debut": "2025-01-01", "date": "2025-01-01"},
            {"convention": "12"},
        ),
        (
            "convention typed without its dashes",
            {"convention": "ex.2025.033", "date": "2025-05-01"},
            {"convention": "ex2025033", "debut": ""},
        ),
        (
            "or without its zeros",
            {"convention": "2025.033", "date": "2025-05-01"},
            {"convention": "2025.33", "debut": ""},
        ),
        ("convention known later", {"date": "2025-05-01"}, {"convention": "12"}),
        ("convention known before", {"convention": "12", "date": "2025-05-01"}, {}),
    ],
)
def test_the_most_recent_version_counts(cas: str, ancienne: dict[str, str], nouvelle: dict[str, str]) -> None:
    for first, second in ((ancienne, nouvelle), (nouvelle, ancienne)):
        found = choisir([_v(1, **first), _v(2, **second)], LE)
        kept = next(c for c in found if c.etat == RETENU).version
        assert kept.entree == (2 if first is ancienne else 1), cas
        (other,) = (c for c in found if c.etat != RETENU)
        assert (other.etat, other.par) == (REMPLACE, kept)


@pytest.mark.parametrize(
    ("un", "deux"),
    [
        ({"convention": "12"}, {"convention": "13"}),
        ({"convention": "2025.1"}, {"convention": "2025.10"}),
        ({"convention": "2025033"}, {"convention": "202533"}),
        ({"convention": "ex.2025.033"}, {"convention": "2025.033"}),
        ({"debut": "2025-03-01"}, {"debut": "2025-03-02"}),
        ({"convention": "12", "debut": "2025-01-01"}, {"debut": "2025-03-02"}),
        ({"debut": ""}, {"debut": ""}),
        ({"debut": ""}, {}),
    ],
)
def test_two_operations_both_count(un: dict[str, str], deux: dict[str, str]) -> None:
    assert _etats(_v(1, **un), _v(2, **deux)) == {1: RETENU, 2: RETENU}


@pytest.mark.parametrize("ordre", list(permutations(range(3))))
def test_three_ways_to_type_a_convention_are_one_operation(ordre: tuple[int, ...]) -> None:
    typed = ("ex2025033", "ex.2025.033", "ex.2025.33")
    found = choisir([_v(rank, convention=typed[rank], debut=f"2025-03-0{rank + 1}") for rank in ordre], LE)
    assert {choix.operation for choix in found} == {"ex.2025.33"}
    assert sum(choix.etat == RETENU for choix in found) == 1


def test_a_convention_is_known_by_its_start_however_it_is_typed() -> None:
    found = choisir([_v(1, convention="2025.033"), _v(2, convention="2025033"), _v(3)], LE)
    assert {choix.operation for choix in found} == {"2025.33"}


def test_what_can_not_be_told_is_counted_apart_and_says_so() -> None:
    found = choisir([_v(1, convention="12"), _v(2, convention="13"), _v(3), _v(4, debut="")], LE)
    motifs = {choix.version.entree: choix.motif for choix in found}
    assert [choix.etat for choix in found] == [RETENU] * 4
    assert (motifs[1], motifs[2]) == ("", "")
    assert "plusieurs conventions du porteur commencent le 01/03/2025" in motifs[3]
    assert "Ni numéro de convention ni date de début" in motifs[4]


def test_the_same_bytes_count_once_and_are_as_old_as_their_oldest_copy() -> None:
    old, copy = _v(1, date="2025-05-01", empreinte="a"), _v(2, date="2025-09-01", empreinte="a")
    undated, newer = _v(4, date="", empreinte="a"), _v(3, date="2025-06-01")
    found = {choix.version.entree: choix for choix in choisir([undated, copy, newer, old], LE)}
    assert {n: c.etat for n, c in found.items()} == {1: REMPLACE, 2: DOUBLON, 3: RETENU, 4: DOUBLON}
    assert (found[4].par, found[2].par, found[1].par) == (old, old, newer)


_TEXTE = st.sampled_from(["", "a", "b"])
_VERSION = st.builds(
    Version,
    entree=st.integers(0, 10_000),
    nom=st.sampled_from(["v1.xlsx", "v2.xlsx", "v10.xlsx", "a/v1.xlsx"]),
    date=st.sampled_from(["", "2025-05-01T00:00:00", "2025-06-01T00:00:00"]),
    empreinte=st.sampled_from("abcdefgh"),
    convention=st.sampled_from(["", "", "12", "13", "1.2", "012", "1.02"]),
    debut=st.sampled_from(["", "2025-03-01", "2025-04-01"]),
    a_jour_au=st.sampled_from(["", "2025-05-31", "2026-01-01"]),
)


def _coherentes(found: list[Version]) -> list[Version]:
    """The same bytes say the same things; each file has its number."""
    by_content = {version.empreinte: version for version in found}
    kept = []
    for number, version in enumerate(found):
        said = by_content[version.empreinte]
        kept.append(
            Version(number, version.nom, version.date, version.empreinte, said.convention, said.debut, said.a_jour_au)
        )
    return kept


def _lu(found: list[Choix]) -> set[tuple[Any, ...]]:
    """Choices without the numbers, which follow the order."""
    return {
        (c.version.empreinte, c.version.nom, c.version.date, c.operation, c.etat, c.par and c.par.empreinte, c.motif)
        for c in found
    }


@given(st.lists(_VERSION, max_size=9).map(_coherentes), st.randoms(use_true_random=False))
def test_the_choice_does_not_depend_on_the_order(found: list[Version], rng: Any) -> None:
    expected = choisir(found, LE)
    shuffled = found[:]
    rng.shuffle(shuffled)
    assert _lu(choisir(shuffled, LE)) == _lu(expected)


@given(st.lists(_VERSION, max_size=9).map(_coherentes))
def test_every_file_has_one_state_and_every_operation_one_file(found: list[Version]) -> None:
    choices = choisir(found, LE)
    assert sorted(choix.version.entree for choix in choices) == [version.entree for version in found]
    kept = Counter(choix.operation for choix in choices if choix.etat == RETENU)
    assert set(kept.values()) <= {1}
    assert set(kept) == {choix.operation for choix in choices}
    contents = {choix.version.empreinte for choix in choices if choix.etat != DOUBLON}
    assert contents == {version.empreinte for version in found}
    assert sum(choix.etat != DOUBLON for choix in choices) == len(contents)


@given(st.lists(_VERSION, max_size=7).map(_coherentes), st.data())
def test_a_superseded_version_changes_nothing_when_it_leaves(found: list[Version], data: Any) -> None:
    choices = choisir(found, LE)
    losers = [c for c in choices if c.etat == REMPLACE and not c.version.convention]
    if losers:
        gone = data.draw(st.sampled_from(losers)).version.empreinte
        left = choisir([version for version in found if version.empreinte != gone], LE)
        kept = {(c.operation, c.version.empreinte) for c in choices if c.etat == RETENU}
        assert {(c.operation, c.version.empreinte) for c in left if c.etat == RETENU} == kept


@pytest.mark.parametrize(
    ("texte", "numero", "garde"),
    [
        ("2025-033/12", "2025-033/12", "2025.033.12"),
        (" n° 0123 ", "n° 0123", "0123"),
        ("0123", "0123", "0123"),
        ("123", "123", "123"),
        ("CONV 2025 A", "CONV 2025 A", "conv.2025.a"),
        ("000", "000", "000"),
        ("en cours", "", ""),
        ("", "", ""),
        (None, "", ""),
        ("Mme Exemple (06 00 00 00 00) a dit que oui", "", ""),
        ("@12", "", ""),
    ],
)
def test_a_convention_number_is_kept_by_its_words(texte: str | None, numero: str, garde: str) -> None:
    assert (versions.numero(texte), versions.convention(texte)) == (numero, garde)


@pytest.mark.parametrize(
    ("un", "autre", "meme"),
    [
        ("EX-2025-033", "EX2025033", True),
        ("EX-2025-033", "ex 2025/033", True),
        ("2025-033", "2025 33", True),
        ("n° 0123", "123", True),
        ("000", "0", True),
        ("EX-2025-033", "EX-2025-034", False),
        ("EX-2025-033", "2025-033", False),
        ("2025-10", "2025-1", False),
        ("2025033", "202533", False),
    ],
)
def test_a_convention_number_is_compared_as_a_reader_does(un: str, autre: str, meme: bool) -> None:
    one, other = (set(versions.formes(versions.convention(texte))) for texte in (un, autre))
    assert bool(one & other) is meme


@pytest.mark.parametrize("avant", ["n° ", "N°", "n ", "no ", "No. ", "num. ", "numero ", "Numéro ", ""])
def test_what_announces_a_convention_number_is_no_part_of_it(avant: str) -> None:
    assert versions.convention(f"{avant}EX-2025-033") == "ex.2025.033"


@pytest.mark.parametrize(
    ("texte", "siret"),
    [
        ("784 671 695 00103", "78467169500103"),
        ("78467169500103", "78467169500103"),
        ("78467169500104", "78467169500104"),
        ("784671695", ""),
        ("[NIR masqué]", ""),
        (None, ""),
    ],
)
def test_a_siret_is_14_digits(texte: str | None, siret: str) -> None:
    assert versions.siret(texte) == siret


def test_the_name_of_a_porteur_is_not_read_in_what_stands_for_its_siret() -> None:
    assert versions.porteur_sans_siret("Exemple  Élan") == versions.porteur_sans_siret("EXEMPLE ELAN")
    assert "exemple" not in versions.porteur_sans_siret("Exemple Élan")
    assert versions.porteur_sans_siret(" ") == ""


def test_what_changed_is_said_in_numbers() -> None:
    zero = {"parcours": None, "sorties": None, "dynamiques": None, "du": None, "solde": None, "a_verifier": 1}
    ancien = {"entrees": 12, "realise": Decimal("1200.00"), "retenu": Decimal("1200.00"), "bloquantes": 3, **zero}
    nouveau = ancien | {"entrees": 15, "retenu": Decimal("1350.00"), "bloquantes": 0, "solde": Decimal("10.50")}
    assert phrase(ecarts(ancien, nouveau)) == (
        "personnes entrées 12 → 15 ; dépenses retenues 1 200,00 € → 1 350,00 € ; "
        "solde à verser non connu → 10,50 € ; anomalies bloquantes 3 → 0"
    )
    assert phrase(ecarts(ancien, nouveau), "n.c.").startswith(
        "personnes entrées n.c. ; dépenses retenues 1 200,00 € → "
    )
    assert phrase(ecarts(ancien, ancien)) == "aucun écart dans les totaux"
