"""``aap-xl renvoyer``: annotated copies and draft messages, a folder per operator."""

from collections.abc import Sequence
from typing import Any

from aap_xl.bureau.message import resume
from aap_xl.bureau.renvoi import ClasseurRenvoye, Renvoi, RenvoiImpossible, preparer
from aap_xl.dossier import catalogue
from aap_xl.faces import affichage
from aap_xl.faces.commun import A_CORRIGER, RIEN_A_CORRIGER, jour
from aap_xl.faces.echecs import ECHEC, Refus, avertir

_LOURD = 10_000_000
"""Bytes above which many mail servers refuse a message."""


def renvoyer(args: Any) -> int:
    """Prepare the return of workbooks; nothing is sent.

    Returns: 0 all were prepared, 1 some files were refused, 2 all were.
    Raises:  Refus without a comment, or if a return is already there.
    """
    try:
        found = preparer(
            args.fichiers,
            args.sortie,
            args.commentaire,
            catalogue(args.dossiers or ()),
            jour(args),
            forcer=args.forcer,
        )
    except RenvoiImpossible as error:
        raise Refus(str(error)) from None
    _raconter(found, args)
    for item in found:
        if item.message and item.message.stat().st_size > _LOURD:
            heavy = f"« {item.message} » est trop lourd pour bien des messageries"
            avertir(f"{heavy} ; envoyez ses classeurs en plusieurs fois.")
    refused = sum(bool(item.refus) for item in found)
    return RIEN_A_CORRIGER if not refused else ECHEC if refused == len(found) else A_CORRIGER


def _raconter(found: Sequence[Renvoi], args: Any) -> None:
    """What was prepared for whom, what is left to complete, what was refused."""
    done = [item for item in found if not item.refus]
    if done:
        affichage.titre(f"Renvois préparés : {len(done)}")
        affichage.tableau(("À", "Porteur", "Classeur", "Anomalies", "Copie annotée"), _lignes(done), etroites=1)
        affichage.chemin(f"\nDossier : {args.sortie}")
        affichage.phrase("Rien n'est envoyé : ouvrez chaque message.eml, relisez-le, puis envoyez-le.")
    refused = [item for item in found if item.refus]
    if refused:
        affichage.titre(f"Fichiers refusés : {len(refused)}")
        for item in refused:
            affichage.phrase(f"  • {item.refus}", "red")


def _lignes(done: Sequence[Renvoi]) -> list[tuple[str, ...]]:
    return [
        (
            ", ".join(item.destinataires) or "adresse à compléter",
            item.porteur or "non renseigné",
            classeur.source.name,
            resume(classeur.anomalies),
            _copie(classeur),
        )
        for item in done
        for classeur in item.classeurs
    ]


def _copie(classeur: ClasseurRenvoye) -> str:
    if classeur.copie is None:
        return "impossible dans ce format"
    return "non jointe : un NIR y figure" if classeur.absence else "jointe"
