"""A whole consolidation against the manifest of generated returns: everything planted is found, nothing else is."""

import datetime as dt
import os
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import fields
from decimal import Decimal
from pathlib import Path
from typing import Any

import libreoffice
import pandas as pd
import pytest
from retours.calcul import Compte
from retours.commande import consolider, frame
from retours.corpus import Fichier, Manifeste, Semeur, corpus, ecrire, fiche
from retours.fautes import par_openpyxl
from retours.plantes import PLANTES

from aap_xl.appels.loader import Catalogue
from aap_xl.faces.exemples.retours import ecrire_retours
from aap_xl.workbook import layout

pytestmark = pytest.mark.slow

OPERATIONS = int(os.environ.get("AAP_XL_RETOURS", "170"))
"""1 000 of them: ``AAP_XL_RETOURS=1000 pytest tests/test_retours.py``."""
_AILLEURS = {"classes", "classes_suivi", "depenses", "montant", "heures"}


_STRUCTURE = {"structure", "comites"}
"""Zones of the errors that a program which saves the workbook again would change: formulas name the columns."""


class Essai:
    """A corpus, its manifest, and the dataset made of it."""

    def __init__(self, catalogue: Catalogue, dossier: Path, manifeste: Manifeste) -> None:
        self.manifeste = manifeste
        self.sortie = dossier / "sortie"
        cle = dossier / "cle.txt"
        cle.write_text("ab" * 32 + "\n", encoding="utf-8")
        cle.chmod(0o600)
        self.compte_rendu = consolider(dossier / "recus", self.sortie, "--cle", str(cle)).stdout
        self.fichiers = frame(self.sortie, "fichiers").set_index("nom")
        self.feuilles = {code: layout.feuilles(catalogue.get(code, 2025)) for code in ("3.3", "3.7")}

    def table(self, nom: str) -> dict[str, pd.DataFrame]:
        """The lines of a table by the name of their file."""
        names = {identifiant: nom for nom, identifiant in self.fichiers["fichier"].items() if self.retenu(str(nom))}
        return {str(names[key]): lines for key, lines in frame(self.sortie, nom).groupby("fichier")}

    def retenu(self, nom: str) -> bool:
        """Whether a file counts."""
        return bool(self.fichiers.loc[nom, "etat"] == "retenu")


@pytest.fixture(scope="module")
def essai(catalogue: Catalogue, tmp_path_factory: pytest.TempPathFactory) -> Essai:
    dossier = tmp_path_factory.mktemp("retours")
    return Essai(catalogue, dossier, corpus(dossier / "recus", catalogue, graine=2026, nombre=OPERATIONS))


def test_every_rule_of_every_call_is_planted(essai: Essai, catalogue: Catalogue) -> None:
    """But F21, which `controler` alone tells, and F22, of earlier workbooks: test_paquets, test_version1."""
    planted = {(fichier.appel, code) for fichier in essai.manifeste.fichiers for code, _, _ in fichier.attendues}
    wanted = {
        (code, rule)
        for code in ("3.3", "3.7")
        for rule in catalogue.get(code, 2025).regles
        if rule not in ("F21", "F22")
    }
    assert wanted - planted == set()


def test_every_kind_of_error_is_planted(essai: Essai) -> None:
    planted = {nom for fichier in essai.manifeste.fichiers for nom in fichier.plantes}
    assert {item.nom for item in PLANTES} - planted == set()


def test_every_file_is_listed_with_its_state(essai: Essai) -> None:
    found = {str(nom): str(etat) for nom, etat in essai.fichiers["etat"].items()}
    assert found == {fichier.nom: fichier.etat for fichier in essai.manifeste.fichiers}


def test_a_refusal_says_why(essai: Essai) -> None:
    silent = [
        (fichier.nom, essai.fichiers.loc[fichier.nom, "motif"])
        for fichier in essai.manifeste.fichiers
        if fichier.motif and fichier.motif not in str(essai.fichiers.loc[fichier.nom, "motif"])
    ]
    assert silent == []


