"""Codes that name someone, and those that only look like it; everyone is invented."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from modeles import rangee

from aap_xl.anomalies import Anomalie, Gravite
from aap_xl.appels.model import Appel
from aap_xl.cells import Cell
from aap_xl.desk.quoting import sans_noms
from aap_xl.domain.data import Donnees
from aap_xl.domain.nominatif import cite_quelqu_un, codes_nominatifs, mots
from aap_xl.francais import cite as citation
from aap_xl.rows import Operation, Participant, Personnel

_DEUX = ("EXEMPLE", "Zoé")
"""Whose code each case is, unless it says otherwise."""


def _donnees(appel: Appel, *people: tuple[str | None, str | None, str | None], referent: str | None = None) -> Donnees:
    """People as (code, name, first name)."""
    rows = [rangee(Participant, code=code, nom=nom, prenom=prenom) for code, nom, prenom in people]
    return Donnees(appel, rangee(Operation, referent=referent), {"participants": rows}, date(2025, 6, 1))


NOMMENT = {
    "the first name and a number": "Zoe1",
    "the first name, accents and all": "ZOÉ",
    "both, separated": "Exemple-Zoé",
    "both, joined": "zoeexemple",
    "an initial and the name": "ZExemple",
    "the name and an initial": "exemple.z",
    "the first name and an initial": "zoee1",
    "the beginning of the name": "EXE2",
    "three letters of the name and the first name": "EXEZOE",
    "among figures": "2025-zoe-3",
}
NE_NOMMENT_PAS = (
    "P001",
    "A12",
    "K7",
    "1",
    "2025-03",
    "EZ1",
    "ZE",
    "PART12",
    "Participant 3",
    "BRSA4",
    "CIP-2",
    "X",
    "",
)


@pytest.mark.parametrize("cas", NOMMENT)
def test_a_code_made_of_the_persons_name_is_seen(appel33: Appel, cas: str) -> None:
    d = _donnees(appel33, (NOMMENT[cas], *_DEUX), ("P002", "MODELE", "Ulysse"))
    assert codes_nominatifs(d) == {NOMMENT[cas]}


@pytest.mark.parametrize("code", NE_NOMMENT_PAS)
def test_an_ordinary_code_is_none(appel33: Appel, code: str) -> None:
    assert codes_nominatifs(_donnees(appel33, (code, *_DEUX))) == set()


@pytest.mark.parametrize(
    ("code", "nom", "nominatif"),
    [
        ("Li", "LI", True),
        ("Li 1", "LI", True),
        ("LI1", "LIMON", False),
        ("LIM1", "LIMON", True),
        ("L1", "L", False),
        ("LIEN1", "LI", False),
        ("COLLI1", "LI", False),
        ("NOELEA1", "LEA", True),
        ("LEAX1", "LEA", True),
    ],
)
def test_two_letters_are_initials_unless_they_are_the_whole_name(
    appel33: Appel, code: str, nom: str, nominatif: bool
) -> None:
    assert bool(codes_nominatifs(_donnees(appel33, (code, nom, None)))) is nominatif


def test_a_prefix_that_others_bear_names_nobody(appel33: Appel) -> None:
    """Three people out of three of whom two are not called so."""
    others = [("BEN02", "EXEMPLE", "Zoé"), ("BEN03", "MODELE", "Ulysse")]
    assert codes_nominatifs(_donnees(appel33, ("BEN01", "BENOÎTEXEMPLE", None), *others)) == set()
    assert codes_nominatifs(_donnees(appel33, ("BEN01", "BENOÎTEXEMPLE", None), others[0])) == {"BEN01"}


def test_namesakes_are_still_named(appel33: Appel) -> None:
    d = _donnees(appel33, ("Zoe1", "EXEMPLE", "Zoé"), ("Zoe2", "MODELE", "Zoé"), ("Zoe3", "FICTIF", "Ulysse"))
    assert codes_nominatifs(d) == {"Zoe1", "Zoe2"}


def test_the_staffs_codes_too(appel33: Appel) -> None:
    rows = [rangee(Personnel, code="Zoe", salarie="Zoé Exemple"), rangee(Personnel, code="S2", salarie="Ulysse Modèle")]
    assert codes_nominatifs(Donnees(appel33, rangee(Operation), {"personnel": rows}, date(2025, 6, 1))) == {"Zoe"}


@given(st.sampled_from(["P", "A", "K", "SAL", "PART", "BENEF", "Stagiaire "]), st.integers(2, 30))
def test_numbered_codes_name_nobody_whatever_the_names(appel33: Appel, prefixe: str, nombre: int) -> None:
    """As long as most people are not called like the prefix."""
    others = [(f"{prefixe}{n:02}", f"EXEMPLE{'ABCDE'[n % 5]}", "Inventé") for n in range(1, nombre)]
    d = _donnees(appel33, (f"{prefixe}00", f"{prefixe.strip()}ETTE", None), *others)
    assert codes_nominatifs(d) == ({f"{prefixe}00"} if nombre == 2 and len(prefixe) > 2 else set())


@pytest.mark.parametrize(
    ("texte", "cite"),
    [("2025-Exemple", True), ("2025 Zoé3", True), ("CONV 2025-12", False), ("EX 2025", False), ("Modèle 2", True)],
)
def test_a_text_that_cites_anyone_of_the_file(appel33: Appel, texte: str, cite: bool) -> None:
    assert cite_quelqu_un(texte, _donnees(appel33, ("P1", *_DEUX), referent="Mme Ex Modele")) is cite


def test_words_are_runs_of_letters_of_any_alphabet() -> None:
    assert mots("Zoé-3b", None, "D'Exemple", "Зоя7") == {"zoe", "b", "d", "exemple", "зоя"}


SANS_NOMS = {
    "a name in its own column": (
        "Nom",
        "EXEMPLE",
        "cette personne est déjà inscrite",
        "…",
        "cette personne est déjà inscrite",
    ),
    "a name of two letters in its own column": ("Nom", "Lô", "« Lô » est en double", "…", "« … » est en double"),
    "a name elsewhere": (
        "Entretien",
        "vu avec Zoé",
        "« vu avec Zoé » n'est pas une date",
        "…",
        "« … » n'est pas une date",
    ),
    "a quotation inside": (
        "Date",
        "« Zoé »",
        f"{citation('« Zoé »')} n'est pas une date",
        "…",
        "« … » n'est pas une date",
    ),
    "a code that names": ("Code", "EXE2", "le code EXE2 est déjà pris", "…", "le code … est déjà pris"),
    "a wrong date": ("Date", "31/02/2025", "« 31/02/2025 » n'existe pas", "31/02/2025", "« 31/02/2025 » n'existe pas"),
    "nothing typed": ("Nom", "", "il manque le nom", "", "il manque le nom"),
}


@pytest.mark.parametrize("cas", SANS_NOMS)
def test_a_deposited_file_names_nobody_and_quotes_the_rest(appel33: Appel, cas: str) -> None:
    entete, typed, message, shown, said = SANS_NOMS[cas]
    d = _donnees(appel33, ("EXE2", *_DEUX), ("P002", "Lô", "Ulysse"))
    item = Anomalie("P02", Gravite.BLOQUANTE, Cell("Participants", "B7", entete), message, "Art. 1", typed)
    found = sans_noms(item, d)
    assert (found.valeur, found.message) == (shown, said)
    assert (found.code, found.cell, found.article) == (item.code, item.cell, item.article)
