"""The door to the terminal: nothing that a reader can't see reaches it, from a cell or a file's name."""

import json
import re
import sys
from contextlib import suppress
from email import message_from_bytes, policy
from io import StringIO
from pathlib import Path
from unicodedata import category

import pytest
from fabrique import Brut, classeur, operation_type
from hypothesis import given
from hypothesis import strategies as st
from terminal import au_terminal

from aap_xl.appels.model import Appel
from aap_xl.faces import terminal
from aap_xl.faces.cli import main
from aap_xl.texte import INVISIBLE, json_visible, visible

NASTY = "\x1b]0;titre\x07\x1b[2J\x1b[31m\x08\x7f\x9b2J\x85\u202egpj.exe\u2066\u200f\u061c\u2028\ufeff"
"""A title, a screen cleared, a colour, a backspace, C1 controls, marks that turn the text around."""
IN_A_NAME = "\x1b[2J\x9b31m\u202efdp"
_PAINTED = re.compile(r"\x1b\[[0-9;]*m")
_MOVED = re.compile(r"\x1b\[\??[0-9;]*[A-Za-z]")
_DAY = ("--date", "15/12/2025")


def hidden(text: str) -> set[str]:
    """Controls and marks that remain in what a terminal was sent."""
    return {char for char in text if category(char) in ("Cc", "Cf", "Zl", "Zp") and char not in "\n\t"}


@given(st.text())
def test_all_is_visible_and_nothing_else_changes(text: str) -> None:
    assert not INVISIBLE.search(visible(text))
    assert visible(text) == "".join(f"⟨U+{ord(char):04X}⟩" if INVISIBLE.match(char) else char for char in text)


@given(st.text())
def test_escaped_json_is_the_same(text: str) -> None:
    written = json_visible(json.dumps({text: [text]}, ensure_ascii=False))
    assert not INVISIBLE.search(written)
    assert json.loads(written) == {text: [text]}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\tb\nc\u00a0«\u202f»", "a\tb\nc\u00a0«\u202f»"),
        ("\x1b[2J", "⟨U+001B⟩[2J"),
        ("1\u200b2", "1⟨U+200B⟩2"),
        ("\U000e0041", "⟨U+E0041⟩"),
        ("\x1f \x7f\x9f\xa0", "⟨U+001F⟩ ⟨U+007F⟩⟨U+009F⟩\xa0"),
    ],
)
def test_what_is_shown(text: str, shown: str) -> None:
    assert visible(text) == shown


def test_the_door_holds_whoever_writes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", StringIO())
    monkeypatch.setattr(sys, "stderr", None)
    for _ in range(2):
        terminal.guard()
    print(NASTY)
    sys.stdout.writelines([NASTY, "\n"])
    sys.stderr.write(NASTY)
    for stream in (sys.stdout, sys.stderr):
        written = terminal.behind(stream)
        assert isinstance(written, StringIO)
        assert (hidden(written.getvalue()), "⟨U+001B⟩" in written.getvalue()) == (set(), True)


# --- every command, in a pipe and on a screen


@pytest.fixture(scope="module")
def nasty(appel37: Appel, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workbook whose every text is made of such characters, and whose name is too."""
    nasty = Brut(NASTY)
    person = dict.fromkeys(("nom", "prenom", "mds", "brsa", "date_entree", "situation"), nasty)
    people = [{**person, "code": Brut(f"A{rank}{NASTY}")} for rank in range(3)]
    charges = [dict.fromkeys(("code", "poste", "libelle", "prevu"), nasty)]
    operation = {**operation_type(appel37), "porteur": nasty, "intitule": nasty, "convention": nasty, "mds": nasty}
    target = tmp_path_factory.mktemp("noms") / f"suivi {IN_A_NAME}.xlsx"
    target.write_bytes(classeur(appel37, operation, {"participants": people, "charges": charges}))
    return target


def _commands(nasty: Path, folder: Path) -> list[list[str]]:
    absent = str(folder / f"absent{NASTY}.xlsx")
    name = str(nasty)
    return [
        ["controler", name, *_DAY],
        ["controler", name, "--json", *_DAY],
        ["controler", absent],
        ["controler", str(folder)],
        ["bilan", name, "-o", str(folder / f"copie{IN_A_NAME}.xlsx"), *_DAY],
        ["bilan", absent],
        ["consolider", str(nasty.parent), "-o", str(folder / f"out{IN_A_NAME}"), "--processus", "1", *_DAY],
        ["consolider", absent, "-o", str(folder / "rien")],
        ["renvoyer", name, "-o", str(folder / f"renvoi{IN_A_NAME}"), "--commentaire", NASTY],
        ["comparer", name, name],
        ["comparer", name, name, "--json"],
        ["solde", name],
        ["solde", name, "--json"],
        ["nouveau", NASTY, str(folder / "neuf.xlsx")],
        ["nouveau", "3.7", str(folder / f"neuf{IN_A_NAME}.xlsx"), "--porteur", NASTY],
        ["appels", NASTY],
        ["--appels", absent, "appels"],
        [NASTY],
        ["controler", name, f"--{NASTY}"],
        ["nouveau", "3.7", "x.xlsx", "--siret", NASTY],
        ["cle", "creer", str(folder / f"cle{IN_A_NAME}.txt")],
    ]


def test_nothing_hidden_reaches_a_pipe_nor_a_draft_nor_a_register(
    nasty: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shown = 0
    for words in _commands(nasty, tmp_path):
        with suppress(SystemExit):
            main(words)
        out, err = capsys.readouterr()
        assert (words[0], hidden(out + err)) == (words[0], set())
        assert "erreur du programme" not in err, words
        shown += "⟨U+001B⟩" in out + err
        if "--json" in words and out:
            assert json.loads(out)
    assert shown > 8
    for path in tmp_path.rglob("*.jsonl"):
        assert hidden(path.read_text("utf-8")) == set()
    drafts = [*tmp_path.rglob("*.eml")]
    assert drafts
    for path in drafts:
        draft = message_from_bytes(path.read_bytes(), policy=policy.default)
        body = draft.get_body()
        assert body is not None
        assert hidden("".join(str(value) for value in draft.values()).replace("\r\n", "")) == set()
        assert hidden(body.get_content().replace("\r\n", "\n")) == set()


@pytest.mark.parametrize("rank", range(21))
@pytest.mark.slow
def test_nothing_hidden_reaches_a_screen(rank: int, nasty: Path, tmp_path: Path) -> None:
    words = _commands(nasty, tmp_path)[rank]
    _, received = au_terminal(*words, colonnes=200)
    moved = _MOVED if words[0] == "consolider" else _PAINTED
    assert hidden(moved.sub("", received).replace("\r", "")) == set()


def test_nothing_hidden_reaches_a_screen_in_colours(nasty: Path) -> None:
    for colonnes in (60, 200):
        _, received = au_terminal("controler", nasty, *_DAY, colonnes=colonnes)
        assert _PAINTED.search(received)
        assert hidden(_PAINTED.sub("", received)) == set()
        assert "\x1b[31m" not in received
        assert "⟨U+001B⟩" in received
