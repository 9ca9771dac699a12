"""What ``--json`` prints: a result is the object of its fields, in their order.

Amounts are texts with two decimals, dates as ISO 8601 writes them; a cell is its address, a rate its fraction; what
is told as one flat record (`Anomalie.fields`) is that record.
"""

from datetime import date
from decimal import Decimal

from aap_xl.cells import Cell
from aap_xl.domain.sorties import Taux
from aap_xl.euros import arrondi
from aap_xl.records import names
from aap_xl.texte import json_visible


def imprimer(objet: object) -> None:
    """Print an object for a machine."""
    print(ecrire(objet, indent=2))  # the face's own output


def ecrire(objet: object, indent: int | None = None) -> str:
    """An object as a text."""
    import json  # noqa: PLC0415 - only when asked for

    return json_visible(json.dumps(objet, ensure_ascii=False, indent=indent, default=_plain))


def _plain(valeur: object) -> object:
    """What JSON has no word for."""
    if isinstance(valeur, Decimal):
        return f"{arrondi(valeur):f}"
    if isinstance(valeur, date):
        return valeur.isoformat()
    if isinstance(valeur, (Cell, Taux)):
        return str(valeur)
    if hasattr(valeur, "fields"):
        return valeur.fields()
    named = getattr(valeur, "__dataclass_fields__", None) or names(valeur)
    return {nom: getattr(valeur, nom) for nom in named}
