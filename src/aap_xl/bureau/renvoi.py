"""Returning workbooks: for each operator, annotated copies of its own workbooks and the message that goes with them.

Nothing of an operator reaches another: workbooks go together only when both the SIRET and the structure's name agree
(a wrong SIRET, typed twice, must not mix two structures).
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from stdnum.fr import siret as sirets

from aap_xl.anomalies import Gravite
from aap_xl.appels.loader import Catalogue
from aap_xl.bureau import noms, registre
from aap_xl.bureau.message import Partie, adresse, comptes, courriel, partie, une_ligne
from aap_xl.dossier import Dossier
from aap_xl.texte import normaliser
from aap_xl.workbook.ooxml.atomic import EcritureImpossible, raison, write_atomically
from aap_xl.workbook.reading.lecture import FichierRefuse

MESSAGE = "message.eml"


class RenvoiImpossible(Exception):
    """Nothing can be prepared; the message is a French sentence that says what to do."""


@dataclass(frozen=True, slots=True)
class ClasseurRenvoye:
    """One workbook of an operator.

    Attributes: copie: the annotated copy, ``None`` when the file's format does not allow one (``sans_copie`` says
                why; the message then tells every anomaly); anomalies: how many, by severity.
    """

    source: Path
    copie: Path | None
    sans_copie: str
    anomalies: dict[Gravite, int]


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


@dataclass(frozen=True, slots=True)
class _Piece:
    """One workbook, read and checked: the little that is kept of it, for there may be hundreds."""

    source: Path
    porteur: str
    siret: str
    courriel: str
    annote: bytes | None
    sans_copie: str
    sha256: str
    anomalies: dict[Gravite, int]
    partie: Partie


def preparer(
    chemins: Iterable[Path],
    sortie: Path,
    commentaire: str,
    catalogue: Catalogue,
    aujourdhui: date,
    *,
    forcer: bool = False,
) -> list[Renvoi]:
    """Prepare the return of workbooks, a folder per operator.

    Args:    commentaire: what the officer says to the operator, in the message as it is; sortie: created if needed.
    Returns: what was prepared, by operator; then, one by one, the files refused, whatever became of the others.
    Raises:  RenvoiImpossible without a comment, or if a return is already there and ``forcer`` is not asked;
             EcritureImpossible if the disk refuses: each file already written is then whole.
    """
    if not commentaire.strip():
        raise RenvoiImpossible("le commentaire est vide : dites au porteur pourquoi son classeur lui est renvoyé.")
    groups: dict[tuple[str, str], list[_Piece]] = {}
    refused: list[Renvoi] = []
    for chemin in _distincts(chemins):
        try:
            piece = _lire(chemin, catalogue, aujourdhui)
        except (FichierRefuse, OSError) as error:
            refused.append(_refus(chemin, error))
        else:
            groups.setdefault(_cle(piece), []).append(piece)
    plans = [_Plan(sortie, cle, pieces) for cle, pieces in sorted(groups.items())]
    if not forcer:
        _refuser_d_ecraser(plans)
    if plans:
        _dossier(sortie)
    return [*(plan.ecrire(commentaire, aujourdhui) for plan in plans), *refused]


def _distincts(chemins: Iterable[Path]) -> list[Path]:
    """The files in a stable order, each once."""
    found = {chemin.resolve(): chemin for chemin in chemins}
    return [found[key] for key in sorted(found)]


def _refus(chemin: Path, error: Exception) -> Renvoi:
    text = f"« {chemin.name} » : {raison(error)}" if isinstance(error, OSError) else str(error)
    return Renvoi("", "", None, None, (), (ClasseurRenvoye(chemin, None, "", {}),), text)


def _lire(chemin: Path, catalogue: Catalogue, aujourdhui: date) -> _Piece:
    found = Dossier.lire(chemin, catalogue, aujourdhui)
    annote, sans_copie = None, ""
    try:
        annote = found.octets_bilan()
    except EcritureImpossible as error:
        sans_copie = str(error)
    op = found.donnees.operation
    digits = "".join(char for char in op.siret or "" if char.isdigit())
    return _Piece(
        source=chemin,
        porteur=une_ligne(op.porteur or ""),
        siret=digits if sirets.is_valid(digits) else "",
        courriel=adresse(op.courriel),
        annote=annote,
        sans_copie=sans_copie,
        sha256=hashlib.sha256(chemin.read_bytes()).hexdigest(),
        anomalies=comptes(found.anomalies),
        partie=partie(found.donnees, found.anomalies, annotee=annote is not None),
    )


def _cle(piece: _Piece) -> tuple[str, str]:
    """What makes two workbooks the same operator's; a file that names nobody stays alone."""
    name = normaliser(piece.porteur)
    return piece.siret, name if name or piece.siret else f"{piece.source.resolve()}"


