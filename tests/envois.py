"""Small returned workbooks for the consolidation's tests: invented people, real files, no process started."""

import datetime as dt
import os
from collections.abc import Generator, Iterable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import fabrique
import pyarrow.parquet as pq

from aap_xl.appels.loader import Catalogue
from aap_xl.appels.model import Appel
from aap_xl.consolidation.dataset import Tally
from aap_xl.consolidation.one_file import Context, Outcome, Task, treat_batch
from aap_xl.consolidation.pseudonymes import Cle
from aap_xl.consolidation.run import Job, consolider

LE = dt.date(2025, 12, 15)
CLE = Cle(bytes(range(32)))
SIRETS = ("78467169500103", "73282932000074", "44306184100047", "55203253400646")


def personne(code: str, nom: str = "EXEMPLE-DURAND", naissance: dt.date = dt.date(1990, 5, 17), **champs: Any) -> Any:
    """One participant, visibly invented."""
    return {
        "code": code,
        "nom": nom,
        "prenom": "Prénom-Inventé",
        "sexe": "f",
        "date_naissance": naissance,
        "mds": "artois",
        "brsa": True,
        "date_entree": dt.date(2025, 4, 7),
        **champs,
    }


def classeur(
    appel: Appel,
    participants: Sequence[Mapping[str, Any]] = (),
    tables: Mapping[str, Sequence[Mapping[str, Any]]] | None = None,
    **operation: Any,
) -> bytes:
    """One returned workbook; the same twice is made once."""
    key = repr((appel.nom, participants, tables, sorted(operation.items())))
    if key not in _FAITS:
        _FAITS[key] = _classeur(appel, participants, tables or {}, operation)
    return _FAITS[key]


_FAITS: dict[str, bytes] = {}


def _classeur(
    appel: Appel,
    participants: Sequence[Mapping[str, Any]],
    tables: Mapping[str, Sequence[Mapping[str, Any]]],
    operation: Mapping[str, Any],
) -> bytes:
    form = {nom: valeur for nom, valeur in operation.items() if nom in appel.classeur.operation}
    people = participants or [personne("C1")]
    budget: dict[str, Any] = {
        "charges": [{"code": "F1", "poste": "fonctionnement", "libelle": "Achats", "prevu": Decimal(1000)}],
        "participants": people,
    }
    return fabrique.classeur(appel, fabrique.operation_type(appel) | form, budget | dict(tables))


def depense(montant: str, **champs: Any) -> Any:
    """One expense, in order."""
    return {
        "document": "FA-1",
        "date_piece": dt.date(2025, 5, 5),
        "date_paiement": dt.date(2025, 5, 6),
        "ligne_budget": "F1",
        "fournisseur": "Fournisseur Inventé",
        "montant": Decimal(montant),
        "justificatif": True,
        **champs,
    }


JOUR = dt.datetime(2025, 6, 1, 12).astimezone()


def deposer(dossier: Path, fichiers: Mapping[str, bytes], jour: dt.datetime = JOUR) -> Path:
    """Put files in a folder, all dated of one day: older than any stamp that could be doubted."""
    for nom, octets in fichiers.items():
        chemin = dossier / nom
        chemin.parent.mkdir(parents=True, exist_ok=True)
        chemin.write_bytes(octets)
        dater(chemin, jour)
    return dossier


def dater(chemin: Path, jour: dt.datetime) -> None:
    """Give a file its date."""
    os.utime(chemin, (jour.timestamp(), jour.timestamp()))


class EnSerie:
    """The per-file function, here, counting what it is given."""

    def __init__(self, context: Context, *, envers: bool = False) -> None:
        self.context = context
        self.envers = envers
        self.traites = 0

    def execute(self, lots: Iterable[list[Task]]) -> Generator[list[Outcome], None, None]:
        for lot in reversed(list(lots)) if self.envers else lots:
            self.traites += len(lot)
            yield treat_batch(lot[::-1] if self.envers else lot, self.context)


class Muet:
    """Nobody watches."""

    def avance(self, faits: int, refuses: int) -> None:
        return

    def ecrit(self) -> None:
        return


def context(catalogue: Catalogue, cle: Cle | None = CLE, jour: dt.date = LE) -> Context:
    """What files are treated with."""
    list(catalogue)
    return Context(catalogue, jour, cle, {"P03": "Sortie avant entrée"})


def lancer(
    catalogue: Catalogue,
    entrees: Sequence[Path],
    sortie: Path,
    *,
    cle: Cle | None = CLE,
    envers: bool = False,
    jour: dt.date = LE,
) -> tuple[Tally, int]:
    """One consolidation without a process.

    Returns: what was found, and how many files were treated.
    """
    with_what = context(catalogue, cle, jour)
    executor = EnSerie(with_what, envers=envers)
    compte = consolider(Job(entrees, sortie, with_what, 5), executor, Muet())
    return compte, executor.traites


def table(sortie: Path, nom: str) -> list[dict[str, Any]]:
    """The lines of one table."""
    rows: list[dict[str, Any]] = pq.read_table(sortie / "tables" / f"{nom}.parquet").to_pylist()
    return rows


def contenu(sortie: Path) -> dict[str, Any]:
    """Everything a consolidation wrote, comparable: bytes, and the tables' lines."""
    found: dict[str, Any] = {nom: (sortie / nom).read_bytes() for nom in ("journal.jsonl", "synthese.xlsx")}
    return found | {item.stem: table(sortie, item.stem) for item in sorted((sortie / "tables").iterdir())}


def nombreux(appel: Appel, dossier: Path, nombre: int, fois: int = 1) -> Path:
    """Many returned workbooks: ``nombre`` different ones, each ``fois`` times as long as one."""
    files = {
        f"{n // 10}/suivi {n:03}.xlsx": classeur(
            appel,
            [personne(f"C{i}", f"EXEMPLE-{i}") for i in range(fois)],
            intitule=f"Opération {n}",
            convention=str(n),
        )
        for n in range(1, nombre + 1)
    }
    return deposer(dossier, files)
