"""What a cell accepts: dropdowns, input messages, refusals worded in French; and how a Python value is typed in it."""

import datetime as dt
from decimal import Decimal
from typing import Any

from aap_xl.appels.model import Appel
from aap_xl.rows import Champ, Nature, Qui
from aap_xl.workbook.formulas.refs import Refs

_TITLE_MAX, _MESSAGE_MAX = 32, 255
_FIRST_DAY = dt.date(1900, 1, 1)
_DECIMALS = {Nature.NOMBRE, Nature.HEURES, Nature.MONTANT, Nature.TAUX}
OUI, NON = "Oui", "Non"

Options = dict[str, Any]


def cell_value(appel: Appel, champ: Champ, valeur: Any) -> object:
    """A field's value as it is typed on the sheet: the wording of an item, Oui or Non, a float for a Decimal."""
    if valeur is None:
        return None
    if champ.nature is Nature.CHOIX:
        return appel.libelle(champ.liste, valeur)
    if champ.nature is Nature.OUINON:
        return OUI if valeur else NON
    return float(valeur) if isinstance(valeur, Decimal) else valeur


def validation(appel: Appel, champ: Champ) -> Options:
    """The data validation of a field; empty when any value will do and there is nothing to say."""
    options = _accepted(appel, champ)
    if champ.calcule:
        options = {
            "validate": "custom",
            "value": "=FALSE",
            "error_title": "Cellule calculée",
            "error_message": "Cette cellule est calculée par le classeur : ne la remplissez pas. Appuyez sur Échap.",
        }
    if not options and not champ.aide:
        return {}
    options.setdefault("validate", "any")
    if champ.aide and not champ.calcule:
        officer = "Réservé à l'instructeur. " if champ.qui is Qui.INSTRUCTEUR else ""
        options |= {"input_title": champ.entete[:_TITLE_MAX], "input_message": (officer + champ.aide)[:_MESSAGE_MAX]}
    return options


_WORDS_TOO: Options = {
    "error_type": "warning",
    "error_message": "Ce n'est pas un choix de la liste. Le garder ? Le contrôle dira s'il est compris.",
}
"""The words of the field are understood, too."""
_SEVERAL: Options = {"show_error": False}
"""Several items may be typed."""


def _accepted(appel: Appel, champ: Champ) -> Options:
    if champ.nature is Nature.OUINON:
        return _list([OUI, NON], "Répondez par Oui ou par Non, ou laissez la cellule vide.")
    if appel.elements.get(champ.liste):
        words = champ.liste == "situations" and appel.sorties and appel.sorties.termes
        more = _SEVERAL if champ.nature is Nature.TEXTE else _WORDS_TOO if words else {}
        return _list(f"=l_{champ.liste}", "Choisissez une valeur dans la liste déroulante.") | more
    if champ.nature is Nature.DATE:
        return _refuse("date", ">=", _FIRST_DAY, "Saisissez une date, par exemple 15/03/2025.")
    if champ.nature is Nature.ENTIER:
        return _refuse("integer", ">=", champ.minimum or 0, "Saisissez un nombre entier, sans unité.")
    if champ.nature in _DECIMALS:
        return _decimal(champ)
    return _reference(appel, champ)


def _decimal(champ: Champ) -> Options:
    kind = {Nature.MONTANT: "un montant en euros", Nature.TAUX: "un pourcentage"}.get(champ.nature, "un nombre")
    if champ.maximum is not None:
        low, high = champ.minimum or 0, champ.maximum
        shown = f"{low * 100} % à {high * 100} %" if champ.nature is Nature.TAUX else f"{low} à {high}"
        options = _refuse("decimal", "between", None, f"Saisissez {kind}, de {shown}.")
        return options | {"minimum": low, "maximum": high}
    return _refuse("decimal", ">=", champ.minimum or 0, f"Saisissez {kind}, sans lettre, positif ou nul.")


def _reference(appel: Appel, champ: Champ) -> Options:
    """A code of another sheet: the dropdown helps, a code not yet written there is only warned about."""
    refs = Refs(appel)
    if champ.reference == "budget":
        name = "l_lignes_budget" if refs.a("depenses", "ligne_budget") else ""
    else:
        name = f"l_codes_{champ.reference}" if refs.a(champ.reference, "code") else ""
    if not name:
        return {}
    message = "Ce code n'est pas encore inscrit dans sa feuille. Voulez-vous le garder ?"
    return {**_list(f"={name}", message), "error_type": "warning"}


def _list(source: object, message: str) -> Options:
    return {"validate": "list", "source": source, "error_title": "Valeur hors liste", "error_message": message}


def _refuse(kind: str, criteria: str, value: object, message: str) -> Options:
    options = {"validate": kind, "criteria": criteria, "error_title": "Saisie refusée", "error_message": message}
    return options if value is None else options | {"value": value}
