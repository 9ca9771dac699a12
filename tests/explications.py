"""Make ``docs/regles.md`` and the examples that the package shows, from the cases: ``python tests/explications.py``."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cas as cases
from cas import Cas

from aap_xl.anomalies import Anomalie
from aap_xl.appels.loader import Catalogue
from aap_xl.appels.model import Appel
from aap_xl.appels.models import modele
from aap_xl.domain.controle import controler
from aap_xl.domain.data import Donnees
from aap_xl.domain.regles.explications import DOSSIER, EXEMPLES, explications
from aap_xl.domain.regles.tools import montre
from aap_xl.dossier import catalogue as fournis
from aap_xl.faces.commands.regle import page
from aap_xl.rows import TABLES, Operation, Row
from aap_xl.workbook import layout

_MONTREES = 4
"""What is said of one case: more would be a list."""
PAGE = Path(__file__).parents[1] / "docs" / "regles.md"


def exemples(catalogue: Catalogue) -> str:
    """The packaged file: a failing and a passing case of each rule that has both."""
    found: dict[str, Any] = {}
    for code in explications():
        own = [cas for cas in cases.tous() if cas.regle == code]
        failing = [cas for cas in own if cas.attendu]
        passing = [cas for cas in own if not cas.attendu]
        if failing and passing:
            defaut = failing[0]
            admis = min(passing, key=lambda cas: (cas.appel != defaut.appel, not _changes(cas)))
            remedes = dict.fromkeys(a.remede for cas in failing for a in _anomalies(cas, catalogue) if a.remede)
            found[code] = {
                "defaut": _exemple(defaut, catalogue),
                "admis": _exemple(admis, catalogue),
                "remedes": list(remedes),
            }
    return json.dumps(found, ensure_ascii=False, indent=1) + "\n"


def _changes(cas: Cas) -> bool:
    return bool(cas.operation or cas.modifier or cas.ajouter)


def _anomalies(cas: Cas, catalogue: Catalogue) -> list[Anomalie]:
    dossier = cases.donnees(catalogue.get(cas.appel, 2025), cas)
    return [anomalie for anomalie in controler(dossier) if anomalie.code == cas.regle]


def _exemple(cas: Cas, catalogue: Catalogue) -> dict[str, Any]:
    appel = catalogue.get(cas.appel, 2025)
    said = [f"{_lieu(anomalie)} : {anomalie.message}" for anomalie in _anomalies(cas, catalogue)[:_MONTREES]]
    return {"appel": cas.appel, "nom": cas.nom, "saisies": list(_saisies(cas, appel)), "dit": said}


def _lieu(anomalie: Anomalie) -> str:
    """Where, without the letters of a column, which move: ``Participants, ligne 7, « BRSA »``."""
    cell = anomalie.cell
    ligne = "" if cell.feuille == Operation.feuille else cell.adresse.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    parts = (cell.feuille or "Le classeur", ligne and f"ligne {ligne}", cell.entete and f"« {cell.entete} »")
    return ", ".join(part for part in parts if part)


def _saisies(cas: Cas, appel: Appel) -> Iterator[str]:
    """What the case changes, as a reader would type it."""
    shown = cases.base(appel)
    if cas.operation:
        yield f"{Operation.feuille} : {_cellules(modele(appel, Operation.table), cas.operation, shown)}"
    for change in cas.modifier:
        yield f"{_place(change)} : {_cellules(modele(appel, change['table']), change, shown)}"
    for change in cas.ajouter:
        row = modele(appel, change["table"])
        yield f"{row.feuille}, ligne ajoutée : {_cellules(row, change, shown)}"
    for change in cas.retirer:
        yield f"{_place(change)} : retirée"
    for table in cas.vider:
        yield f"{TABLES[table].feuille} : aucune ligne"
    if cas.aujourdhui:
        yield f"contrôle au {cas.aujourdhui:%d/%m/%Y}"


def _place(change: dict[str, Any]) -> str:
    return f"{TABLES[change['table']].feuille}, ligne {layout.DONNEES + change['ligne'] - 1}"


def _cellules(row: type[Row], change: dict[str, Any], shown: Donnees) -> str:
    typed = {nom: valeur for nom, valeur in change.items() if nom not in ("table", "ligne")}
    filled = cases.remplie(row, typed)
    return ", ".join(f"« {row.champs[nom].entete} » {montre(filled, nom, shown) or 'vide'}" for nom in typed)


def main() -> None:
    """Write both files."""
    (DOSSIER / EXEMPLES).write_text(exemples(fournis()), encoding="utf-8")
    PAGE.write_text(page(fournis()), encoding="utf-8")


if __name__ == "__main__":
    main()
