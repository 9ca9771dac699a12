"""What ``--json`` prints: one object, its amounts as texts with two decimals, its dates as ISO 8601 writes them."""

from datetime import date
from decimal import Decimal

from aap_xl.euros import arrondi
from aap_xl.texte import json_visible


def imprimer(objet: dict[str, object]) -> None:
    """Print an object for a machine."""
    print(ecrire(objet, indent=2))  # the face's own output


def ecrire(objet: dict[str, object], indent: int | None = None) -> str:
    """An object as a text."""
    import json  # noqa: PLC0415 - only when asked for

    return json_visible(json.dumps(objet, ensure_ascii=False, indent=indent, default=_texte))


def _texte(valeur: object) -> str:
    if isinstance(valeur, Decimal):
        return f"{arrondi(valeur):f}"
    return valeur.isoformat() if isinstance(valeur, date) else str(valeur)
