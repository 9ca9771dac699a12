"""SIREN and SIRET: their digits and their keys, as INSEE and La Poste define them."""

_LA_POSTE, _SIEGE_DE_LA_POSTE = "356000000", "35600000000048"


def chiffres(saisi: str) -> str:
    """A number as it is compared: without the spaces and dots that people write in it."""
    return "".join("".join(saisi.split()).split("."))


def complet(siret: str) -> bool:
    """Whether it has the 14 digits, their key apart."""
    return len(siret) == 14 and siret.isascii() and siret.isdecimal()


def juste(siret: str) -> bool:
    """Whether 14 digits are a SIRET: it and its SIREN, the first nine, both pass Luhn's test.

    La Poste has more establishments than the test leaves numbers: those of its SIREN, the head office apart, add up
    to a multiple of five instead.
    """
    if not complet(siret) or not _luhn(siret[:9]):
        return False
    if siret.startswith(_LA_POSTE) and siret != _SIEGE_DE_LA_POSTE:
        return sum(map(int, siret)) % 5 == 0
    return _luhn(siret)


def cle(debut: str) -> str:
    """The last digit that makes digits pass Luhn's test."""
    return str(-_somme(f"{debut}0") % 10)


def _luhn(numero: str) -> bool:
    return _somme(numero) % 10 == 0


def _somme(numero: str) -> int:
    """The sum of the digits, every second one from the right doubled, and its own two digits added: 7 → 14 → 5."""
    doubles = (sum(divmod(2 * int(chiffre), 10)) for chiffre in numero[-2::-2])
    return sum(map(int, numero[-1::-2])) + sum(doubles)
