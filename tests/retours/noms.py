"""Names that exist nowhere else, so that one found in an output is a leak: people, structures, free texts."""

import datetime as dt
from random import Random

_DEBUTS = ("Zorv", "Quibr", "Vrolm", "Tchouz", "Blaxt", "Gwirz", "Frumq", "Skolv", "Drunz", "Plyxt", "Mwarg", "Hizbr")
_FINS = ("anel", "efeuille", "ogandre", "ustival", "imborne", "ylmaque", "olvestre", "uzandier", "efontel", "aquivin")
_PRENOMS = ("Ozwine", "Thyrbalde", "Xantippin", "Yvroland", "Melquiorde", "Zéphyrande", "Bruniquelle", "Ougoline")
_SUITES = ("", "tte", "mond", "ric", "lène", "zia", "don", "vère")
_STRUCTURES = ("Brumelune", "Clairtraverse", "Hautequille", "Rivebleue", "Montpassage", "Vertépi", "Longsillon")
_ATTAQUES = (*("",) * 7, "=cmd|' /C calc'!A0 ", "+", "-", "@", "=1+1 ", "\t=2+2", "\r=3+3", '=HYPERLINK("http://a") ')
_FORMES = ("Association", "Chantier", "Atelier", "Collectif")
MARQUE = "Kxtlibre"
"""Every free text holds it; nothing else does."""


def hasard(graine: object) -> Random:
    """The same dice for the same seed."""
    return Random(str(graine))  # noqa: S311


def nom(rng: Random) -> str:
    """A surname."""
    return rng.choice(_DEBUTS) + rng.choice(_FINS)


def prenom(rng: Random) -> str:
    """A first name."""
    return rng.choice(_PRENOMS) + rng.choice(_SUITES)


def structure(rng: Random, numero: int) -> str:
    """A carrier's name: no person's word is in it."""
    return f"{_ATTAQUES[numero % len(_ATTAQUES)]}{rng.choice(_FORMES)} {rng.choice(_STRUCTURES)} {numero:05}"


def texte(rng: Random, quoi: str) -> str:
    """A free text, some beginning as a formula would."""
    return f"{rng.choice(_ATTAQUES)}{MARQUE} {quoi} {rng.randrange(10**6)}"


def siret(numero: int) -> str:
    """A valid SIRET, another one for each number."""
    siren = _luhn(f"{90_000_000 + numero:08}")
    return _luhn(f"{siren}0001")


def _luhn(chiffres: str) -> str:
    """The digits and their check digit."""
    total = sum(sum(divmod(int(c) * (2 - rang % 2), 10)) for rang, c in enumerate(reversed(chiffres)))
    return f"{chiffres}{-total % 10}"


def nir(rng: Random) -> str:
    """A social security number with a valid key, of a month that does not exist."""
    corps = f"2{rng.randrange(60, 99)}2062{rng.randrange(100, 999)}{rng.randrange(100, 999):03}"
    return f"{corps}{97 - int(corps) % 97:02}"


def ecritures(jour: dt.date) -> list[str]:
    """A date as outputs might write it."""
    serial = (jour - dt.date(1899, 12, 30)).days
    return [jour.isoformat(), f"{jour:%d/%m/%Y}", f"{jour:%d-%m-%Y}", f"{jour:%Y%m%d}", f"<v>{serial}</v>"]
