"""Dossiers in one or more versions: generated rows with their places, and small workbooks as files."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, cast

import generator
from fabrique import classeur, operation_type

from aap_xl.appels.model import Appel
from aap_xl.appels.models import modele
from aap_xl.cells import Origin
from aap_xl.domain.data import Donnees
from aap_xl.dossier import Dossier, catalogue
from aap_xl.rows import Operation
from aap_xl.workbook import layout

JOUR = date(2026, 3, 20)
Tables = Mapping[str, Sequence[Mapping[str, Any]]]


def en_memoire(source: generator.Dossier, nom: str = "suivi.xlsx") -> Dossier:
    """A generated dossier as if it had been read: every row knows its place."""
    appel = source.appel
    lignes = layout.formulaire(appel).lignes
    form = Origin(Operation.feuille, dict.fromkeys(lignes, layout.VALEUR), lignes)
    tables = {}
    for table, rows in source.tables.items():
        noms = appel.classeur.tables[table].colonnes
        row_of = modele(appel, table)
        origin = Origin(row_of.feuille, {champ: rank for rank, champ in enumerate(noms, 1)})
        tables[table] = [row_of(origin=origin, ligne=layout.DONNEES + n, **row) for n, row in enumerate(rows)]
    operation: Operation = cast("Any", modele(appel, Operation.table))(origin=form, **source.operation)
    return Dossier(Path(nom), Donnees(appel, operation, tables, source.aujourdhui, source=nom))


def avec(source: generator.Dossier, table: str, rows: Sequence[dict[str, Any]]) -> generator.Dossier:
    """The same dossier, one table replaced."""
    return replace(source, tables={**source.tables, table: list(rows)})


def fichier(
    cible: Path, appel: Appel, operation: Mapping[str, Any] | None = None, tables: Tables | None = None
) -> Path:
    """A small workbook as a file; the form is plausible but for what is given."""
    typed = {"strings_to_formulas": False}
    cible.write_bytes(classeur(appel, operation_type(appel) | dict(operation or {}), tables, options=typed))
    return cible


def lu(cible: Path, jour: date = JOUR) -> Dossier:
    """A file, read and ready to be checked."""
    return Dossier.lire(cible, catalogue(), jour)