def test_older_versions_and_copies_name_what_counts(essai: Essai) -> None:
    found = {
        fichier.nom: str(essai.fichiers.loc[fichier.nom, "remplace_par"])
        for fichier in essai.manifeste.fichiers
        if fichier.par
    }
    assert found == {fichier.nom: fichier.par for fichier in essai.manifeste.fichiers if fichier.par}


def _ecarts(essai: Essai) -> dict[str, dict[str, Counter[tuple[str, str, str]]]]:
    """By file, the anomalies missed and those that nobody planted."""
    found = {nom: lines.fillna("") for nom, lines in essai.table("anomalies").items()}
    assert set(found) <= {fichier.nom for fichier in essai.manifeste.retenus()}
    wrong = {}
    for fichier in essai.manifeste.retenus():
        lines = found.get(fichier.nom)
        columns = ["code", "feuille", "cellule"]
        places = Counter(() if lines is None else lines[columns].itertuples(index=False, name=None))
        wanted = Counter(
            (code, sheet if sheet in essai.feuilles[fichier.appel] else "", cell)
            for code, sheet, cell in fichier.attendues.elements()
        )
        if places != wanted:
            wrong[fichier.nom] = {"missed": wanted - places, "not planted": places - wanted}
    return wrong


def test_every_planted_error_is_found_and_nothing_else(essai: Essai) -> None:
    assert _ecarts(essai) == {}


def test_the_severities_of_a_file_are_those_of_its_anomalies(essai: Essai) -> None:
    wrong = [
        fichier.nom
        for fichier in essai.manifeste.retenus()
        if essai.fichiers.loc[fichier.nom, ["bloquantes", "a_verifier", "informations"]].sum()
        != fichier.attendues.total()
    ]
    assert wrong == []


def _compte(fichier: Fichier) -> Compte:
    assert fichier.compte is not None
    return fichier.compte


def _plain(value: Any) -> Any:
    return None if value is None or value is pd.NaT or (isinstance(value, float) and pd.isna(value)) else value


@pytest.mark.parametrize("champ", [item.name for item in fields(Compte) if item.name not in _AILLEURS])
def test_each_figure_of_an_operation_is_the_one_computed_apart(essai: Essai, champ: str) -> None:
    found = essai.table("operations")
    wrong = {
        fichier.nom: (value, wanted, fichier.plantes)
        for fichier in essai.manifeste.retenus()
        for value, wanted in [(_plain(found[fichier.nom].iloc[0][champ]), getattr(_compte(fichier), champ))]
        if value != wanted
    }
    assert wrong == {}


@pytest.mark.parametrize(
    "champ", ["entrees", "parcours", "brsa", "sorties", "dynamiques", "prevu", "realise", "retenu"]
)
def test_grand_totals(essai: Essai, champ: str) -> None:
    operations = frame(essai.sortie, "operations")
    assert operations[champ].sum() == sum(getattr(_compte(fichier), champ) for fichier in essai.manifeste.retenus())


@pytest.mark.parametrize(("moment", "champ"), [("sortie", "classes"), ("suivi", "classes_suivi")])
def test_exits_by_class(essai: Essai, moment: str, champ: str) -> None:
    found = essai.table("sorties")
    wrong = {}
    for fichier in essai.manifeste.retenus():
        lines = found[fichier.nom]
        lines = lines[lines["moment"] == moment]
        counts = Counter(
            {str(classe): int(number) for classe, number in zip(lines["classe"], lines["effectif"], strict=True)}
        )
        wanted = getattr(_compte(fichier), champ)
        if +counts != +wanted or set(lines["total"]) - {wanted.total()}:
            wrong[fichier.nom] = (+counts, wanted)
    assert wrong == {}


def test_expenses_hours_and_costs_add_up(essai: Essai) -> None:
    depenses, heures, budget = essai.table("depenses"), essai.table("heures"), essai.table("budget")
    for fichier in essai.manifeste.retenus():
        compte = _compte(fichier)
        spent = depenses[fichier.nom]["montant"]
        assert [len(spent), spent.sum()] == [compte.depenses, compte.montant], fichier.nom
        worked = heures[fichier.nom]["travail"].dropna().sum() if fichier.nom in heures else Decimal(0)
        assert worked == compte.heures, fichier.nom
        costs = budget[fichier.nom][["prevu", "realise", "retenu"]].sum()
        assert costs.to_list() == [compte.prevu, compte.realise, compte.retenu], fichier.nom


