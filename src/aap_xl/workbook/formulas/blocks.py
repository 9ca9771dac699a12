"""What the tables of the synthesis sheets are made of: lines of numbers, shares, fractions, copies."""

from collections.abc import Sequence

from aap_xl.domain import personnes
from aap_xl.domain.tableau import Colonne, Formule, Ligne, Tableau
from aap_xl.rows import Nature, Qui
from aap_xl.workbook.formulas.refs import Refs, texte
from aap_xl.workbook.layout import nom_defini as n

DERNIER = ("parcours", texte(personnes.DERNIER))
"""The criterion that keeps one line per person, the last stay: a field of « Participants » and what it is."""


def tableau(
    cle: str,
    titre: str,
    titres: Sequence[str | Colonne],
    lignes: Sequence[Ligne],
    note: str = "",
    *,
    qui: Qui = Qui.PORTEUR,
) -> Tableau:
    """A table of which every line has its label first; ``titres``: those of its values, none for a list of facts."""
    values = (titre if isinstance(titre, Colonne) else Colonne(titre, Nature.NOMBRE) for titre in titres)
    return Tableau(cle, titre, (Colonne(""), *values), lignes, note=note, qui=qui)


def sorties_comptees(r: Refs) -> list[tuple[str, str]]:
    """The criterion of the exits that count: none where the call counts every one."""
    return [DERNIER] if r.appel.parcours.derniere_sortie else []


def copie(cle: str, source: str, nature: Nature) -> Formule:
    """What another cell shows, nothing when it is blank."""
    return Formule(cle, f'IF({source}="","",{source})', nature)


def jour(cle: str, source: str) -> Formule:
    """A date of the form, nothing when it is not one."""
    return Formule(cle, f'IF(ISNUMBER({source}),{source},"")', Nature.DATE)


def nombre(cle: str, formule: str) -> Formule:
    """A whole number."""
    return Formule(cle, formule, Nature.ENTIER)


def part(cle: str, number: str, whole: str) -> Formule:
    """A rate, nothing when its denominator is zero."""
    return Formule(cle, f'IF({whole}=0,"",{number}/{whole})', Nature.TAUX)


def fraction(cle: str, number: str, whole: str) -> Formule:
    """« 7/19 », nothing when its denominator is zero."""
    return Formule(cle, f'IF({whole}=0,"",{number}&"/"&{whole})', Nature.FRACTION)


def trio(nom: str, formule: str, whole: str, argument: str = "") -> tuple[Formule, Formule, Formule]:
    """The number, its fraction, its rate."""
    suffix = f":{argument}" if argument else ""
    number = n(f"bord.{nom}{suffix}")
    return (
        nombre(f"bord.{nom}{suffix}", formule),
        fraction(f"bord.{nom}_fraction{suffix}", number, whole),
        part(f"bord.{nom}_part{suffix}", number, whole),
    )
