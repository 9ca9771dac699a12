"""The synthesis sheets as blocks: what each line is called, its native formulas, the keys of their Python mirrors.

« Budget » and « Tableau de bord » stack their blocks in columns B to F, or more; every computed cell has a defined
name, so that formulas name what they use instead of pointing at it.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from aap_xl.appels.model import Appel
from aap_xl.rows import Qui
from aap_xl.workbook import layout
from aap_xl.workbook.formulas import listes, semaine
from aap_xl.workbook.formulas.refs import Refs

PREMIERE_LIGNE = 4
LIBELLE, PREMIERE_VALEUR = 2, 3
_VALEURS = 4


@dataclass(frozen=True, slots=True)
class Valeur:
    """One computed cell: the key of its mirror, its formula (without ``=``), the kind of number it shows."""

    cle: str
    formule: str
    nature: str


@dataclass(frozen=True, slots=True)
class Ligne:
    """One line of a block. ``large``: its single value runs across the block; a ``float`` is a constant share."""

    libelle: str
    valeurs: tuple[Valeur | float | None, ...]
    total: bool = False
    large: bool = False


@dataclass(frozen=True, slots=True)
class Bloc:
    """A titled group of lines. ``colonnes``: headers of the values, none for a key/value block."""

    cle: str
    titre: str
    colonnes: tuple[str, ...]
    lignes: tuple[Ligne, ...]
    note: str = ""
    qui: Qui = Qui.PORTEUR

    @property
    def hauteur(self) -> int:
        """Rows taken, the blank one after it included."""
        return 2 + bool(self.colonnes) + len(self.lignes) + bool(self.note)


@dataclass(frozen=True, slots=True)
class Place:
    """A block and the row of its title."""

    feuille: str
    bloc: Bloc
    ligne: int

    @property
    def premiere(self) -> int:
        """Row of the first line."""
        return self.ligne + 1 + bool(self.bloc.colonnes)

    @property
    def derniere(self) -> int:
        """Row of the last line."""
        return self.premiere + len(self.bloc.lignes) - 1


def derniere_valeur(appel: Appel) -> int:
    """The last column of the blocks: each moment at which exits are counted takes two."""
    return PREMIERE_VALEUR - 1 + max(_VALEURS, 2 * len(appel.volets))


def places(appel: Appel) -> list[Place]:
    """Every block of the synthesis sheets and where it stands; blocks without a line are left out."""
    from aap_xl.workbook.formulas.synthese_bord import blocs as bord  # noqa: PLC0415 (they build blocks)
    from aap_xl.workbook.formulas.synthese_budget import blocs as budget  # noqa: PLC0415

    refs = Refs(appel)
    found: list[Place] = []
    for feuille, blocs in ((layout.BUDGET, budget(refs)), (layout.TABLEAU_DE_BORD, bord(refs))):
        ligne = PREMIERE_LIGNE
        for bloc in blocs:
            if bloc.lignes:
                found.append(Place(feuille, bloc, ligne))
                ligne += bloc.hauteur
    return found


def cellules(appel: Appel) -> list[layout.CelluleCalculee]:
    """Every computed cell outside the tables, in the workbook's order."""
    found = [cell for place in places(appel) for cell in _cells(place)]
    found.append(layout.CelluleCalculee(layout.LISTES, listes.AUJOURDHUI.ligne, 2, "=TODAY()", listes.AUJOURDHUI.nom))
    return [*found, *semaine.cellules(appel), *_budget_codes(appel)]


def _cells(place: Place) -> Iterator[layout.CelluleCalculee]:
    for rang, ligne in enumerate(place.bloc.lignes):
        for colonne, valeur in enumerate(ligne.valeurs, PREMIERE_VALEUR):
            if isinstance(valeur, Valeur):
                row = place.premiere + rang
                yield layout.CelluleCalculee(place.feuille, row, colonne, f"={valeur.formule}", valeur.cle)


def _budget_codes(appel: Appel) -> Iterator[layout.CelluleCalculee]:
    """The codes of the planned lines, staff first, for the dropdown of « Dépenses »."""
    place = listes.lignes_budget(appel)
    if place is None:
        return
    colonne, premiere, offered = place
    refs = Refs(appel)
    tables = [nom for nom in ("personnel", "charges") if refs.a(nom, "code")]
    for rang in range(1, offered + 1):
        formule, before = '""', ""
        counts = [refs.dernier(nom, "code") for nom in tables]
        for index in reversed(range(len(tables))):
            before = "".join(f"-{count}" for count in counts[:index])
            pick = f'INDEX({refs.col(tables[index], "code")},{rang}{before})&""'
            formule = f"IF({rang}{before}<={counts[index]},{pick},{formule})"
        yield layout.CelluleCalculee(
            layout.LISTES, premiere + rang - 1, colonne, f"={formule}", f"listes.ligne_budget:{rang}"
        )
