"""``aap-xl comparer``: what changed between two versions of a dossier."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

from aap_xl.desk.anomalies import Sort
from aap_xl.desk.comparaison import CelluleComparee, Comparaison, DossiersIncomparables, Etat, LigneComparee, comparer
from aap_xl.euros import format_euros
from aap_xl.faces import display
from aap_xl.faces.as_json import imprimer
from aap_xl.faces.common import OnADay, code_retour, ecrire_la_sortie, verifier_la_sortie
from aap_xl.faces.failures import Refus, avertir
from aap_xl.faces.grouping import regrouper
from aap_xl.faces.results.comparaison import resultat
from aap_xl.francais import compte, jour
from aap_xl.records import record

_VIDE = "(vide)"
_LONG, _AVANT = 160, 20
"""Letters shown of a long text, and how many of them come before the first that changes."""
_COLONNES = ("Cellule", "Colonne", "Avant", "Après")


@record
class Request(OnADay):
    """What ``comparer`` takes."""

    ancien: Path
    nouveau: Path
    sortie: Path | None = None
    json: bool = False
    forcer: bool = False


def run(request: Request) -> int:
    """Compare two versions of a dossier, both checked on the same day.

    Returns: 0 nothing to correct in the new version, 1 something to correct.
    Raises:  Refus if they are not of the same call, or if the workbook can't or must not be written.
    """
    if request.sortie:
        verifier_la_sortie(request.sortie, [request.ancien, request.nouveau], forcer=request.forcer)
    ancien, nouveau = request.lire(request.ancien), request.lire(request.nouveau)
    try:
        found = comparer(ancien, nouveau)
    except DossiersIncomparables as error:
        raise Refus(str(error)) from None
    if request.json:
        imprimer(resultat(found))
    else:
        _afficher(found)
    for phrase in found.avertissements:
        avertir(phrase)
    if request.sortie:
        from aap_xl.desk.comparaison_sheet import octets  # noqa: PLC0415 - XlsxWriter, only when writing

        ecrire_la_sortie(
            request.sortie, octets(found), "Comparaison écrite dans", like=request.nouveau, muet=request.json
        )
    return code_retour(nouveau)


def _afficher(found: Comparaison) -> None:
    after = found.nouveau.donnees
    display.phrase(f"{found.ancien.chemin.name} → {found.nouveau.chemin.name} · {found.nouveau.appel.nom}", "bold")
    display.phrase(f"{after.operation.porteur or 'porteur non renseigné'} · contrôlés au {jour(after.aujourdhui)}")
    if found.identiques:
        display.phrase("\nAucun changement : ni cellule, ni montant, ni anomalie.", "green")
        return
    _lignes(found)
    _montants(found)
    _anomalies(found)


def _lignes(found: Comparaison) -> None:
    """The form, then each sheet: a row added or removed is told, the cells of the others are shown."""
    if found.operation:
        display.titre(f"Opération : {compte(len(found.operation), 'champ', 'modifié')}")
        display.tableau(_COLONNES, [_cellule(cell) for cell in found.operation])
    by_sheet: dict[str, list[LigneComparee]] = {}
    for item in found.lignes:
        by_sheet.setdefault(item.feuille, []).append(item)
    for feuille, items in by_sheet.items():
        display.titre(f"{feuille} : {compte(len(items), 'ligne')}")
        display.tableau(("Ligne", *_COLONNES), [row for item in items for row in _ligne(item)])


def _ligne(item: LigneComparee) -> Iterator[tuple[str, ...]]:
    """A changed row's cells, its name said once; one line for a row of a single version."""
    if item.etat is not Etat.MODIFIEE:
        number = item.ligne_avant or item.ligne_apres
        filled = compte(len(item.cellules), "cellule", "remplie")
        shown = ("", filled) if item.etat is Etat.AJOUTEE else (filled, "")
        yield item.cle, f"ligne {number}", f"ligne {item.etat}", *shown
        return
    for rank, cell in enumerate(item.cellules):
        yield "" if rank else item.cle, *_cellule(cell)


def _cellule(cell: CelluleComparee) -> tuple[str, ...]:
    places = dict.fromkeys(filter(None, (_adresse(cell.cellule_avant), _adresse(cell.cellule_apres))))
    pairs = enumerate(zip(cell.avant, cell.apres, strict=False))
    start = next((rank for rank, (old, new) in pairs if old != new), min(len(cell.avant), len(cell.apres)))
    return " → ".join(places) or "–", cell.entete, _extrait(cell.avant, start), _extrait(cell.apres, start)


def _extrait(texte: str, debut: int) -> str:
    """A text short enough for a screen, from a little before what changes in it."""
    if len(texte) <= _LONG:
        return texte or _VIDE
    first = max(0, min(debut - _AVANT, len(texte) - _LONG))
    last = first + _LONG
    return f"{'…' if first else ''}{texte[first:last]}{'…' if last < len(texte) else ''}"


def _adresse(cellule: str) -> str:
    return cellule.rpartition("!")[2]


def _montants(found: Comparaison) -> None:
    changed = [item for item in found.montants if item.avant != item.apres]
    display.titre(f"Montants : {compte(len(changed), 'modifié')}")
    if changed:
        rows = [(item.libelle, _montre(item.avant), _montre(item.apres), _signe(item.difference)) for item in changed]
        display.tableau(("Montant", "Avant", "Après", "Différence"), rows, droites={1, 2, 3})


def _montre(montant: Decimal | None) -> str:
    return "inconnu" if montant is None else format_euros(montant)


def _signe(montant: Decimal | None) -> str:
    return "" if montant is None else f"{'+' if montant > 0 else ''}{format_euros(montant)}"


def _anomalies(found: Comparaison) -> None:
    for sort, word in ((Sort.RESOLUE, "résolue"), (Sort.NOUVELLE, "nouvelle"), (Sort.DEMEURE, "restante")):
        items = [item.anomalie for item in found.anomalies if item.sort is sort]
        display.titre(compte(len(items), "anomalie", word))
        rows = [(str(a.cell) or "le classeur", str(a.gravite), a.code, a.message) for a in regrouper(items)]
        if rows:
            display.tableau(("Cellule", "Gravité", "Règle", "Ce qu'il faut savoir ou corriger"), rows)
