"""Returning workbooks: for each operator, annotated copies of its own workbooks and the message that goes with them.

Nothing of an operator reaches another: workbooks go together only when both the SIRET and the structure's name agree
(a wrong SIRET, typed twice, must not mix two structures).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from aap_xl.anomalies import Gravite
from aap_xl.appels.loader import Catalogue
from aap_xl.desk import filenames, register
from aap_xl.desk.dispatch import Envoi
from aap_xl.desk.message import courriel, des_lignes
from aap_xl.desk.operations import operations
from aap_xl.desk.returned import Piece, lire
from aap_xl.workbook.ooxml.atomic import EcritureImpossible, raison, write_atomically
from aap_xl.workbook.reading.reader import FichierRefuse

MESSAGE = "message.eml"


class RenvoiImpossible(Exception):
    """Nothing can be prepared; the message is a French sentence that says what to do."""


@dataclass(frozen=True, slots=True)
class ClasseurRenvoye:
    """One workbook of an operator.

    Attributes: copie: the annotated copy, ``None`` when the file's format does not allow one; absence: why it does
                not go with the message, which then tells every anomaly; anomalies: how many, by severity; identiques:
                files of the same bytes, left out; operation: the same for every version of an operation, ``()`` when
                the workbook does not tell which it is.
    """

    source: Path
    copie: Path | None
    absence: str
    anomalies: Mapping[Gravite, int]
    identiques: tuple[Path, ...] = ()
    operation: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Renvoi:
    """What was prepared for one operator; or, with ``refus``, one file for which nothing could be.

    Attributes: destinataires: the valid addresses found in its workbooks, to be completed when there is none.
    """

    porteur: str
    siret: str
    dossier: Path | None
    message: Path | None
    destinataires: tuple[str, ...]
    classeurs: tuple[ClasseurRenvoye, ...]
    refus: str = ""


def preparer(  # noqa: PLR0917 - the buttons' own order
    chemins: Iterable[Path],
    sortie: Path,
    commentaire: str,
    catalogue: Catalogue,
    aujourdhui: date,
    forcer: bool = False,
) -> list[Renvoi]:
    """Prepare the return of workbooks, a folder per operator; of identical files, one is returned.

    Args:    commentaire: what the officer says to the operator, in the message line by line; sortie: created if needed.
    Returns: what was prepared, by operator; then, one by one, the files refused, whatever became of the others.
    Raises:  RenvoiImpossible without a comment, if ``sortie`` is a file, or if a return is already there and
             ``forcer`` is not asked;
             EcritureImpossible if the disk refuses: each file already written is then whole.
    """
    commentaire = des_lignes(commentaire)
    if not commentaire:
        raise RenvoiImpossible("le commentaire est vide : dites au porteur pourquoi son classeur lui est renvoyé.")
    by_content: dict[str, list[Piece]] = {}
    refused: list[Renvoi] = []
    for chemin in _distincts(chemins):
        try:
            piece = lire(chemin, catalogue, aujourdhui)
        except (FichierRefuse, OSError) as error:
            refused.append(_refus(chemin, error))
        else:
            by_content.setdefault(piece.sha256, []).append(piece)
    if sortie.exists() and not sortie.is_dir():
        raise RenvoiImpossible(f"« {sortie} » est un fichier ; indiquez un dossier où écrire.")
    plans = _plans(sortie, _retenus(list(by_content.values())))
    _verifier(plans, forcer=forcer)
    return [*(plan.ecrire(commentaire, aujourdhui) for plan in plans), *refused]


def _distincts(chemins: Iterable[Path]) -> list[Path]:
    """The files in a stable order, each once."""
    found = {chemin.resolve(): chemin for chemin in chemins}
    return [found[key] for key in sorted(found)]


def _refus(chemin: Path, error: Exception) -> Renvoi:
    text = f"« {chemin.name} » : {raison(error)}" if isinstance(error, OSError) else str(error)
    return Renvoi("", "", None, None, (), (ClasseurRenvoye(chemin, None, "", {}),), text)


@dataclass(frozen=True, slots=True)
class _Retenu:
    """One workbook to return, what is the same as it, and what its operation's other versions share with it."""

    piece: Piece
    identiques: tuple[Path, ...]
    operation: tuple[str, ...]


def _retenus(contenus: Sequence[Sequence[Piece]]) -> list[_Retenu]:
    """One workbook per content, the one with the shortest name: a copy's is longer."""
    kept = [min(pieces, key=lambda piece: len(piece.source.name)) for pieces in contenus]
    found = operations(kept)
    return [
        _Retenu(piece, tuple(same.source for same in pieces if same is not piece), operation)
        for piece, pieces, operation in zip(kept, contenus, found, strict=True)
    ]


