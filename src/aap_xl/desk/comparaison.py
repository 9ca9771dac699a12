"""Two versions of a dossier: what changed in its cells, its amounts and its anomalies."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from aap_xl.anomalies import Anomalie
from aap_xl.cells import Cell
from aap_xl.desk.anomalies import AnomalieComparee, comparer_anomalies
from aap_xl.desk.matching import Paire, apparier, libelle
from aap_xl.desk.montants import Montant, montants
from aap_xl.domain.data import Donnees
from aap_xl.domain.facts import NonLu
from aap_xl.domain.regles.tools import montre
from aap_xl.dossier import Dossier
from aap_xl.rows import Operation, Row
from aap_xl.texte import normaliser


class DossiersIncomparables(Exception):
    """The two files are not of the same call; the message says so in French."""


class Etat(StrEnum):
    """What became of a row."""

    AJOUTEE = "ajoutée"
    RETIREE = "retirée"
    MODIFIEE = "modifiée"


@dataclass(frozen=True, slots=True)
class CelluleComparee:
    """One cell that changed: its column, what each version shows, where it is in each."""

    champ: str
    entete: str
    avant: str
    apres: str
    cellule_avant: str
    cellule_apres: str


@dataclass(frozen=True, slots=True)
class LigneComparee:
    """One row that changed.

    Attributes: cle: its code or natural key; ligne_avant, ligne_apres: its row number, none where it does not exist;
                cellules: those that changed, for a row of both versions; those filled, for a row of one.
    """

    table: str
    feuille: str
    cle: str
    etat: Etat
    ligne_avant: int | None
    ligne_apres: int | None
    cellules: tuple[CelluleComparee, ...]


@dataclass(frozen=True, slots=True)
class Comparaison:
    """What changed from one version to the other.

    Attributes: avertissements: why the two files may not be two versions of the same operation; operation: the form's
                lines that changed; montants: those that count, changed or not.
    """

    ancien: Dossier
    nouveau: Dossier
    avertissements: tuple[str, ...]
    operation: tuple[CelluleComparee, ...]
    lignes: tuple[LigneComparee, ...]
    montants: tuple[Montant, ...]
    anomalies: tuple[AnomalieComparee, ...]

    @property
    def identiques(self) -> bool:
        """Whether nothing that someone typed, no amount and no anomaly changed."""
        changed = any(item.difference or (item.avant is None) != (item.apres is None) for item in self.montants)
        settled = all(item.demeure for item in self.anomalies)
        return settled and not (self.operation or self.lignes or changed)


def comparer(ancien: Dossier, nouveau: Dossier) -> Comparaison:
    """Compare two versions, on the same day.

    Raises: DossiersIncomparables if they are not of the same call: neither columns nor rules would be the same.
    """
    if ancien.appel.nom != nouveau.appel.nom:
        raise DossiersIncomparables(
            f"« {ancien.chemin.name} » est de l'appel {ancien.appel.nom}, « {nouveau.chemin.name} » de l'appel "
            f"{nouveau.appel.nom} : ils ne se comparent pas ; indiquez deux versions d'un même dossier."
        )
    before, after = ancien.donnees, nouveau.donnees
    pairs = {table: apparier(table, before.rows(table), after.rows(table)) for table in after.appel.classeur.tables}
    return Comparaison(
        ancien=ancien,
        nouveau=nouveau,
        avertissements=tuple(_avertissements(before.operation, after.operation)),
        operation=tuple(_cellules(Paire(before.operation, after.operation), before, after)),
        lignes=tuple(line for found in pairs.values() for pair in found for line in _ligne(pair, before, after)),
        montants=montants(before, after),
        anomalies=comparer_anomalies(_lieux(ancien, pairs, 0), _lieux(nouveau, pairs, 1)),
    )


def _avertissements(before: Operation, after: Operation) -> Iterator[str]:
    """The identity's lines that differ: two operations, or a correction."""
    for nom in ("siret", "convention", "porteur", "intitule"):
        old, new = getattr(before, nom), getattr(after, nom)
        if old and new and normaliser(old) != normaliser(new):
            yield (
                f"« {after.champs[nom].entete} » diffère ({old} / {new}) : vérifiez que ce sont deux versions du "
                "même dossier."
            )


