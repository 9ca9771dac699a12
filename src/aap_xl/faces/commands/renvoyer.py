"""``aap-xl renvoyer``: annotated copies and draft messages, a folder per operator."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from aap_xl.desk.message import une_ligne, verdict
from aap_xl.desk.renvoi import ClasseurRenvoye, Renvoi, RenvoiImpossible, preparer, versions
from aap_xl.faces import display
from aap_xl.faces.common import A_CORRIGER, RIEN_A_CORRIGER, OnADay
from aap_xl.faces.failures import ECHEC, Refus, avertir
from aap_xl.francais import enumere
from aap_xl.records import record

_LOURD = 10_000_000
"""Bytes above which many mail servers refuse a message."""


@record
class Request(OnADay):
    """What ``renvoyer`` takes."""

    fichiers: Sequence[Path]
    sortie: Path
    commentaire: str
    forcer: bool = False


def run(request: Request) -> int:
    """Prepare the return of workbooks; nothing is sent.

    Returns: 0 all were prepared, 1 some files were refused, 2 all were.
    Raises:  Refus without a comment, or if a return is already there.
    """
    try:
        found = preparer(
            request.fichiers,
            request.sortie,
            request.commentaire,
            request.appels,
            request.aujourdhui,
            forcer=request.forcer,
        )
    except RenvoiImpossible as error:
        raise Refus(str(error)) from None
    noms = _Noms(found)
    _raconter(found, noms, request)
    _avertir_des_versions(found, noms)
    for item in found:
        if item.message and item.message.stat().st_size > _LOURD:
            heavy = f"« {item.message} » est trop lourd pour bien des messageries"
            avertir(f"{heavy} ; envoyez ses classeurs en plusieurs fois.")
    refused = sum(bool(item.refus) for item in found)
    return RIEN_A_CORRIGER if not refused else ECHEC if refused == len(found) else A_CORRIGER


class _Noms:
    """The files as the officer knows them: by their names, or by their paths where two have the same name."""

    def __init__(self, found: Sequence[Renvoi]) -> None:
        classeurs = [classeur for item in found for classeur in item.classeurs]
        self._combien = Counter(path.name for c in classeurs for path in (c.source, *c.identiques))

    def __call__(self, chemin: Path) -> str:
        return une_ligne(chemin.name if self._combien[chemin.name] == 1 else str(chemin))

    def cite(self, chemin: Path) -> str:
        """The same between quotes."""
        return f"« {self(chemin)} »"


def _avertir_des_versions(found: Sequence[Renvoi], noms: _Noms) -> None:
    for group in versions(found):
        files = enumere(noms.cite(classeur.source) for classeur in group)
        avertir(
            f"{files} sont des versions d'une même opération, toutes préparées ; mieux vaut ne renvoyer que la "
            "dernière (« aap-xl consolider » dit laquelle compte)."
        )


def _raconter(found: Sequence[Renvoi], noms: _Noms, request: Request) -> None:
    """What was prepared for whom, what is left to complete, what was refused."""
    done = [item for item in found if not item.refus]
    if done:
        display.titre(f"Renvois préparés : {len(done)}")
        display.tableau(("À", "Porteur", "Classeur", "Anomalies", "Copie annotée"), _lignes(done, noms), etroites=1)
        _raconter_les_copies(done, noms)
        display.chemin(f"\nDossier : {request.sortie}")
        display.phrase("Rien n'est envoyé : ouvrez chaque message.eml, relisez-le, puis envoyez-le.")
    refused = [item for item in found if item.refus]
    if refused:
        display.titre(f"Fichiers refusés : {len(refused)}")
        for item in refused:
            display.phrase(f"  • {item.refus}", "red")


def _raconter_les_copies(done: Sequence[Renvoi], noms: _Noms) -> None:
    left_out = [(path, classeur.source) for item in done for classeur in item.classeurs for path in classeur.identiques]
    if left_out:
        display.titre(f"Copies laissées de côté : {len(left_out)}")
        for path, kept in left_out:
            display.phrase(f"  • {noms.cite(path)} est une copie de {noms.cite(kept)}, qui n'est renvoyé qu'une fois.")


def _lignes(done: Sequence[Renvoi], noms: _Noms) -> list[tuple[str, ...]]:
    return [
        (
            ", ".join(item.destinataires) or "adresse à compléter",
            item.porteur or "non renseigné",
            noms(classeur.source),
            verdict(classeur.anomalies),
            _copie(classeur),
        )
        for item in done
        for classeur in item.classeurs
    ]


def _copie(classeur: ClasseurRenvoye) -> str:
    if classeur.copie is None:
        return "impossible : à réenregistrer"
    return "non jointe : un NIR y figure" if classeur.absence else "jointe"
