"""A full disk and a read-only one, for every command that writes: one sentence, and what was there stays."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from aap_xl.dossier import catalogue
from aap_xl.faces.exemples import exemples, remplir_classeur

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="mounts a small disk"),
]
Commande = Callable[..., tuple[int, str, str]]
ECRIVENT = {
    "bilan": ("bilan", "{source}", "--sortie", "{disque}/bilan.xlsx", "--forcer"),
    "bilan --sur-place": ("bilan", "{disque}/suivi.xlsx", "--sur-place"),
    "nouveau": ("nouveau", "3.3", "{disque}/vierge.xlsx", "--porteur", "SCOP Exemple", "--forcer"),
    "solde": ("solde", "{source}", "--sortie", "{disque}/solde.xlsx", "--forcer"),
    "renvoyer": ("renvoyer", "{source}", "-o", "{disque}/renvois", "--commentaire", "Merci.", "--forcer"),
    "consolider": ("consolider", "{dossier}", "-o", "{disque}/synthese", "--processus", "1"),
}


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A filled workbook."""
    path = tmp_path_factory.mktemp("source") / "suivi.xlsx"
    found, appels = next(iter(exemples(erreurs=False))), catalogue()
    remplir_classeur(path, found, appels.get(found.appel, found.millesime), appels)
    return path


@pytest.fixture
def disque(source: Path, tmp_path: Path) -> Iterator[Path]:
    """A real disk of some MiB, with a workbook on it."""
    place = tmp_path / "disque"
    place.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", place], check=False).returncode:
        pytest.skip("a disk can't be mounted here")
    try:
        shutil.copy2(source, place)
        yield place
    finally:
        subprocess.run(["umount", "-l", place], check=False)


def _fill(disque: Path, reste: int = 0) -> None:
    """Leave so many bytes."""
    free = os.statvfs(disque)
    (disque / "bourrage").write_bytes(bytes(max(free.f_bavail * free.f_frsize - reste, 0)))


def _close(disque: Path) -> None:
    subprocess.run(["mount", "-o", "remount,ro", disque], check=True)


def _tree(disque: Path) -> dict[str, bytes]:
    """What people see there: the state that a consolidation goes on from may be ahead."""
    return {
        str(path.relative_to(disque)): path.read_bytes()
        for path in disque.rglob("*")
        if path.is_file() and path.parent.name != ".aap-xl"
    }


@pytest.mark.parametrize(
    ("etat", "mot"),
    [(_fill, "place"), (partial(_fill, reste=4096), "place"), (_close, "lecture seule")],
    ids=["no room at all", "hardly any room", "read-only"],
)
@pytest.mark.parametrize("nom", ECRIVENT)
def test_a_disk_that_takes_nothing(  # noqa: PLR0917 - two tables and two fixtures
    nom: str, etat: Callable[[Path], None], mot: str, aap: Commande, source: Path, disque: Path
) -> None:
    places = {"source": source, "dossier": source.parent, "disque": disque}
    words = [word.format_map(places) for word in ECRIVENT[nom]]
    code, _, err = aap(*words, "--date", "20/01/2026")
    assert code in (0, 1), err
    etat(disque)
    before = _tree(disque)
    code, _, err = aap(*words, "--date", "03/03/2026")
    assert code == 2, err
    assert err.count("\n") == 1, err
    assert mot in err
    assert _tree(disque) == before
