"""Whole dossiers as texts: tables of the bilan, anomalies, computed values, and every message of the cases.

Written by ``python tests/golden_files.py``. What changes in ``tests/golden`` is read before it is committed: it is what
operators and officers would see.
"""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from itertools import chain
from pathlib import Path
from re import sub
from typing import Any
from zlib import crc32

import cas as cases
import generator
import lectures
import published
from oracle import attendu
from together import drawn
from variations import Named, crossed, lessened, noticed, variations

from aap_xl.anomalies import Anomalie
from aap_xl.appels.loader import Catalogue
from aap_xl.appels.model import Appel
from aap_xl.domain.bilan import Tableau, tableaux
from aap_xl.domain.computed import CALCULS, calculer
from aap_xl.domain.controle import controler
from aap_xl.domain.data import Donnees
from aap_xl.dossier import Dossier
from aap_xl.dossier import catalogue as fournis
from aap_xl.faces.exemples import Exemple, exemples
from aap_xl.workbook import layout
from aap_xl.workbook.formulas import synthese
from aap_xl.workbook.template.build import build
from aap_xl.workbook.writing.workbooks import remplir

FOLDER = Path(__file__).parent / "golden"
_SEED, _DRAWS, _AFTER = 3, 14, timedelta(days=40)


def _drawn(appel: Appel, _: Catalogue) -> Iterator[str]:
    """A generated dossier, which reaches every line of the exit table."""
    donnees = generator.dossier(appel, _SEED, 15).donnees
    yield from (*_bilan(donnees), *_anomalies(donnees))


def _fictional(appel: Appel, catalogue: Catalogue) -> Iterator[str]:
    """The same for a call made up, with its computed values."""
    donnees = generator.dossier(appel, _SEED, 15).donnees
    yield from (*_drawn(appel, catalogue), *_computed(donnees))


def _running(appel: Appel, catalogue: Catalogue) -> Iterator[str]:
    """The sample with its planted mistakes, on its day."""
    exemple = _exemple(appel)
    donnees = _donnees(exemple, exemple.aujourdhui, catalogue)
    yield from (*_bilan(donnees), *_anomalies(donnees), *_computed(donnees))


def _over(appel: Appel, catalogue: Catalogue) -> Iterator[str]:
    """The same once the operation is over."""
    exemple = _exemple(appel)
    donnees = _donnees(exemple, exemple.operation["date_fin"] + _AFTER, catalogue)
    yield from (*_bilan(donnees), *_anomalies(donnees))


def _cases(appel: Appel, catalogue: Catalogue) -> Iterator[str]:
    """What the rules say of the cases of ``tests/cases``."""
    for cas in cases.tous():
        if cas.appel == appel.identite.code:
            own = [str(item) for item in controler(cases.donnees(appel, cas)) if item.code == cas.regle]
            yield from ("", f"{cas.regle} {cas.nom}", *own) if own else ()


def _varied(appel: Appel, _: Catalogue) -> Iterator[str]:
    """What becomes of the clean dossier when one thing of it changes."""
    return _told(appel, variations(appel))


def _together(appel: Appel, _: Catalogue) -> Iterator[str]:
    """What becomes of the clean dossier with lines drawn from a few values."""
    return _told(appel, drawn(appel))


def _crossed(appel: Appel, _: Catalogue) -> Iterator[str]:
    """What becomes of each case when one more cell changes."""
    return _told(appel, crossed(appel))


def _noticed(appel: Appel, _: Catalogue) -> Iterator[str]:
    """How each thing that reading may notice is worded."""
    for fait in noticed():
        donnees = cases.base(appel)
        donnees.faits = [fait]
        yield from map(str, controler(donnees))


def _lessened(appel: Appel, _: Catalogue) -> Iterator[str]:
    """What becomes of a generated dossier when its call lacks something."""
    for nom, less in lessened(appel):
        donnees = generator.dossier(less, _SEED, 15).donnees
        yield f"sans {nom} : {_sealed(donnees)}"


def _sealed(donnees: Donnees) -> str:
    return ", ".join(f"{quoi} {seal}" for quoi, seal in _seals(donnees, controler(donnees)).items())


def _cells(_: Appel, __: Catalogue) -> Iterator[str]:
    """What cells of every make are read as."""
    yield from (*lectures.cells(), *lectures.days(), *lectures.nirs())


def _published(_: Appel, __: Catalogue) -> Iterator[str]:
    """Which drawn counts are shown, and which drawn files count."""
    yield from (*published.masked(), *published.versions())


def _wordings(appel: Appel, _: Catalogue) -> Iterator[str]:
    """What lists take, and take for another word."""
    return lectures.listes(appel)


def _told(appel: Appel, named: Iterable[Named]) -> Iterator[str]:
    """The rules that speak, in full the first time that they say it, digits apart."""
    clean, told = _seals(cases.base(appel), []), set[str]()
    for nom, cas in named:
        donnees = cases.donnees(appel, cas)
        found = controler(donnees)
        seals = [f"{quoi} {seal}" for quoi, seal in _seals(donnees, found).items() if clean[quoi] != seal]
        yield f"# {nom} [{', '.join(seals)}]"
        for item in found:
            said = sub(r"\d", "", item.message)
            yield f"{item.code} {item.cell}" if said in told else str(item)
            told.add(said)


