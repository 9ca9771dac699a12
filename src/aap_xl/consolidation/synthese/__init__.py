"""``synthese.xlsx``: the consolidated dataset as a workbook for people. It reads the dataset's tables, nothing else."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from tempfile import TemporaryFile

from aap_xl.appels.loader import Catalogue
from aap_xl.consolidation.synthese import lists, operations, page
from aap_xl.consolidation.synthese.assembly import assembler
from aap_xl.consolidation.synthese.book import Classeur
from aap_xl.consolidation.synthese.context import Contexte
from aap_xl.consolidation.synthese.effectifs import Effectifs
from aap_xl.dossier import catalogue
from aap_xl.workbook.ooxml.atomic import write_atomically

_PERSONNES = (lists.sorties, operations.sorties_par_operation, lists.publics)
"""Sheets about people."""
_FEUILLES = (
    operations.operations,
    *_PERSONNES,
    operations.budget,
    operations.indicateurs,
    lists.porteurs,
    lists.anomalies,
    lists.fichiers,
)


def _inconnue(_: str) -> str | None:
    return None


def ecrire(
    tables: Path,
    cible: Path,
    *,
    seuil: int,
    avec_cle: bool,
    aujourdhui: date,
    appels: Catalogue | None = None,
    adresse: Callable[[str], str | None] = _inconnue,
) -> None:
    """Write the workbook. The same dataset gives the same bytes.

    Args:   tables: the folder of the Parquet tables; seuil: counts of persons under it are masked (0 or 1: none);
            avec_cle: whether pseudonyms were made with a key; aujourdhui: the day the figures are of; appels: the
            calls at hand, for their references, titles and orders (default: those of the package and of the
            environment); adresse: a file's name in the dataset → its address relative to the workbook's folder, when
            it can be opened there (default: links lead to the file's line in « Fichiers »).
    Raises: EcritureImpossible with a French sentence; OSError if the dataset can't be read.
    """
    ctx = Contexte(tables, Effectifs.lus(tables, seuil), appels or catalogue(), adresse, aujourdhui)
    ctx.lire_fichiers()
    classeur = Classeur(aujourdhui)
    page.ecrire(classeur, ctx, avec_cle=avec_cle, aujourdhui=aujourdhui)
    for feuille in (*_FEUILLES, *([lists.personnes_communes] if avec_cle else [])):
        if ctx.suit or feuille not in _PERSONNES:
            classeur.feuille(feuille(ctx))
    with TemporaryFile() as file:
        assembler(classeur.to_bytes(), file, classeur.flux, classeur.externes)
        file.seek(0)
        write_atomically(cible, file.read())
