"""The sheets' rows: one class per table, one attribute per column."""

from aap_xl.rows.activite import Comite, Heure, Immersion, Partenaire, Redaction
from aap_xl.rows.budget import Charge, Depense, Personnel, Ressource, Salaire
from aap_xl.rows.fields import Champ, Nature, Qui, Row
from aap_xl.rows.operation import Action, Operation
from aap_xl.rows.participant import Participant

TABLES: dict[str, type[Row]] = {
    row.table: row
    for row in (
        Action,
        Personnel,
        Charge,
        Ressource,
        Participant,
        Immersion,
        Heure,
        Comite,
        Partenaire,
        Depense,
        Salaire,
        Redaction,
    )
}
"""Every table a call may use, in the workbook's order; the form `Operation` is always there."""

__all__ = [
    "TABLES",
    "Action",
    "Champ",
    "Charge",
    "Comite",
    "Depense",
    "Heure",
    "Immersion",
    "Nature",
    "Operation",
    "Partenaire",
    "Participant",
    "Personnel",
    "Qui",
    "Redaction",
    "Ressource",
    "Row",
    "Salaire",
]
