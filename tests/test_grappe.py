"""A real Dask scheduler and two real workers on this machine: one dies in the middle, the output is the same."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import envois
import pytest
from envois import contenu, nombreux, table

from aap_xl.appels.model import Appel
from aap_xl.consolidation import pseudonymes
from aap_xl.consolidation.cluster import _Parcel
from aap_xl.consolidation.one_file import Task

pytest.importorskip("distributed")

pytestmark = pytest.mark.slow

_JOUR = "15/12/2025"
_NOMBRE = 40


class _Grappe:
    """Its processes and what they log."""

    def __init__(self, dossier: Path) -> None:
        self.dossier = dossier
        self._adresse = dossier / "grappe.json"
        self.processus: dict[str, subprocess.Popen[bytes]] = {}
        self._demarrer("scheduler", "--host", "127.0.0.1", "--port", "0")
        _attendre(lambda: self._adresse.exists() and self._adresse.read_text().strip().endswith("}"))
        for nom in ("un", "deux"):
            self._demarrer("worker", "--nthreads", "1", "--no-nanny", "--name", nom, "--host", "127.0.0.1", nom=nom)

    def _demarrer(self, role: str, *options: str, nom: str = "") -> None:
        log = (self.dossier / f"{nom or role}.log").open("wb")
        command = [sys.executable, "-m", "dask", role, "--no-dashboard", "--scheduler-file", str(self._adresse)]
        self.processus[nom or role] = subprocess.Popen(
            [*command, *options], stdout=log, stderr=subprocess.STDOUT, cwd=self.dossier
        )

    @property
    def adresse(self) -> str:
        return str(json.loads(self._adresse.read_text())["address"])

    def journaux(self) -> str:
        return "".join(chemin.read_text() for chemin in self.dossier.glob("*.log"))

    def arreter(self) -> None:
        for processus in reversed(self.processus.values()):
            processus.kill()
            processus.wait(60)


def _attendre(condition: "object", secondes: float = 60) -> None:
    limit = time.monotonic() + secondes
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < limit
        time.sleep(0.05)


@pytest.fixture
def grappe(tmp_path_factory: pytest.TempPathFactory) -> Iterator[_Grappe]:
    found = _Grappe(tmp_path_factory.mktemp("grappe"))
    yield found
    found.arreter()


def _commande(entree: Path, sortie: Path, *options: str) -> list[str]:
    words = ["consolider", str(entree), "-o", str(sortie), "--date", _JOUR, "--silencieux", *options]
    return [sys.executable, "-m", "aap_xl", *words]


def test_a_worker_killed_in_the_middle_changes_nothing(grappe: _Grappe, appel33: Appel, tmp_path: Path) -> None:
    source = nombreux(appel33, tmp_path / "in", _NOMBRE)
    envois.deposer(source, {"abime.xlsx": b"PK\3\4 abime"})
    cle = tmp_path / "cle.txt"
    pseudonymes.creer(cle)
    local = subprocess.run(_commande(source, tmp_path / "ici", "--cle", str(cle)), check=False, timeout=120)
    assert local.returncode == 1

    sortie = tmp_path / "la-bas"
    options = ("--cle", str(cle), "--planificateur", grappe.adresse)
    running = subprocess.Popen(_commande(source, sortie, *options), stderr=subprocess.PIPE, text=True)
    etat = sortie / ".aap-xl" / "etat.sqlite-wal"
    _attendre(lambda: etat.exists() and etat.stat().st_size > 50_000)
    assert running.poll() is None
    grappe.processus["un"].send_signal(signal.SIGKILL)
    _, said = running.communicate(timeout=120)

    assert (running.returncode, said) == (1, "")
    assert len(table(sortie, "operations")) == _NOMBRE
    assert contenu(sortie) == contenu(tmp_path / "ici")
    logs = grappe.journaux()
    secret = cle.read_text(encoding="utf-8").splitlines()[-1]
    for word in (secret, repr(bytes.fromhex(secret))[2:12], "EXEMPLE", "suivi 0", str(tmp_path)):
        assert word not in logs, word


def test_a_cluster_without_a_worker_is_told(grappe: _Grappe, appel33: Appel, tmp_path: Path) -> None:
    source = nombreux(appel33, tmp_path / "in", 1)
    for nom in ("un", "deux"):
        grappe.processus[nom].kill()
        grappe.processus[nom].wait(60)
    done = subprocess.run(
        _commande(source, tmp_path / "out", "--planificateur", grappe.adresse),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 2
    assert "n'a aucun processus de travail" in done.stderr
    assert done.stderr.count("\n") == 1


def test_without_the_extra_it_is_told_in_one_sentence(appel33: Appel, tmp_path: Path) -> None:
    source = nombreux(appel33, tmp_path / "in", 1)
    code = (
        "import sys; sys.modules['distributed'] = None;from aap_xl.faces.cli import main; sys.exit(main(sys.argv[1:]))"
    )
    words = _commande(source, tmp_path / "out", "--planificateur", "tcp://127.0.0.1:1")[3:]
    done = subprocess.run([sys.executable, "-c", code, *words], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert 'pip install "aap-xl[cluster]"' in done.stderr


def test_what_is_sent_shows_nothing() -> None:
    task = Task(1, octets=b"EXEMPLE-DURAND")
    assert repr(_Parcel([task])) == "<colis>"
    assert "EXEMPLE" not in repr(task)