def versions(renvois: Iterable[Renvoi]) -> list[list[ClasseurRenvoye]]:
    """The workbooks of each operation that has several of them."""
    groups: dict[tuple[str, ...], list[ClasseurRenvoye]] = {}
    for classeur in (classeur for item in renvois for classeur in item.classeurs if classeur.operation):
        groups.setdefault(classeur.operation, []).append(classeur)
    return [group for group in groups.values() if len(group) > 1]


def _plans(sortie: Path, retenus: Iterable[_Retenu]) -> list["_Plan"]:
    """One plan per operator, no two in the same folder."""
    groups: dict[tuple[str, str], list[_Retenu]] = {}
    for item in retenus:
        groups.setdefault(item.piece.operateur, []).append(item)
    taken: set[str] = set()
    plans = []
    for operateur, items in sorted(groups.items()):
        first = items[0].piece
        plans.append(_Plan(sortie / filenames.dossier(first.porteur, first.siret, "\n".join(operateur), taken), items))
    return plans


def _verifier(plans: Iterable["_Plan"], *, forcer: bool) -> None:
    """Stop before anything is written over what must stay.

    Raises: RenvoiImpossible.
    """
    retenus = [item for plan in plans for item in plan.retenus]
    sources = {path.resolve() for item in retenus for path in (item.piece.source, *item.identiques)}
    for cible in (cible for plan in plans for cible in plan.cibles()):
        if cible.resolve() in sources:
            raise RenvoiImpossible(f"« {cible} » est un des classeurs à renvoyer ; choisissez un autre dossier.")
        if cible.exists() and not forcer:
            raise RenvoiImpossible(
                f"« {cible} » existe déjà : un renvoi a été préparé dans ce dossier ; choisissez un autre dossier, "
                "ou remplacez-le avec --forcer."
            )


class _Plan:
    """What will be written for one operator, named before anything is."""

    def __init__(self, dossier: Path, retenus: Sequence[_Retenu]) -> None:
        self.dossier = dossier
        self.retenus = retenus
        self.pieces = [item.piece for item in retenus]
        taken: set[str] = set()
        self.copies = [dossier / _nom(piece, taken) if piece.annote else None for piece in self.pieces]

    def cibles(self) -> list[Path]:
        """Every file to write but the register."""
        return [*(copie for copie in self.copies if copie), self.dossier / MESSAGE]

    def ecrire(self, commentaire: str, aujourdhui: date) -> Renvoi:
        """Write the copies, then the message, then one line of the register.

        Raises: EcritureImpossible.
        """
        try:
            self.dossier.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise EcritureImpossible(f"« {self.dossier} » ne peut pas être créé : {raison(error)}") from error
        envois: list[Envoi] = []
        for piece, copie in zip(self.pieces, self.copies, strict=True):
            if copie and piece.annote:
                write_atomically(copie, piece.annote, like=piece.source)
            attached = copie.name if copie and not piece.absence else ""
            envois.append(Envoi(piece.partie, attached, piece.annote or b""))
        done = self._renvoi()
        closed = min((piece.source for piece in self.pieces), key=lambda path: path.stat().st_mode)
        mail = courriel(done.porteur, done.destinataires, commentaire, envois)
        write_atomically(self.dossier / MESSAGE, mail, like=closed)
        register.ajouter(self.dossier.parent, self._ligne(done, commentaire, aujourdhui))
        return done

    def _renvoi(self) -> Renvoi:
        addresses = dict.fromkeys(piece.courriel for piece in self.pieces if piece.courriel)
        return Renvoi(
            porteur=self.pieces[0].porteur,
            siret=self.pieces[0].siret,
            dossier=self.dossier,
            message=self.dossier / MESSAGE,
            destinataires=tuple(addresses),
            classeurs=tuple(
                ClasseurRenvoye(
                    source=item.piece.source,
                    copie=copie,
                    absence=item.piece.absence,
                    anomalies=item.piece.anomalies,
                    identiques=item.identiques,
                    operation=item.operation,
                )
                for item, copie in zip(self.retenus, self.copies, strict=True)
            ),
        )

    def _ligne(self, done: Renvoi, commentaire: str, aujourdhui: date) -> register.Ligne:
        return {
            "date": aujourdhui.isoformat(),
            "porteur": done.porteur,
            "siret": done.siret,
            "dossier": self.dossier.name,
            "destinataires": list(done.destinataires),
            "commentaire": commentaire,
            "classeurs": [
                {
                    "fichier": piece.source.name,
                    "sha256": piece.sha256,
                    "copie": copie.name if copie else None,
                    "jointe": not piece.absence,
                    "anomalies": {str(gravite): n for gravite, n in piece.anomalies.items()},
                }
                for piece, copie in zip(self.pieces, self.copies, strict=True)
            ],
        }


def _nom(piece: Piece, pris: set[str]) -> str:
    mention = filenames.A_CORRIGER if piece.partie.a_corriger else filenames.VERIFIE
    return filenames.copie(piece.source.name, mention, pris)
