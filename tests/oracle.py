"""What every computed cell of a workbook should show, by Python: for the engines that are asked the same."""

import io
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from generator import Dossier

from aap_xl.cells import a1
from aap_xl.domain.computed import CALCULS, calculer
from aap_xl.domain.data import Donnees
from aap_xl.workbook import layout
from aap_xl.workbook.formulas import synthese
from aap_xl.workbook.ooxml.values import cached
from aap_xl.workbook.template.build import build
from aap_xl.workbook.writing.workbooks import remplir


def jour_fixe(content: bytes, jour: date) -> bytes:
    """The workbook with its « today » frozen, so that the oracle does not depend on the clock."""
    source, target = zipfile.ZipFile(io.BytesIO(content)), io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as out:
        for item in source.infolist():
            out.writestr(item, source.read(item).replace(b"TODAY()", f"{cached(jour)}".encode()))
    return target.getvalue()


def rempli(case: Dossier) -> bytes:
    """A generated dossier's workbook, on its day."""
    empty = build(case.appel, {}, aujourdhui=case.aujourdhui)
    return jour_fixe(remplir(empty, case.operation, case.tables, case.appel), case.aujourdhui)


def erreurs(case: Dossier) -> Iterator[tuple[int, int, str]]:
    """Row, column and content of two lines of « Participants », the last ones, that hold errors alone."""
    table = layout.tables(case.appel)["participants"]
    last = layout.ENTETES + len(case.tables["participants"])
    typed = {(last - 1, "code"): "ERREUR"}
    typed |= {(last - 1, champ): "=1/0" for champ in ("date_entree", "action")}
    typed |= {(last, champ): "=1/0" for champ in ("code", "nom")}
    for ligne in (last - 1, last):
        for champ in table.champs:
            if not champ.calcule:
                yield ligne, table.colonnes[champ.nom], typed.get((ligne, champ.nom), "")


def sans_les_dernieres(case: Dossier) -> Donnees:
    """What the other lines say."""
    return replace(case, tables=case.tables | {"participants": case.tables["participants"][:-2]}).donnees


def participants_faux(donnees: Donnees, valeur: Callable[[str, str], Any]) -> list[str]:
    """What the computed columns of « Participants » show otherwise than Python finds."""
    cells = [cell for cell in attendu(donnees) if cell[2].startswith("participants.")]
    assert cells
    return [
        f"{place} {nom}: {valeur(feuille, place)!r}, Python {value!r}"
        for feuille, place, nom, value in cells
        if not pareil(trouve(valeur(feuille, place)), voulu(value))
    ]


def attendu(donnees: Donnees) -> Iterator[tuple[str, str, str, Any]]:
    """Sheet, address, name and value of every computed cell."""
    for nom, table in layout.tables(donnees.appel).items():
        for champ in table.champs:
            if champ.calcule:
                for rang, row in enumerate(donnees.rows(nom)):
                    place = a1(layout.DONNEES + rang, table.colonnes[champ.nom])
                    yield table.feuille, place, f"{nom}.{champ.nom}", CALCULS[nom, champ.nom](row, donnees)
    for cell in synthese.cellules(donnees.appel):
        yield cell.feuille, a1(cell.ligne, cell.colonne), cell.cle, calculer(cell.cle, donnees)


def trouve(value: Any) -> Any:
    """What a cell shows: a date as its number, nothing for an empty text."""
    if value in (None, ""):
        return None
    if isinstance(value, datetime):
        return float(cached(value.date()))
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


def voulu(value: Any) -> Any:
    """What Python finds, in the same terms."""
    if value is None or value == "":
        return None
    return float(cached(value)) if isinstance(value, int | Decimal | date) else value


def pareil(found: Any, wanted: Any) -> bool:
    """Whether both agree."""
    if isinstance(found, float) and isinstance(wanted, float):
        return abs(found - wanted) < 1e-7
    return bool(found == wanted)