def _ligne(pair: Paire, before: Donnees, after: Donnees) -> Iterator[LigneComparee]:
    cells = tuple(_cellules(pair, before, after))
    if pair.ancien is not None and pair.nouveau is not None and not cells:
        return
    etat = Etat.AJOUTEE if pair.ancien is None else Etat.RETIREE if pair.nouveau is None else Etat.MODIFIEE
    row: Row = pair.row
    yield LigneComparee(
        table=row.table,
        feuille=row.feuille,
        cle=libelle(row, after if pair.nouveau is not None else before),
        etat=etat,
        ligne_avant=pair.ancien.ligne if pair.ancien is not None else None,
        ligne_apres=pair.nouveau.ligne if pair.nouveau is not None else None,
        cellules=cells,
    )


def _cellules(pair: Paire, before: Donnees, after: Donnees) -> Iterator[CelluleComparee]:
    """The typed cells that differ (a row keeps computed ones apart); the unreadable ones are compared as typed."""
    for nom, champ in pair.row.champs.items():
        old, new = _valeur(pair.ancien, nom, before), _valeur(pair.nouveau, nom, after)
        if old != new:
            texts = _texte(pair.ancien, nom, before), _texte(pair.nouveau, nom, after)
            places = [str(row.cell(nom)) if row is not None else "" for row in (pair.ancien, pair.nouveau)]
            yield CelluleComparee(nom, champ.entete, *texts, *places)


def _valeur(row: Row | None, nom: str, donnees: Donnees) -> object:
    if row is None:
        return None
    return _tape(row, nom, donnees) if nom in row.illisibles else getattr(row, nom)


def _texte(row: Row | None, nom: str, donnees: Donnees) -> str:
    if row is None:
        return ""
    return _tape(row, nom, donnees) if nom in row.illisibles else montre(row, nom, donnees)


def _tape(row: Row, nom: str, donnees: Donnees) -> str:
    """What was typed in a cell that could not be read."""
    cell = row.cell(nom)
    unread = (fait for fait in donnees.faits if isinstance(fait, NonLu) and fait.champ == nom)
    typed = next((fait.saisi for fait in unread if _meme_place(fait.cell, cell)), "")
    return f"{typed} (illisible)".strip()


def _meme_place(first: Cell, second: Cell) -> bool:
    return (first.feuille, first.adresse) == (second.feuille, second.adresse)


def _lieux(dossier: Dossier, pairs: Mapping[str, Sequence[Paire]], rang: int) -> list[tuple[tuple[str, ...], Anomalie]]:
    """Each anomaly of one version with the row it is about, named the same way in both versions."""
    rows: dict[tuple[str, int], str] = {}
    for table, found in pairs.items():
        for number, pair in enumerate(found):
            row = (pair.ancien, pair.nouveau)[rang]
            if row is not None:
                rows[row.origin.feuille or row.feuille, row.ligne] = f"{table} {number}"
    return [(_lieu(item, rows, dossier.donnees.operation), item) for item in dossier.anomalies]


def _lieu(item: Anomalie, rows: Mapping[tuple[str, int], str], operation: Operation) -> tuple[str, ...]:
    digits = item.cell.adresse.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    row = rows.get((item.cell.feuille, int(digits) if digits else 0), "")
    if row:
        return item.code, row, item.cell.entete
    if item.cell.feuille == (operation.origin.feuille or operation.feuille):
        return item.code, operation.table, item.cell.entete
    return item.code, normaliser(item.cell.feuille), item.cell.entete
