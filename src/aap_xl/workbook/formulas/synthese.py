"""The synthesis sheets as blocks: what each line is called, its native formulas, the keys of their Python mirrors.

« Budget » and « Tableau de bord » stack their blocks in columns B to F, or more; every computed cell has a defined
name, so that formulas name what they use instead of pointing at it.
"""

from collections.abc import Iterator

from aap_xl.appels.model import Appel
from aap_xl.domain.tableau import Colonne, Formule
from aap_xl.records import replace
from aap_xl.rows import Nature
from aap_xl.workbook import layout
from aap_xl.workbook.formulas import lists, semaine, synthese_bord, synthese_budget
from aap_xl.workbook.formulas.refs import Refs
from aap_xl.workbook.paper.table import Bloc

PREMIERE_LIGNE = 4
LIBELLE = 2
_VALEURS = 4


def derniere_valeur(appel: Appel) -> int:
    """The last column of the blocks: each moment at which exits are counted takes two."""
    return LIBELLE + max(_VALEURS, 2 * len(appel.volets))


def blocs(appel: Appel) -> list[Bloc]:
    """Every table of the synthesis sheets and where it stands; those without a line are left out."""
    refs, last = Refs(appel), derniere_valeur(appel)
    spans = tuple((column, column) for column in range(LIBELLE, last + 1))
    found: list[Bloc] = []
    for feuille, tableaux in (
        (layout.BUDGET, synthese_budget.blocs(refs)),
        (layout.TABLEAU_DE_BORD, synthese_bord.blocs(refs)),
    ):
        ligne = PREMIERE_LIGNE
        for item in tableaux:
            if item.lignes:
                colonnes = (*item.colonnes, *[Colonne("", Nature.NOMBRE)] * len(spans))[: len(spans)]
                found.append(Bloc(replace(item, colonnes=colonnes), ligne, spans, last, feuille))
                ligne = found[-1].apres + 1
    return found


def cellules(appel: Appel) -> list[layout.CelluleCalculee]:
    """Every computed cell outside the tables, in the workbook's order."""
    found = [cell for bloc in blocs(appel) for cell in _cells(bloc)]
    found.append(layout.CelluleCalculee(layout.LISTES, lists.AUJOURDHUI.ligne, 2, "=TODAY()", lists.AUJOURDHUI.nom))
    return [*found, *semaine.cellules(appel), *_budget_codes(appel)]


def _cells(bloc: Bloc) -> Iterator[layout.CelluleCalculee]:
    for row, ligne in enumerate(bloc.tableau.lignes, bloc.premiere):
        for colonne, valeur in enumerate(ligne, LIBELLE):
            if isinstance(valeur, Formule):
                yield layout.CelluleCalculee(bloc.feuille, row, colonne, valeur.en(row), valeur.cle)


def _budget_codes(appel: Appel) -> Iterator[layout.CelluleCalculee]:
    """The codes of the planned lines, staff first, for the dropdown of « Dépenses »."""
    place = lists.lignes_budget(appel)
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
