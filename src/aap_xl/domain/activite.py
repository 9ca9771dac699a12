"""What happened: hours received and given, committees, links with employers."""

from datetime import date
from decimal import Decimal
from operator import attrgetter

from aap_xl.appels.model import Appel
from aap_xl.domain.data import Donnees
from aap_xl.euros import ZERO
from aap_xl.records import record
from aap_xl.rows import Comite, Heure, Immersion

SOUS_MINIMUM, DANS_FOURCHETTE = "Sous le minimum", "Dans la fourchette"


@record
class TotalHeures:
    """Hours of the operation: what people received, and what staff gave, never added together."""

    travail: Decimal
    accompagnement: Decimal
    encadrement: Decimal
    accompagnement_equipe: Decimal
    encadrement_equipe: Decimal


def _total(donnees: Donnees, champ: str) -> Decimal:
    return sum(filter(None, map(attrgetter(champ), donnees.heures)), ZERO)


def heures(donnees: Donnees) -> TotalHeures:
    """The sums of the sheet « Heures », in hours."""
    return TotalHeures(
        travail=_total(donnees, "travail"),
        accompagnement=_total(donnees, "accompagnement"),
        encadrement=_total(donnees, "encadrement"),
        accompagnement_equipe=_total(donnees, "accompagnement_equipe"),
        encadrement_equipe=_total(donnees, "encadrement_equipe"),
    )


def repere(heure: Heure, appel: Appel) -> str:
    """Where a person's week stands against the call's range, bounds included; ``""`` if it cannot be told."""
    if appel.heures is None or heure.travail is None:
        return ""
    if appel.heures.sous(heure.travail):
        return SOUS_MINIMUM
    return appel.heures.au_dela if appel.heures.dela(heure.travail) else DANS_FOURCHETTE


def jours(immersion: Immersion) -> int | None:
    """Calendar days of a period of work experience, bounds included; ``None`` if its dates do not allow it."""
    debut, fin = immersion.date_debut, immersion.date_fin
    if debut is None or fin is None or fin < debut:
        return None
    return (fin - debut).days + 1


def comites_tenus(donnees: Donnees) -> list[Comite]:
    """The committees already held, by date."""
    return _tenus(donnees, date.min, date.max)


def comites_de_l_operation(donnees: Donnees) -> list[Comite]:
    """Those held between the operation's dates, to compare with those expected then; all, if these are not known."""
    du, au = donnees.operation.date_debut, donnees.operation.date_fin
    return _tenus(donnees, du, au) if du and au and du <= au else comites_tenus(donnees)


def _tenus(donnees: Donnees, first: date, last: date) -> list[Comite]:
    last = min(last, donnees.aujourdhui)
    held = [(c.date_reunion, c) for c in donnees.comites if c.date_reunion is not None]
    return [c for le, c in sorted(held, key=lambda pair: pair[0]) if first <= le <= last]


def liens(donnees: Donnees) -> list[tuple[str | None, int, int]]:
    """Links by nature, in the call's order: code, number of links, participants concerned.

    A last line counts the links without a nature, under ``None``.
    """
    found: list[tuple[str | None, int, int]] = []
    for code in (*(item.code for item in donnees.appel.elements.get("liens", ())), None):
        rows = [row for row in donnees.partenaires if row.nature == code]
        found.append((code, len(rows), sum(row.personnes or 0 for row in rows)))
    return found
