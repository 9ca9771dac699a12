"""A call's file that nobody would write, and a workbook that is no file: one sentence, exit code 2."""

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from aap_xl.appels import loader
from aap_xl.faces.cli import main

_SOURCE = (Path(loader.__file__).parent / "pas-de-calais-2025-3.7.toml").read_bytes()
_DEEP = 100_000
CALLS = {
    "arrays within arrays": b"a = " + b"[\n" * _DEEP + b"]" * _DEEP,
    "arrays within arrays on one line": b"a = " + b"[" * _DEEP + b"]" * _DEEP,
    "tables within tables": b"a = " + b"{a=" * _DEEP + b"1" + b"}" * _DEEP,
    "a table far down": b"[" + b"a." * _DEEP + b"a]",
    "a key far down": b".".join([b"a"] * _DEEP) + b" = 1",
    "keys far down, in short lines": b"".join(b"a%d.%b = 1\n" % (n, b".".join([b"b"] * 900)) for n in range(250)),
    "a table far down, still": _SOURCE + b"\n[identite." + b"a." * 500 + b"a]\nx = 1",
    "a long key": b'"' + b"k" * 4000 + b'" = 1\n' + _SOURCE,
    "a key of controls": b'"\\u001b[2J\\u202e" = 1\n' + _SOURCE,
    "a long value": _SOURCE.replace(b'code = "3.7"', b"code = [" + b"'x'," * 900 + b"]"),
    "many keys": b"".join(b"k%d = %d\n" % (n, n) for n in range(15_000)),
    "a large file": b"# " + b"x" * 2**21,
    "a number of thousands of digits": _SOURCE.replace(b'code = "3.7"', b'code = "3.7"\nmillesime = ' + b"9" * 4999),
    "a number beyond Python's limit": _SOURCE.replace(b'code = "3.7"', b'code = "3.7"\nmillesime = 0x' + b"f" * 4900),
    "an exponent": _SOURCE.replace(b'code = "3.7"', b'code = "3.7"\nmillesime = 1e999999999'),
    "an exponent that no decimal has": _SOURCE.replace(
        b'code = "3.7"', b'code = "3.7"\nmillesime = 1e99999999999999999999999'
    ),
    "not a number": _SOURCE.replace(b'code = "3.7"', b'code = "3.7"\nmillesime = nan'),
    "infinite": _SOURCE.replace(b'code = "3.7"', b'code = "3.7"\nmillesime = -inf'),
    "a rate out of measure": _SOURCE.replace(b"\nassiette = ", b"\ntaux = 1e-999999\nassiette = "),
    "a NUL": _SOURCE + b"\0",
    "no UTF-8": _SOURCE + b"# \xff\xfe",
    "UTF-16": _SOURCE.decode().encode("utf-16"),
    "nothing": b"",
    "a workbook": b"PK\3\4" + b"\0" * 999,
}


@pytest.mark.parametrize("content", CALLS.values(), ids=CALLS)
def test_a_call_that_nobody_would_write(content: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "autre.toml").write_bytes(content)
    before = time.process_time()
    code = main(["--appels", str(tmp_path), "appels"])
    assert time.process_time() - before < 5
    out, err = capsys.readouterr()
    assert (code, out) == (2, "")
    assert err.startswith("aap-xl : autre.toml : ")
    assert "erreur du programme" not in err
    assert len(err) < 40_000
    assert all(len(line) < 600 for line in err.splitlines())


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="makes a pipe as Unix does")
@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir])
def test_what_is_no_file_among_the_calls(
    make: Callable[[str], None], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make(str(tmp_path / "autre.toml"))
    assert main(["--appels", str(tmp_path), "appels"]) == 2
    assert "autre.toml : ce n'est pas un fichier" in capsys.readouterr().err


@pytest.mark.parametrize(
    "command", [("controler",), ("bilan",), ("bilan", "--sur-place"), ("solde",), ("solde", "--json")]
)
@pytest.mark.parametrize(
    "named", [".", "..", "dossier", "dossier/", "dossier.xlsx", "/", "tube", "/dev/zero", "/dev/null"]
)
def test_what_is_no_workbook(
    command: tuple[str, ...],
    named: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    if named.startswith("/dev") and not Path(named).exists():
        pytest.skip("no such device here")
    monkeypatch.chdir(tmp_path)
    for folder in ("dossier", "dossier.xlsx"):
        Path(folder).mkdir()
    if hasattr(os, "mkfifo"):
        os.mkfifo("tube")
    assert main([command[0], named, *command[1:]]) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert "est un dossier" in err or "n'est pas un fichier" in err
