"""What is right in a workbook, counted: an operator is told of it too."""

from collections.abc import Collection, Iterator
from string import ascii_uppercase

from aap_xl.domain.budget import total_prevu
from aap_xl.domain.personnes import par_personne
from aap_xl.domain.solde import total_ressources
from aap_xl.dossier import Dossier
from aap_xl.euros import format_euros
from aap_xl.francais import compte
from aap_xl.rows import Participant, Redaction, Ressource, Row
from aap_xl.workbook import layout

Juste = dict[str, object]
_EQUILIBRE = "B07"
"""The rule that compares planned expenses with planned resources."""


def justes(dossier: Dossier) -> list[Juste]:
    """What asks for nothing: the form's lines, each sheet's rows, the plan's balance; nothing of a sheet left blank."""
    wrong = {(item.cell.feuille, item.cell.adresse.lstrip(ascii_uppercase)) for item in dossier.a_corriger}
    found = [_formulaire(dossier), *_tables(dossier, wrong), _equilibre(dossier)]
    return [item for item in found if item and item["nombre"]]


def _formulaire(dossier: Dossier) -> Juste:
    operation = dossier.donnees.operation
    wrong = {item.cell for item in dossier.a_corriger}
    filled = [operation.cell(nom) for nom, _ in operation.valeurs()]
    return _juste(filled[0].feuille if filled else "", len(filled), len({*filled} - wrong), "champ rempli")


def _tables(dossier: Dossier, wrong: Collection[tuple[str, str]]) -> Iterator[Juste]:
    for table in layout.tables(dossier.appel):
        rows = [row for row in dossier.donnees.rows(table) if _remplie(row)]
        clean = sum((row.origin.feuille or row.feuille, str(row.ligne)) not in wrong for row in rows)
        if rows:
            people = len(par_personne(dossier.donnees)) if table == Participant.table else 0
            yield _juste(rows[0].origin.feuille or rows[0].feuille, len(rows), clean, "ligne", personnes=people)


def _remplie(row: Row) -> bool:
    """Whether someone wrote in the row: a heading of the written report stands there from the start."""
    return not isinstance(row, Redaction) or row.texte is not None


def _juste(feuille: str, lues: int, justes: int, mots: str, *, personnes: int = 0) -> Juste:
    """``18 personnes : 17 lignes sur 18 sans rien à corriger``."""
    whose = f"{compte(personnes, 'personne')} : " if personnes else ""
    among = "" if justes == lues else f" sur {lues}"
    phrase = f"{whose}{compte(justes, *mots.split())}{among} sans rien à corriger"
    return {"feuille": feuille, "phrase": phrase, "nombre": justes}


def _equilibre(dossier: Dossier) -> Juste | None:
    """That resources pay for what is planned, once both are known and the call asks for it."""
    donnees = dossier.donnees
    planned, paid = total_prevu(donnees), total_ressources(donnees)
    known = _EQUILIBRE in dossier.appel.regles and planned and abs(planned - paid) <= dossier.appel.budget.tolerance
    if not known or any(item.code == _EQUILIBRE for item in dossier.anomalies):
        return None
    phrase = f"le plan de financement est équilibré : {format_euros(planned)} de dépenses prévues, autant de ressources"
    return {"feuille": Ressource.feuille, "phrase": phrase, "nombre": 1}