def _seals(donnees: Donnees, found: Iterable[Anomalie]) -> dict[str, str]:
    """What tells whether the bilan, the computed cells and the anomalies are those of another dossier."""
    shown = {
        "bilan": [*chain.from_iterable(map(_table, tableaux(donnees)))],
        "calculs": _values(donnees),
        "messages": [*map(str, found)],
    }
    return {quoi: f"{crc32(repr(lines).encode()):08x}"[:4] for quoi, lines in shown.items()}


def _values(donnees: Donnees) -> list[str]:
    """The computed cells of every line, and those of the summaries."""
    columns, names = _names(donnees.appel)
    lines = [CALCULS[column](row, donnees) for column in columns for row in donnees.rows(column[0])]
    return [*map(_cell, lines), *(_cell(calculer(nom, donnees)) for nom in names)]


@cache
def _names(appel: Appel) -> tuple[list[tuple[str, str]], list[str]]:
    tables = layout.tables(appel).items()
    columns = [(nom, champ.nom) for nom, table in tables for champ in table.champs if champ.calcule]
    return columns, [cell.cle for cell in synthese.cellules(appel)]


def _draws(_: Appel, catalogue: Catalogue) -> Iterator[str]:
    """Many generated dossiers of every call, those of strangers among them, by their checksums alone."""
    for appel in catalogue:
        for seed in range(_DRAWS):
            yield f"{appel.nom}, {seed} : {_sealed(generator.dossier(appel, seed, 15).donnees)}"


_OF_A_CALL = {
    "exemple": _running,
    "termine": _over,
    "tirage": _drawn,
    "cas": _cases,
    "faits": _noticed,
}
_OF_CHANGES = {"sans": _lessened, "lignes": _together, "croisements": _crossed, "variations": _varied}

FILES = {
    "lectures.txt": ("3.3", _cells),
    "publication.txt": ("3.3", _published),
    "listes.txt": ("3.3", _wordings),
    **{f"{code}-{nom}.txt": (code, lines) for code in ("3.3", "3.7") for nom, lines in _OF_A_CALL.items()},
    **{f"{code}-tirage.txt": (code, _fictional) for code in ("9.1", "9.2", "9.3", "9.4")},
    "tirages.txt": ("3.3", _draws),
    **{f"{code}-{nom}.txt": (code, lines) for code in ("3.3", "3.7") for nom, lines in _OF_CHANGES.items()},
}
"""Every file, the slowest last: the call, fictional ones among them, and what makes its lines."""


def text(nom: str) -> str:
    """What a file should hold."""
    code, lines = FILES[nom]
    known = _catalogue()
    return "\n".join(lines(known.get(code), known)) + "\n"


@cache
def _catalogue() -> Catalogue:
    return fournis([Path(__file__).parent / "appels"])


def _exemple(appel: Appel) -> Exemple:
    return next(item for item in exemples(erreurs=True) if item.appel == appel.identite.code)


def _donnees(exemple: Exemple, jour: date, catalogue: Catalogue) -> Donnees:
    """A sample as a returned workbook."""
    appel = catalogue.get(exemple.appel, exemple.millesime)
    octets = remplir(build(appel, {}, aujourdhui=jour), exemple.operation, exemple.tables, appel)
    return Dossier.lire(Path("suivi.xlsx"), catalogue, jour, octets).donnees


def _bilan(donnees: Donnees) -> Iterator[str]:
    yield f"{donnees.appel.nom}, le {donnees.aujourdhui:%d/%m/%Y}"
    for tableau in tableaux(donnees):
        yield from ("", *_table(tableau))


def _anomalies(donnees: Donnees) -> Iterator[str]:
    yield from ("", "# Anomalies", *map(str, controler(donnees)))


def _computed(donnees: Donnees) -> Iterator[str]:
    yield from ("", "# Calculs")
    yield from (f"{nom} {_cell(value)}" for _, _, nom, value in attendu(donnees) if value not in (None, ""))


def _table(tableau: Tableau) -> Iterator[str]:
    yield f"# {tableau.titre} ({tableau.cle}{', fixe' if tableau.fixe else ''}) [{tableau.article}]"
    yield " | ".join(f"{colonne.titre} ({colonne.nature})" for colonne in tableau.colonnes)
    yield from map(_line, tableau.lignes)
    if tableau.total is not None:
        yield f"total : {_line(tableau.total)}"
    if tableau.note:
        yield f"note : {tableau.note}"


def _line(values: Iterable[Any]) -> str:
    return " | ".join(map(_cell, values))


def _cell(value: Any) -> str:
    if isinstance(value, Decimal):
        return f"{value:f}"
    return "" if value is None else f"{value}"


def main() -> None:
    """Write every file."""
    FOLDER.mkdir(exist_ok=True)
    for nom in FILES:
        (FOLDER / nom).write_text(text(nom), encoding="utf-8")


if __name__ == "__main__":
    main()
