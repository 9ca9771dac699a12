"""The demonstration: every planted mistake is found, alone; the workbooks of the repository are its own."""

import zipfile
from pathlib import Path

import pytest

from aap_xl.anomalies import Gravite
from aap_xl.dossier import Dossier, catalogue
from aap_xl.faces.cli import main
from aap_xl.faces.commands.demo import LISTE
from aap_xl.faces.commands.demo_synthese import RECUS, SORTIE
from aap_xl.faces.exemples import Exemple, exemples, remplir_classeur, trouvee

pytestmark = pytest.mark.slow

WORKBOOKS = Path(__file__).parents[1] / "workbooks"
SAMPLES = [*exemples(erreurs=False)]


def dossier(exemple: Exemple, folder: Path) -> Dossier:
    appels = catalogue()
    return remplir_classeur(folder / "suivi.xlsx", exemple, appels.get(exemple.appel, exemple.millesime), appels)


@pytest.mark.parametrize("exemple", SAMPLES, ids=lambda e: e.appel)
def test_a_sample_has_nothing_to_correct(exemple: Exemple, tmp_path: Path) -> None:
    assert not [str(item) for item in dossier(exemple, tmp_path).a_corriger]


@pytest.mark.parametrize("exemple", [*exemples(erreurs=True)], ids=lambda e: e.appel)
def test_planted_mistakes_are_found_and_nothing_else(exemple: Exemple, tmp_path: Path) -> None:
    planted = dossier(exemple, tmp_path)
    expected = {item.place(planted.donnees) for erreur in exemple.erreurs for item in erreur.attendues}
    found = {trouvee(item) for item in planted.anomalies if item.gravite is not Gravite.INFORMATION}
    assert len(exemple.erreurs) >= 12
    assert found == expected


@pytest.mark.parametrize("exemple", SAMPLES, ids=lambda e: e.appel)
def test_invented_people_are_visibly_so(exemple: Exemple) -> None:
    assert all(p["nom"].startswith("EXEMPLE-") for p in exemple.tables["participants"])
    assert exemple.operation["porteur"].startswith("EXEMPLE ")
    assert exemple.operation["courriel"].endswith("@exemple.invalid")


def test_the_demonstration_tells_where_to_look(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "demo"
    assert main(["demo", str(folder)]) == 0
    out = capsys.readouterr().out
    names = {path.name for path in folder.iterdir()}
    assert names == {
        *(f"2025-{code} {what}.xlsx" for code in ("3.3", "3.7") for what in ("vierge", "rempli", "rempli - bilan")),
        LISTE,
        RECUS,
        SORTIE,
    }
    assert "non retrouvée" not in out
    assert "3.7 Premières heures (2025)" in (folder / LISTE).read_text(encoding="utf-8")
    assert "Fichiers : 20 (15 retenus, 1 remplacé, 1 doublon, 3 refusés)." in out
    assert "« 3.3 Tremplin du Littoral.xlsx » compte à sa place" in out
    assert {path.name for path in (folder / SORTIE).iterdir()} >= {"synthese.xlsx", "tables", "journal.jsonl"}


def test_a_planted_mistake_that_is_missed_fails_the_demonstration(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Exemple, "manquees", lambda exemple, *_: list(exemple.erreurs[:1]))
    monkeypatch.setattr("aap_xl.faces.commands.demo_synthese.reunir", lambda *_: tmp_path)
    assert main(["demo", str(tmp_path)]) == 1
    assert capsys.readouterr().out.count("non retrouvée") == 2


def test_the_workbooks_of_the_repository_are_up_to_date(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """To refresh them: ``aap-xl exemples workbooks``."""
    assert main(["exemples", str(tmp_path)]) == 0
    capsys.readouterr()
    made = {path.name: _parts(path) for path in tmp_path.iterdir()}
    kept = {path.name: _parts(path) for path in WORKBOOKS.glob("*.xlsx")}
    assert made.keys() == kept.keys()
    assert not [(name, part) for name in made for part in made[name] if made[name][part] != kept[name].get(part)]
    assert all(list(made[name]) == list(kept[name]) for name in made)


def _parts(path: Path) -> dict[str, bytes]:
    """The parts of a workbook: zlib's own version may change how they are packed, not what they say."""
    with zipfile.ZipFile(path) as file:
        return {name: file.read(name) for name in file.namelist()}