def test_people_of_two_operations_are_found_with_both(essai: Essai) -> None:
    operations = frame(essai.sortie, "operations").set_index("operation")["siret"]
    found = sorted(
        tuple(sorted(str(operations[item]) for item in shared))
        for shared in frame(essai.sortie, "personnes_communes")["operations"]
    )
    assert len(found) > 10
    assert found == essai.manifeste.communes()


def test_the_account_says_what_was_found(essai: Essai) -> None:
    states = Counter(fichier.etat for fichier in essai.manifeste.fichiers)
    assert f"{sum(states.values())} (" in essai.compte_rendu
    for etat, number in states.items():
        assert re.search(rf"\b{number} {etat}", essai.compte_rendu), etat


def _enregistres(
    catalogue: Catalogue, dossier: Path, nombre: int, enregistrer: Callable[[dict[str, bytes]], dict[str, bytes]]
) -> Essai:
    """A few returns saved again by another program before they are sent."""
    manifeste = Manifeste()
    semeur = Semeur(catalogue, 78, manifeste, (15,))
    kept: dict[str, bytes] = {}
    for numero in range(100):
        f, attendues, planted = semeur.operation(numero)
        if len(kept) < nombre and not _STRUCTURE & {item.zone for item in PLANTES if item.nom in planted}:
            kept[f"{numero}.xlsx"] = semeur.octets(f)
            manifeste.fichiers.append(fiche(f, attendues, planted, f"{numero}.xlsx"))
    saved = enregistrer(kept)
    for fichier, (nom, octets) in zip(manifeste.fichiers, saved.items(), strict=True):
        fichier.nom = nom
        ecrire(dossier / "recus" / nom, octets, dt.datetime(2025, 11, 3, 9, 0))  # noqa: DTZ001
    return Essai(catalogue, dossier, manifeste)


def test_returns_saved_by_a_library(catalogue: Catalogue, tmp_path: Path) -> None:
    essai = _enregistres(
        catalogue, tmp_path, 4, lambda files: {nom: par_openpyxl(octets) for nom, octets in files.items()}
    )
    assert _ecarts(essai) == {}
    assert frame(essai.sortie, "operations")["retenu"].sum() == sum(
        _compte(item).retenu for item in essai.manifeste.fichiers
    )


@pytest.mark.libreoffice
@pytest.mark.parametrize("format_", [libreoffice.XLSX, libreoffice.ODS])
def test_returns_saved_by_libreoffice(catalogue: Catalogue, tmp_path: Path, format_: str) -> None:
    def enregistrer(files: dict[str, bytes]) -> dict[str, bytes]:
        saved = libreoffice.convertir(files, tmp_path / "libreoffice", format_)
        return {path.name: path.read_bytes() for path in saved.values()}

    essai = _enregistres(catalogue, tmp_path, 3, enregistrer)
    assert _ecarts(essai) == {}
    assert frame(essai.sortie, "operations")["retenu"].sum() == sum(
        _compte(item).retenu for item in essai.manifeste.fichiers
    )


def test_the_returns_of_the_demonstration(catalogue: Catalogue, tmp_path: Path) -> None:
    written = ecrire_retours(tmp_path / "recus", catalogue)
    again = ecrire_retours(tmp_path / "encore", catalogue)
    assert [path.read_bytes() for path in written] == [path.read_bytes() for path in again]
    consolider(tmp_path / "recus", tmp_path / "sortie", "--date", "20/01/2026")
    states = Counter(frame(tmp_path / "sortie", "fichiers")["etat"])
    assert states == {"retenu": 15, "remplacé": 1, "doublon": 1, "refusé": 3}
    anomalies = frame(tmp_path / "sortie", "anomalies")
    assert 3 < anomalies["operation"].nunique() < 15
