"""The invented operations of the demonstration: one TOML file per call, and the mistakes it can plant."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from aap_xl.anomalies import Anomalie
from aap_xl.appels.loader import Catalogue
from aap_xl.appels.model import Appel
from aap_xl.domain.data import Donnees
from aap_xl.dossier import Dossier
from aap_xl.workbook.template.build import build
from aap_xl.workbook.template.buttons import Macros
from aap_xl.workbook.writing.workbooks import actualiser, remplir, write_atomically

Tables = dict[str, list[dict[str, Any]]]
_OPERATION = "operation"


@dataclass(frozen=True, slots=True)
class Attendue:
    """An anomaly that a planted mistake must give; ``ligne``: from 1 within its table; ``champ``: "" for the sheet."""

    code: str
    table: str
    ligne: int
    champ: str

    def place(self, donnees: Donnees) -> tuple[str, str, str]:
        """Code, sheet and address, in the workbook as read."""
        row = donnees.operation if self.table == _OPERATION else donnees.rows(self.table)[self.ligne - 1]
        if not self.champ:
            return self.code, row.origin.feuille, ""
        cell = row.cell(self.champ)
        return self.code, cell.feuille, cell.adresse


@dataclass(frozen=True, slots=True)
class Erreur:
    """One planted mistake: what was done, in French, and the anomalies it gives."""

    texte: str
    attendues: tuple[Attendue, ...]


@dataclass(frozen=True, slots=True)
class Exemple:
    """One operation's content; with or without its planted mistakes."""

    appel: str
    millesime: int
    aujourdhui: date
    operation: Mapping[str, Any]
    tables: Tables
    erreurs: tuple[Erreur, ...] = ()

    @property
    def nom(self) -> str:
        """``2025-3.3``, for file names."""
        return f"{self.millesime}-{self.appel}"

    def manquees(self, donnees: Donnees, anomalies: list[Anomalie]) -> list[Erreur]:
        """The planted mistakes that were not found where they were planted."""
        found = {trouvee(item) for item in anomalies}
        return [e for e in self.erreurs if any(a.place(donnees) not in found for a in e.attendues)]


def trouvee(item: Anomalie) -> tuple[str, str, str]:
    """An anomaly as `Attendue.place` writes it."""
    return item.code, item.cell.feuille, item.cell.adresse


def exemples(*, erreurs: bool) -> Iterator[Exemple]:
    """Every example of the package, by name of file.

    Args: erreurs: whether the mistakes are planted; without them, nothing is to be corrected.
    """
    for chemin in sorted(Path(__file__).parent.glob("*.toml")):
        data = tomllib.loads(chemin.read_text(encoding="utf-8"), parse_float=Decimal)
        operation, tables = data["operation"], data["tables"]
        planted = tuple(_plant(item, operation, tables) for item in data["erreurs"]) if erreurs else ()
        yield Exemple(data["appel"], data["millesime"], data["aujourdhui"], operation, tables, planted)


def _plant(item: Mapping[str, Any], operation: dict[str, Any], tables: Tables) -> Erreur:
    """Change the rows as told; without ``ligne``, a row is added. An empty text blanks the cell."""
    table, valeurs = item["table"], item["valeurs"]
    ligne = item.get("ligne", 0)
    row = operation
    if table != _OPERATION:
        if not ligne:
            tables[table].append({})
            ligne = len(tables[table])
        row = tables[table][ligne - 1]
    row.update(valeurs)
    for nom in [nom for nom, value in valeurs.items() if value == ""]:
        del row[nom]
    defaut = {"table": table, "ligne": ligne, "champ": next(iter(valeurs))}
    return Erreur(item["texte"], tuple(Attendue(**(defaut | wanted)) for wanted in item["attendu"]))


def remplir_classeur(
    cible: Path, exemple: Exemple, appel: Appel, appels: Catalogue, macros: Macros | None = None
) -> Dossier:
    """Write a filled workbook as a spreadsheet would have saved it, computed cells included, and read it."""
    blank = build(appel, {}, aujourdhui=exemple.aujourdhui, macros=macros)
    write_atomically(cible, remplir(blank, exemple.operation, exemple.tables, appel))
    typed = Dossier.lire(cible, appels, exemple.aujourdhui)
    write_atomically(cible, actualiser(cible.read_bytes(), typed.donnees))
    return Dossier.lire(cible, appels, exemple.aujourdhui)
