"""The computed cells that the synthesis blocks are made of: numbers, shares, fractions, copies."""

from aap_xl.domain import personnes
from aap_xl.workbook.formulas.refs import Refs, texte
from aap_xl.workbook.formulas.synthese import Valeur
from aap_xl.workbook.layout import nom_defini as n


def dernier(r: Refs) -> list[tuple[str, str]]:
    """The criterion that keeps one line per person, the last stay: a field and what it is; none in some calls."""
    return [("parcours", texte(personnes.DERNIER))] if r.a("participants", "parcours") else []


def copie(cle: str, source: str, nature: str) -> Valeur:
    """What another cell shows, nothing when it is blank."""
    return Valeur(cle, f'IF({source}="","",{source})', nature)


def jour(cle: str, source: str) -> Valeur:
    """A date of the form, nothing when it is not one."""
    return Valeur(cle, f'IF(ISNUMBER({source}),{source},"")', "date")


def nombre(cle: str, formule: str) -> Valeur:
    """A whole number."""
    return Valeur(cle, formule, "entier")


def part(cle: str, number: str, whole: str) -> Valeur:
    """A rate, nothing when its denominator is zero."""
    return Valeur(cle, f'IF({whole}=0,"",{number}/{whole})', "taux")


def fraction(cle: str, number: str, whole: str) -> Valeur:
    """« 7/19 », nothing when its denominator is zero."""
    return Valeur(cle, f'IF({whole}=0,"",{number}&"/"&{whole})', "fraction")


def trio(nom: str, formule: str, whole: str, argument: str = "") -> tuple[Valeur, Valeur, Valeur]:
    """The number, its fraction, its rate."""
    suffix = f":{argument}" if argument else ""
    number = n(f"bord.{nom}{suffix}")
    return (
        nombre(f"bord.{nom}{suffix}", formule),
        fraction(f"bord.{nom}_fraction{suffix}", number, whole),
        part(f"bord.{nom}_part{suffix}", number, whole),
    )
