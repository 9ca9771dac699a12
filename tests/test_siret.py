"""SIRET and SIREN: keys of public bodies and companies, as their « avis de situation » has them."""

import pytest

from aap_xl.domain import siret

JUSTES = [
    ("Département du Pas-de-Calais", "22620001200012"),
    ("INSEE", "12002701600563"),
    ("Premier ministre", "11000201100044"),
    ("DINUM", "13002526500013"),
    ("SNCF", "55204944776279"),
    ("Renault", "78012998703591"),
    ("EDF", "55208131766522"),
    ("an example", "73282932000074"),
    ("La Poste, head office", "35600000000048"),
    ("La Poste, an establishment", "35600000049837"),
    ("La Poste, one that passes Luhn's test as well", "35600000000105"),
]
FAUX = [
    ("one digit changed", "22620001200013"),
    ("two digits swapped", "22620002100012"),
    ("SIREN wrong, the whole right by Luhn", "22620001300010"),
    ("La Poste, adds up to 46", "35600000049838"),
    ("La Poste, right by Luhn, adds up to 22", "35600000000071"),
    ("adds up to 20: La Poste's rule is nobody else's", "22620001200005"),
    ("13 digits", "2262000120001"),
    ("15 digits", "226200012000120"),
    ("a letter", "2262000120001O"),
    ("digits of another script", "２２６２０００１２０００１２"),
    ("superscript", "2262000120001²"),
    ("nothing", ""),
]


@pytest.mark.parametrize(("nom", "numero"), JUSTES)
def test_a_known_number_is_right(nom: str, numero: str) -> None:
    assert siret.juste(numero), nom
    assert siret.cle(numero[:8]) == numero[8], nom


@pytest.mark.parametrize(("nom", "numero"), FAUX)
def test_a_wrong_number_is_not(nom: str, numero: str) -> None:
    assert not siret.juste(numero), nom


def test_one_key_of_ten_is_right() -> None:
    for debut in ("2262000120001", "7328293200007", "0000000000000", "9999999999999"):
        last = [digit for digit in "0123456789" if siret._luhn(f"{debut}{digit}")]
        assert last == [siret.cle(debut)]


@pytest.mark.parametrize("saisi", ["226 200 012 00012", "226.200.012.00012", " 226 200 012 00012\t", "22620001200012"])
def test_spaces_and_dots_are_left_out(saisi: str) -> None:
    assert siret.chiffres(saisi) == "22620001200012"
