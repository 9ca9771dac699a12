"""The documents: what their commands print, where their links lead, what their pictures are."""

import re
from pathlib import Path

import pytest

import docs
from aap_xl.appels.loader import Catalogue

QUOTING = [document for document in docs.DOCUMENTS if any(docs.quoted(document))]
_LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#]+)")


@pytest.mark.slow
@pytest.mark.parametrize("document", QUOTING, ids=lambda document: document.name)
def test_a_command_prints_what_its_document_says(document: Path, tmp_path: Path, catalogue: Catalogue) -> None:
    docs.prepare(tmp_path, catalogue)
    for command, said in docs.quoted(document):
        printed = docs.run(command, tmp_path)
        assert docs.agree(said, printed), f"{command}\n{printed}"


def test_both_guides_quote_commands() -> None:
    assert {"guide-operateur.md", "guide-instructeur.md"} <= {document.name for document in QUOTING}


@pytest.mark.parametrize(
    ("said", "printed", "same"),
    [
        ("a\nb\n", "a  \nb\n", True),
        ("a\n…\n", "a\nb\nc\n", True),
        ("a\n…\nc\n", "a\nb\nc\n", True),
        ("a\n", "a\nb\n", False),
        ("a\n…\nb\n", "a\nb\nc\n", False),
        ("", "a\n", False),
    ],
)
def test_what_is_printed_is_compared_line_by_line(said: str, printed: str, *, same: bool) -> None:
    assert docs.agree(said, printed) is same


@pytest.mark.parametrize("document", docs.DOCUMENTS, ids=lambda document: document.name)
def test_a_link_leads_somewhere(document: Path) -> None:
    links = _LINK.findall(document.read_text(encoding="utf-8"))
    assert not [link for link in links if not (document.parent / link).exists()]


def test_every_picture_is_shown_and_can_be_made_again() -> None:
    source = (docs.ROOT / "docs" / "pictures.py").read_text(encoding="utf-8")
    made = set(re.findall(r'Picture\("([\w-]+)"', source))
    shown = {
        Path(name).stem
        for path in docs.DOCUMENTS
        for name in _LINK.findall(path.read_text("utf-8"))
        if name.endswith(".png")
    }
    assert made == shown == {path.stem for path in (docs.ROOT / "docs" / "images").glob("*.png")}


def test_the_readme_stays_short() -> None:
    assert len((docs.ROOT / "README.md").read_text(encoding="utf-8").splitlines()) <= 130
