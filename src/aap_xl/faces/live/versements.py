"""The amounts that worksheet functions work on, and what the domain makes of them."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from aap_xl.appels.model import Appel, Niveau
from aap_xl.domain import budget
from aap_xl.domain.data import Donnees
from aap_xl.domain.regles.tools import au_choix
from aap_xl.domain.solde import Solde, solder
from aap_xl.dossier import today
from aap_xl.euros import ZERO
from aap_xl.faces.live.arguments import ArgumentRefuse, Cellules, Lignes, lire, lisibles
from aap_xl.rows import Charge, Depense, Nature, Operation, Row
from aap_xl.rows.fields import champ
from aap_xl.workbook.reading.values import Liste, NotListed

PAR_POSTE = "Cet appel à projets limite les dépenses par poste : voyez le tableau « budget_postes » du bilan"


class Versement(Row, feuille="", table="versement"):
    """The amounts of one operation that decide its grant."""

    retenu: Decimal | None = champ("Dépenses retenues", Nature.MONTANT, aide="Charges indirectes comprises.")
    subvention_votee: Decimal | None = champ("Subvention votée", Nature.MONTANT)
    avance: Decimal | None = champ("Avance versée", Nature.MONTANT, aide="0 s'il n'y en a pas eu.")
    taux_intervention: Decimal | None = champ(
        "Taux d'intervention", Nature.TAUX, aide="Facultatif : celui de la convention, si elle en fixe un."
    )
    autres_ressources: Decimal | None = champ(
        "Autres ressources",
        Nature.MONTANT,
        aide="Facultatif : celles qui se déduisent (ni celle du Département, ni les fonds propres).",
    )
    ajustement: Decimal | None = champ(
        "Ajustement", Nature.MONTANT, aide="Facultatif : ce que l'instructeur ajoute à la subvention, ou en retire."
    )


class Prevision(Row, feuille="", table="prevision"):
    """An amount planned on a category of costs."""

    poste: str | None = champ("Poste", aide="Poste de dépense, tel que l'appel à projets le nomme.")
    montant: Decimal | None = champ("Montant", Nature.MONTANT, aide="Montant de chaque poste ou de chaque ligne.")


def solde(v: Versement, appel: Appel) -> Solde:
    """The grant and the balance of those amounts; no other resource unless one is given."""
    return solder(
        appel,
        retenu=v.retenu or ZERO,
        autres=v.autres_ressources or ZERO,
        votee=v.subvention_votee,
        taux=v.taux_intervention,
        avance=v.avance,
        ajustement=v.ajustement,
    )


def net(v: Versement, appel: Appel) -> Decimal | None:
    """What is left to pay, or to give back with a minus sign; ``None`` until the grant and the advance are known."""
    found = solde(v, appel)
    return None if found.solde is None else found.solde - (found.a_reverser or ZERO)


def indirectes(appel: Appel, poste: Cellules, montant: Cellules) -> Decimal | None:
    """The flat rate on planned amounts by category; ``None`` when nothing is given.

    Raises: ArgumentRefuse if a line can't be read.
    """
    rows = lisibles(lire(appel, Prevision, ("poste",), poste=poste, montant=montant))
    if not rows:
        return None
    postes = Liste(appel.budget.postes)
    charges = [Charge(**_blank(Charge) | {"poste": _poste(postes, row.poste), "prevu": row.montant}) for row in rows]
    return budget.charges_indirectes(budget.directes(_donnees(appel, {"charges": charges})), appel)


def _poste(postes: Liste, nom: str | None) -> str | None:
    try:
        code: str | None = postes.lire(nom)[0]
    except NotListed as unknown:
        words = f"« {nom} » n'est pas dans la liste ; choisissez {au_choix(unknown.choix)}"
        raise ArgumentRefuse(f"Poste : {words}") from None
    return code


def retenues(
    appel: Appel, previsions: Lignes[Charge], depenses: Lignes[Depense], operation: Lignes[Operation]
) -> list[object]:
    """What is retained on each planned line, after its cap.

    Args:    previsions: codes and planned amounts; depenses: the expenses booked on them; operation: its dates.
    Returns: euros by planned line; a text where it can't be read; ``None`` for a blank line.
    Raises:  ArgumentRefuse if an expense can't be read, or if the call caps whole categories.
    """
    if appel.budget.fongibilite.niveau != Niveau.LIGNE:
        raise ArgumentRefuse(PAR_POSTE)
    charges = [row for row in previsions.rows if isinstance(row, Charge)]
    spent = lisibles(depenses)
    tables: dict[str, Sequence[Row]] = {"charges": charges, "depenses": spent}
    donnees = _donnees(appel, tables, next(iter(lisibles(operation)), None))
    retained = {id(row): ligne.retenu for row, ligne in zip(charges, budget.lignes(donnees), strict=True)}
    return [retained[id(row)] if isinstance(row, Charge) else row for row in previsions.rows]


def _donnees(appel: Appel, tables: Mapping[str, Sequence[Row]], operation: Operation | None = None) -> Donnees:
    return Donnees(appel, operation or Operation(**_blank(Operation)), tables, today())


def _blank(modele: type[Row]) -> dict[str, Any]:
    """No value for any field."""
    return dict.fromkeys(modele.champs)