def _dossier(chemin: Path) -> None:
    """Create a folder.

    Raises: EcritureImpossible.
    """
    try:
        chemin.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise EcritureImpossible(f"« {chemin} » ne peut pas être créé : {raison(error)}") from error


def _refuser_d_ecraser(plans: Iterable["_Plan"]) -> None:
    taken = [chemin for plan in plans for chemin in plan.cibles() if chemin.exists()]
    if taken:
        raise RenvoiImpossible(
            f"« {taken[0]} » existe déjà : un renvoi a été préparé dans ce dossier ; choisissez un autre dossier, ou "
            "remplacez-le avec --forcer."
        )


class _Plan:
    """What will be written for one operator, named before anything is."""

    def __init__(self, sortie: Path, cle: tuple[str, str], pieces: Sequence[_Piece]) -> None:
        self.sortie = sortie
        self.pieces = pieces
        first = pieces[0]
        self.dossier = sortie / noms.dossier(first.porteur, first.siret, "\n".join(cle))
        taken: set[str] = set()
        self.copies = [
            self.dossier / noms.copie(piece.source.name, taken) if piece.annote else None for piece in pieces
        ]

    def cibles(self) -> list[Path]:
        """Every file to write but the register."""
        return [*(copie for copie in self.copies if copie), self.dossier / MESSAGE]

    def ecrire(self, commentaire: str, aujourdhui: date) -> Renvoi:
        """Write the copies, then the message, then one line of the register.

        Raises: EcritureImpossible, RenvoiImpossible.
        """
        sources = {piece.source.resolve() for piece in self.pieces}
        if any(cible.resolve() in sources for cible in self.cibles()):
            raise RenvoiImpossible(
                f"« {self.dossier} » contient un des classeurs à renvoyer ; choisissez un autre dossier."
            )
        _dossier(self.dossier)
        attached = {
            copie.name: piece.annote
            for piece, copie in zip(self.pieces, self.copies, strict=True)
            if copie and piece.annote
        }
        for nom, content in attached.items():
            write_atomically(self.dossier / nom, content)
        mail = courriel(
            self.pieces[0].porteur, self._adresses(), commentaire, [piece.partie for piece in self.pieces], attached
        )
        write_atomically(self.dossier / MESSAGE, mail)
        done = self._renvoi()
        registre.ajouter(self.sortie, self._ligne(done, commentaire, aujourdhui))
        return done

    def _adresses(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(piece.courriel for piece in self.pieces if piece.courriel))

    def _renvoi(self) -> Renvoi:
        return Renvoi(
            porteur=self.pieces[0].porteur,
            siret=self.pieces[0].siret,
            dossier=self.dossier,
            message=self.dossier / MESSAGE,
            destinataires=self._adresses(),
            classeurs=tuple(
                ClasseurRenvoye(piece.source, copie, piece.sans_copie, piece.anomalies)
                for piece, copie in zip(self.pieces, self.copies, strict=True)
            ),
        )

    def _ligne(self, done: Renvoi, commentaire: str, aujourdhui: date) -> registre.Ligne:
        return {
            "date": aujourdhui.isoformat(),
            "porteur": done.porteur,
            "siret": done.siret,
            "dossier": self.dossier.name,
            "destinataires": list(done.destinataires),
            "commentaire": commentaire.strip(),
            "classeurs": [
                {
                    "fichier": item.source.name,
                    "sha256": piece.sha256,
                    "copie": item.copie.name if item.copie else None,
                    "anomalies": {str(gravite): n for gravite, n in item.anomalies.items()},
                }
                for piece, item in zip(self.pieces, done.classeurs, strict=True)
            ],
        }
