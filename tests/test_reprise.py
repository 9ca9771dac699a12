"""Real processes: the same output whatever their number, whatever dies, and whenever it does."""

import contextlib
import datetime as dt
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from attente import attendre, vivant
from envois import SIRETS, classeur, contenu, deposer, nombreux, table

from aap_xl.appels.model import Appel

pytestmark = pytest.mark.slow

_JOUR = "15/12/2025"
_PATIENCE = 120
_NOMBRE = 24
_ARRETE = (130, -signal.SIGINT)
"""Python ends by the signal itself if it fell on a text being executed, as in loading a library: 130 for a shell."""
_INTERROMPU = "\nInterrompu. Ce qui est fait est gardé : relancez la même commande pour continuer.\n"
_TROP_TARD = ("", "Interrompu.\n")
"""All is written already: the report was being shown, or the process was ending."""


@pytest.fixture(scope="module")
def retours(appel33: Appel, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two dozen returned workbooks, one of them broken."""
    dossier = nombreux(appel33, tmp_path_factory.mktemp("retours"), _NOMBRE)
    return deposer(dossier, {"abime.xlsx": b"PK\3\4 abime"})


def _commande(retours: Path, sortie: Path, *options: str) -> list[str]:
    words = ["consolider", str(retours), "-o", str(sortie), "--date", _JOUR, *options]
    return [sys.executable, "-m", "aap_xl", *words]


def _lancer(retours: Path, sortie: Path, *options: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        _commande(retours, sortie, *options), capture_output=True, text=True, check=False, timeout=_PATIENCE
    )


@pytest.fixture(scope="module")
def attendu(retours: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    """What one process gives, undisturbed."""
    sortie = tmp_path_factory.mktemp("attendu") / "out"
    done = _lancer(retours, sortie, "--processus", "1")
    assert done.returncode == 1, done.stderr
    assert done.stderr == ""
    assert f"Fichiers : {_NOMBRE + 1} ({_NOMBRE} retenus, 1 refusé)." in done.stdout
    assert f"Opérations : {_NOMBRE}." in done.stdout
    assert str(sortie / "synthese.xlsx") in done.stdout
    return contenu(sortie)


def test_three_processes_give_what_one_gives(retours: Path, attendu: dict[str, object], tmp_path: Path) -> None:
    done = _lancer(retours, tmp_path / "out", "--processus", "3", "--silencieux")
    assert (done.returncode, done.stdout, done.stderr) == (1, "", "")
    assert contenu(tmp_path / "out") == attendu


def test_killed_at_any_moment_it_goes_on_where_it_was(
    retours: Path, attendu: dict[str, object], tmp_path: Path
) -> None:
    sortie, rng = tmp_path / "out", random.Random(4)  # noqa: S311
    for _ in range(4):
        with subprocess.Popen(_commande(retours, sortie, "--processus", "2"), stdout=subprocess.DEVNULL) as running:
            time.sleep(rng.uniform(0.1, 0.8))
            running.send_signal(signal.SIGKILL)
    done = _lancer(retours, sortie, "--processus", "2")
    assert done.returncode == 1, done.stderr
    assert contenu(sortie) == attendu
    assert sorted(item.name for item in (sortie / ".aap-xl").iterdir() if "etat" not in item.name) == []


def _enfants(pid: int) -> list[int]:
    found = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(word) for word in found.read_text().split()] if found.exists() else []


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="lists the children as Linux does")
def test_workers_do_not_outlive_a_killed_parent(retours: Path, tmp_path: Path) -> None:
    with subprocess.Popen(_commande(retours, tmp_path / "out", "--processus", "2")) as running:
        assert attendre(lambda: len(_enfants(running.pid)) >= 2)
        children = _enfants(running.pid)
        running.kill()
    assert attendre(lambda: not any(map(vivant, children)))


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="lists the children as Linux does")
def test_ctrl_c_at_any_moment_stops_cleanly_and_the_next_run_finishes(
    retours: Path, attendu: dict[str, object], tmp_path: Path
) -> None:
    """The signal goes to the whole group, as a terminal sends it: workers hear it too."""
    sortie, rng, stopped = tmp_path / "out", random.Random(7), 0  # noqa: S311
    for _ in range(40):
        with subprocess.Popen(
            _commande(retours, sortie, "--processus", "2"), stderr=subprocess.PIPE, text=True, start_new_session=True
        ) as running:
            assert attendre(lambda: len(_enfants(running.pid)) >= 2 or running.poll() is not None)
            children = _enfants(running.pid)
            time.sleep(rng.uniform(0, 0.6))
            with contextlib.suppress(ProcessLookupError):
                os.killpg(running.pid, signal.SIGINT)
            _, said = running.communicate(timeout=_PATIENCE)
        assert attendre(lambda: not any(map(vivant, children)))  # noqa: B023 - called at once
        assert not (sortie / "tables").exists() or contenu(sortie) == attendu
        if running.returncode == 1 or said in _TROP_TARD:
            assert contenu(sortie) == attendu
            shutil.rmtree(sortie)
        else:
            assert (running.returncode in _ARRETE, said) == (True, _INTERROMPU)
            stopped += 1
        if stopped == 4:
            break
    assert stopped == 4
    assert _lancer(retours, sortie).returncode == 1
    assert contenu(sortie) == attendu


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="lists the children as Linux does")
@pytest.mark.parametrize("delai", [0, 0.03, 0.1])
def test_ctrl_c_while_workers_start_says_nothing_more(retours: Path, tmp_path: Path, delai: float) -> None:
    running = subprocess.Popen(
        _commande(retours, tmp_path / "out", "--processus", "2"),
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert attendre(lambda: len(_enfants(running.pid)) >= 2)
    time.sleep(delai)
    os.killpg(running.pid, signal.SIGINT)
    _, said = running.communicate(timeout=_PATIENCE)
    assert said == _INTERROMPU


# --- an output that can't be written


def _plein(sortie: Path, retours: Path) -> "subprocess.CompletedProcess[str]":
    code = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000));"
        "from aap_xl.faces.cli import main; sys.exit(main(sys.argv[1:]))"
    )
    words = _commande(retours, sortie, "--processus", "1")[3:]
    return subprocess.run(
        [sys.executable, "-c", code, *words], capture_output=True, text=True, check=False, timeout=_PATIENCE
    )


@pytest.mark.skipif(os.name != "posix", reason="limits the size of files")
def test_no_room_for_the_state_is_one_sentence(retours: Path, tmp_path: Path) -> None:
    done = _plein(tmp_path / "out", retours)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1, done.stderr
    assert "ne peut pas être écrit" in done.stderr
    assert sorted(item.name for item in (tmp_path / "out").iterdir()) == [".aap-xl"]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="mounts a small disk")
@pytest.mark.parametrize("taille", ["40k", "300k", "600k"])
def test_a_full_disk_leaves_the_former_output(retours: Path, appel33: Appel, tmp_path: Path, taille: str) -> None:
    sortie = tmp_path / "disque"
    sortie.mkdir()
    petit = tmp_path / "petit"
    (petit / "1").mkdir(parents=True)
    shutil.copy2(retours / "1" / "suivi 010.xlsx", petit / "1")
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", sortie], check=False).returncode:
        pytest.skip("a disk can't be mounted here")
    try:
        assert _lancer(petit, sortie).returncode == 1
        first = contenu(sortie)
        used = sum(item.stat().st_size for item in sortie.rglob("*") if item.is_file())
        (sortie / "bourrage").write_bytes(b"")
        subprocess.run(["mount", "-o", f"remount,size={used // 1024 + 64 + int(taille[:-1])}k", sortie], check=False)
        done = _lancer(retours, sortie, "--processus", "1")
        assert done.returncode == 2 or taille != "40k"
        if done.returncode == 2:
            assert done.stderr.count("\n") == 1, done.stderr
            assert "Ce qui s'y trouvait est intact." in done.stderr
            assert contenu(sortie) == first
        else:
            assert done.returncode == 1, done.stderr
            assert len(table(sortie, "operations")) == _NOMBRE
    finally:
        subprocess.run(["umount", "-l", sortie], check=False)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="mounts a read-only disk")
def test_a_read_only_output_is_one_sentence(retours: Path, tmp_path: Path) -> None:
    sortie = tmp_path / "disque"
    sortie.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "ro", "tmpfs", sortie], check=False).returncode:
        pytest.skip("a disk can't be mounted here")
    try:
        for cible in (sortie, sortie / "out"):
            done = _lancer(retours, cible)
            assert done.returncode == 2
            assert done.stderr.count("\n") == 1, done.stderr
            assert "le disque est en lecture seule" in done.stderr
    finally:
        subprocess.run(["umount", "-l", sortie], check=False)


# --- the command's words


@pytest.mark.parametrize(
    ("options", "mots"),
    [
        (("--processus", "0"), "au moins 1"),
        (("--delai", "0"), "d'au moins 1"),
        (("--delai", "long"), "nombre entier"),
        (("--delai", "9", "--planificateur", "tcp://127.0.0.1:1"), "n'arrête pas les processus d'une grappe"),
        (("--seuil", "-1"), "nombre positif"),
        (("--cle", "absente.txt"), "n'existe pas"),
        (("--processus", "2", "--planificateur", "tcp://127.0.0.1:1"), "ne vont pas ensemble"),
        (("--planificateur", "tcp://127.0.0.1:1"), "ne répond pas"),
        (("--planificateur", "n'importe quoi"), "ne répond pas"),
        (("--appels", "absent"), "n'existe pas"),
    ],
)
def test_a_wrong_option_is_one_sentence(retours: Path, tmp_path: Path, options: tuple[str, ...], mots: str) -> None:
    done = _lancer(retours, tmp_path / "out", *options)
    assert done.returncode == 2
    assert mots in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(("noms", "mots"), [((), "aucun fichier n'a été trouvé"), (("a.txt",), "n'a pu être retenu")])
def test_not_a_single_operation_is_said_and_is_not_a_success(tmp_path: Path, noms: tuple[str, ...], mots: str) -> None:
    (tmp_path / "in").mkdir()
    for nom in noms:
        (tmp_path / "in" / nom).write_text("bonjour")
    done = _lancer(tmp_path / "in", tmp_path / "out")
    assert done.returncode == 1
    assert mots in done.stderr
    assert "Solde" not in done.stdout


@pytest.mark.parametrize(
    ("connus", "mots"),
    [
        ((None, None), "Solde : inconnu, aucun classeur"),
        ((Decimal(0), None), "Solde à verser : 0,00 € (solde connu pour 1 sur 2)."),
        ((Decimal(0), Decimal(0)), "Solde à verser : 0,00 €."),
    ],
)
def test_the_money_says_over_how_many_operations(
    appel33: Appel, tmp_path: Path, connus: tuple[Decimal | None, ...], mots: str
) -> None:
    files = {
        f"{rank}.xlsx": classeur(
            appel33, siret=SIRETS[rank], subvention_votee=amount, avance=amount, date_fin=dt.date(2025, 12, 14)
        )
        for rank, amount in enumerate(connus)
    }
    done = _lancer(deposer(tmp_path / "in", files), tmp_path / "out")
    assert mots in _dit(done.stdout), done.stdout + done.stderr


@pytest.mark.parametrize(
    ("fins", "mots"),
    [
        ((dt.date(2025, 12, 14), dt.date(2025, 12, 14)), "(solde connu pour 2 sur 3)."),
        (
            (dt.date(2025, 12, 14), dt.date(2025, 12, 15)),
            "2 sur 3) ; dont 1 opération en cours : situation à ce jour, ",
        ),
        ((None, dt.date(2025, 12, 15)), "dont 2 opérations en cours : situation à ce jour, montants non définitifs."),
    ],
)
def test_the_money_says_what_is_still_running(
    appel33: Appel, tmp_path: Path, fins: tuple[dt.date | None, ...], mots: str
) -> None:
    known: dict[str, Any] = {"subvention_votee": Decimal(0), "avance": Decimal(0)}
    files = {
        f"{rank}.xlsx": classeur(appel33, siret=SIRETS[rank], date_fin=fin, **known) for rank, fin in enumerate(fins)
    }
    files["solde inconnu.xlsx"] = classeur(appel33, siret=SIRETS[2], date_fin=dt.date(2026, 2, 28))
    done = _lancer(deposer(tmp_path / "in", files), tmp_path / "out")
    assert mots in _dit(done.stdout), done.stdout + done.stderr


def _dit(texte: str) -> str:
    """What is said, whatever the width of the screen."""
    return " ".join(texte.replace("\N{NO-BREAK SPACE}", " ").split())


def test_operations_that_may_be_one_are_warned_of_once(appel33: Appel, tmp_path: Path) -> None:
    files = {f"{siret}.xlsx": classeur(appel33, siret=siret, convention="EX-1") for siret in SIRETS[:3]}
    source = deposer(tmp_path / "in", files)
    done = _lancer(source, tmp_path / "out", "--processus", "2")
    assert done.returncode == 1
    assert done.stderr.startswith("Attention : 2 paires d'opérations qui se ressemblent : ")
    assert done.stderr.count("Attention") == 1
    assert "« Fichiers »" in done.stderr
    (source / f"{SIRETS[0]}.xlsx").unlink()
    (source / f"{SIRETS[1]}.xlsx").unlink()
    assert _lancer(source, tmp_path / "out").stderr == ""


@pytest.mark.skipif(os.name != "posix", reason="opens a terminal as Unix does")
def test_a_screen_shows_the_progress_and_the_files_refused(retours: Path, tmp_path: Path) -> None:
    ours, theirs = os.openpty()
    command = _commande(retours, tmp_path / "out", "--processus", "1")
    environment = os.environ | {"COLUMNS": "120", "TERM": "xterm"}
    with subprocess.Popen(command, stderr=theirs, stdout=subprocess.DEVNULL, env=environment) as running:
        os.close(theirs)
        shown = b""
        with contextlib.suppress(OSError):
            while part := os.read(ours, 65536):
                shown += part
    os.close(ours)
    assert running.returncode == 1
    words = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", shown.decode())
    assert f"{_NOMBRE + 1}/{_NOMBRE + 1}" in words
    assert "1 refusé" in words
    assert "Écriture" in words
