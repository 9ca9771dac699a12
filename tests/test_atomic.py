"""The one door for replacing a file: full disks, killed runs, several names, and what a file keeps of its looks."""

import errno
import os
import re
import resource
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from aap_xl.dossier import Dossier, catalogue
from aap_xl.faces.cli import main
from aap_xl.faces.exemples import exemples, remplir_classeur
from aap_xl.workbook.ooxml.atomic import EcritureImpossible, write_atomically, write_new

SRC = Path(__file__).parents[1] / "src" / "aap_xl"
JOUR = "20/01/2026"
PRIVES = {
    "appels/cache.py": "a cache, which may be lost",
    "consolidation/dataset.py": "a folder of its own, exchanged whole",
    "consolidation/pseudonymes.py": "a key is made, never replaced",
    "consolidation/synthese/assembly.py": "a member of a zip",
    "faces/failures.py": "a log among the system's temporary files",
    "faces/commands/pdf.py": "a folder of the system's temporary files",
    "faces/install/page/prepared.py": "a folder of the system's temporary files",
    "faces/live/__main__.py": "the standard output, and nowhere",
    "workbook/ooxml/atomic.py": "the door",
}
"""Modules that open a file to write otherwise, and why nothing of anybody's is replaced there."""


@pytest.fixture(scope="module")
def exemple(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A filled workbook without its bilan."""
    found = next(iter(exemples(erreurs=False)))
    path = tmp_path_factory.mktemp("exemple") / "suivi.xlsx"
    appels = catalogue()
    remplir_classeur(path, found, appels.get(found.appel, found.millesime), appels)
    return path.read_bytes()


def test_every_writer_goes_through_the_door() -> None:
    opens = re.compile(
        r"""write_bytes|write_text|copy2|copyfile|open\([^)]*["'][wxa]b?\+?["']|(?<!def )NamedTemporaryFile"""
    )
    found = {
        path.relative_to(SRC).as_posix() for path in SRC.rglob("*.py") if opens.search(path.read_text(encoding="utf-8"))
    }
    assert found == PRIVES.keys()


# What a file keeps


@pytest.mark.parametrize("grandit", [True, False])
def test_a_file_with_several_names_keeps_them(tmp_path: Path, grandit: bool) -> None:
    target, other = tmp_path / "suivi.xlsx", tmp_path / "ailleurs.xlsx"
    target.write_bytes(b"ancien" * 100)
    target.chmod(0o640)
    os.link(target, other)
    inode = target.stat().st_ino
    content = b"neuf" * (1000 if grandit else 1)
    write_atomically(target, content)
    assert other.read_bytes() == content
    assert (target.stat().st_ino, target.stat().st_mode & 0o777) == (inode, 0o640)
    assert {path.name for path in tmp_path.iterdir()} == {"suivi.xlsx", "ailleurs.xlsx"}


class _Panne:
    """`os.fsync` of the target fails at its first calls, as if the disk refused what was written in place."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, target: Path, fois: int) -> None:
        self._vrai, self._target, self.reste = os.fsync, target, fois
        monkeypatch.setattr(os, "fsync", self)

    def __call__(self, handle: int) -> None:
        if self.reste and os.fstat(handle).st_ino == self._target.stat().st_ino:
            self.reste -= 1
            raise OSError(errno.EIO, "I/O error")
        self._vrai(handle)


def test_a_fault_while_writing_in_place_gives_the_former_content_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "suivi.xlsx"
    target.write_bytes(b"ancien")
    os.link(target, tmp_path / "ailleurs.xlsx")
    _Panne(monkeypatch, target, 1)
    with pytest.raises(EcritureImpossible, match=r"suivi\.xlsx"):
        write_atomically(target, b"beaucoup plus long")
    assert target.read_bytes() == b"ancien"
    assert {path.name for path in tmp_path.iterdir()} == {"suivi.xlsx", "ailleurs.xlsx"}


def test_when_it_cannot_be_given_back_it_stays_beside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "suivi.xlsx"
    target.write_bytes(b"ancien")
    os.link(target, tmp_path / "ailleurs.xlsx")
    _Panne(monkeypatch, target, 2)
    with pytest.raises(EcritureImpossible, match=r"« suivi\.secours-1\.xlsx »"):
        write_atomically(target, b"neuf")
    assert (tmp_path / "suivi.secours-1.xlsx").read_bytes() == b"ancien"


def test_attributes_and_permissions_are_kept(tmp_path: Path) -> None:
    target = tmp_path / "suivi.xlsx"
    target.write_bytes(b"ancien")
    target.chmod(0o660)
    if not hasattr(os, "setxattr"):
        pytest.skip("no extended attribute here")
    try:
        os.setxattr(target, "user.origine", b"courriel")
    except OSError:
        pytest.skip("no extended attribute on this disk")
    write_atomically(target, b"neuf")
    assert os.getxattr(target, "user.origine") == b"courriel"
    assert target.stat().st_mode & 0o777 == 0o660


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root gives a file away")
def test_the_owner_is_kept(tmp_path: Path) -> None:
    target = tmp_path / "suivi.xlsx"
    target.write_bytes(b"ancien")
    os.chown(target, 12345, 23456)
    write_atomically(target, b"neuf")
    assert (target.stat().st_uid, target.stat().st_gid) == (12345, 23456)


def test_a_group_that_cannot_be_kept_gives_no_right_to_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "suivi.xlsx"
    target.write_bytes(b"ancien")
    target.chmod(0o664)

    def refuse(*_: Any) -> None:
        raise PermissionError(errno.EPERM, "not yours")

    monkeypatch.setattr(os, "chown", refuse)
    write_atomically(target, b"neuf")
    assert target.stat().st_mode & 0o777 == 0o604


def test_a_link_is_followed(tmp_path: Path) -> None:
    (tmp_path / "vrai").mkdir()
    target, link = tmp_path / "vrai" / "suivi.xlsx", tmp_path / "suivi.xlsx"
    target.write_bytes(b"ancien")
    link.symlink_to(target)
    write_atomically(link, b"neuf")
    assert link.is_symlink()
    assert target.read_bytes() == b"neuf"


@pytest.mark.parametrize("liens", [True, False])
def test_a_new_file_takes_the_first_free_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, liens: bool) -> None:
    names = [tmp_path / f"a{rank}" for rank in range(3)]
    names[0].write_bytes(b"ancien")
    if not liens:

        def refuse(*_: Any) -> None:
            raise OSError(errno.EPERM, "no hard link")

        monkeypatch.setattr(os, "link", refuse)
    assert write_new(names, b"neuf", like=names[0]) == names[1]
    assert [path.read_bytes() for path in sorted(tmp_path.iterdir())] == [b"ancien", b"neuf"]
    assert names[1].stat().st_mtime_ns == names[0].stat().st_mtime_ns
    assert names[1].stat().st_nlink == 1


# Killed runs

_TIENT = """
import sys
from pathlib import Path
from aap_xl.workbook.ooxml import atomic
with atomic._beside(Path(sys.argv[1]), b"un classeur nominatif"):
    print("ready", flush=True)
    sys.stdin.read()
"""


def test_what_a_killed_run_left_goes_and_what_a_live_one_holds_stays(tmp_path: Path) -> None:
    (tmp_path / ".aap-xl-dossier.tmp").mkdir()
    (tmp_path / ".aap-xl-lien.tmp").symlink_to(tmp_path / "ailleurs")
    (tmp_path / ".autre-xl-1.tmp").write_bytes(b"")
    kept = {path.name for path in tmp_path.iterdir()}
    with subprocess.Popen(
        [sys.executable, "-c", _TIENT, str(tmp_path)], stdout=subprocess.PIPE, stdin=subprocess.PIPE
    ) as process:
        assert process.stdout
        process.stdout.readline()
        (held,) = {path.name for path in tmp_path.iterdir()} - kept
        write_atomically(tmp_path / "a.xlsx", b"a")
        assert {path.name for path in tmp_path.iterdir()} == {*kept, held, "a.xlsx"}
        process.send_signal(signal.SIGKILL)
    assert (tmp_path / held).read_bytes() == b"un classeur nominatif"
    write_new([tmp_path / "b.xlsx"], b"b")
    write_atomically(tmp_path / "a.xlsx", b"a")
    assert {path.name for path in tmp_path.iterdir()} == {*kept, "a.xlsx", "b.xlsx"}


def test_a_temporary_file_removed_at_its_birth_is_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another run may sweep between the birth of a file and its lock."""
    vrai, made = tempfile.mkstemp, []

    def mkstemp(**given: Any) -> tuple[int, str]:
        handle, name = vrai(**given)
        made.append(name)
        if len(made) == 1:
            Path(name).unlink()
        return handle, name

    monkeypatch.setattr(tempfile, "mkstemp", mkstemp)
    write_atomically(tmp_path / "a.xlsx", b"a")
    assert len(made) == 2
    assert [path.name for path in tmp_path.iterdir()] == ["a.xlsx"]


# Full disks


@pytest.fixture
def disque(tmp_path: Path) -> Iterator[Callable[[int], Path]]:
    """A real disk of so many KiB; needs root."""
    place = tmp_path / "disque"
    place.mkdir()
    mounted = False

    def mount(kib: int) -> Path:
        nonlocal mounted
        command = ["mount", "-t", "tmpfs", "-o", f"size={kib}k", "aap-xl", str(place)]
        try:
            mounted = subprocess.run(command, check=False, capture_output=True).returncode == 0
        except FileNotFoundError:
            mounted = False
        if not mounted:
            pytest.skip("no disk can be mounted here")
        return place

    yield mount
    if mounted:
        subprocess.run(["umount", str(place)], check=True)


@pytest.mark.parametrize("copies", [1.5, 2.5], ids=["no room for the backup", "no room for the product"])
def test_a_full_disk_leaves_the_workbook_alone(
    disque: Callable[[int], Path], exemple: bytes, copies: float, capsys: pytest.CaptureFixture[str]
) -> None:
    source = disque(int(len(exemple) * copies / 1024)) / "suivi.xlsx"
    source.write_bytes(exemple)
    assert main(["bilan", str(source), "--sur-place", "--date", JOUR]) == 2
    assert "il n'y a plus de place sur le disque" in capsys.readouterr().err
    assert source.read_bytes() == exemple
    assert [path.name for path in source.parent.iterdir()] == ["suivi.xlsx"]


def test_a_file_of_several_names_survives_a_full_disk(disque: Callable[[int], Path]) -> None:
    target = disque(128) / "suivi.xlsx"
    target.write_bytes(b"ancien")
    os.link(target, target.with_name("ailleurs.xlsx"))
    with pytest.raises(EcritureImpossible, match="plus de place"):
        write_atomically(target, b"x" * 200_000)
    assert target.read_bytes() == b"ancien"
    assert {path.name for path in target.parent.iterdir()} == {"suivi.xlsx", "ailleurs.xlsx"}


@pytest.mark.parametrize("options", [["--sur-place"], []])
@pytest.mark.slow
def test_a_file_that_may_not_grow_leaves_no_piece(options: list[str], exemple: bytes, tmp_path: Path) -> None:
    source = tmp_path / "suivi.xlsx"
    source.write_bytes(exemple)
    limit = len(exemple) - 5000
    done = subprocess.run(
        [sys.executable, "-m", "aap_xl", "bilan", str(source), "--date", JOUR, *options],
        check=False,
        capture_output=True,
        text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
    )
    assert done.returncode == 2
    assert "ne peut pas être écrit : il est trop gros pour ce disque" in done.stderr
    assert source.read_bytes() == exemple
    assert [path.name for path in tmp_path.iterdir()] == ["suivi.xlsx"]
    assert Dossier.lire(source).donnees.operation.porteur
