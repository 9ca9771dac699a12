"""The page for everybody: axe-core, the keyboard alone, a narrow screen, a page enlarged twice."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from browser import Browser, opened

pytestmark = pytest.mark.browser

_OURS = Path(__file__).parents[1] / "workbooks"
_EXAMPLE, _BLANK = _OURS / "2025-3.3-exemple.xlsx", _OURS / "2025-3.3-vierge.xlsx"
_FIELD = "main input[type=file]"
_PHONE, _DESK = {"width": 360, "height": 740}, {"width": 1280}
_TWICE = {"width": 640, "height": 450, "scale": 2}
"""What a window of 1280 × 900 gives to a page enlarged to 200 %."""


@pytest.fixture(scope="module")
def opened_page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Browser]]:
    with opened(tmp_path_factory.mktemp("page"), "chromium") as (page, browsers):
        yield page, browsers["chromium"]


@pytest.fixture
def tab(opened_page: tuple[Path, Browser]) -> Browser:
    """The page just opened."""
    page, browser = opened_page
    browser.do("open", url=page.as_uri(), **_DESK)
    return browser


def _see(tab: Browser, address: str, awaited: str) -> None:
    tab.run(f"void (location.hash = '{address}')")
    tab.do("wait", selector=awaited)


def _checked(tab: Browser) -> None:
    tab.do("give", selector=_FIELD, path=str(_EXAMPLE))
    tab.do("wait", selector=".counts")


def _refused(tab: Browser) -> None:
    tab.do("give", selector=_FIELD, path=str(Path(__file__)))
    tab.do("wait", selector=".notice")


def _rule(tab: Browser) -> None:
    _checked(tab)
    tab.run("document.querySelector('main button[aria-haspopup=dialog]').click()")
    tab.do("wait", selector="#dialog[open] blockquote")


def _details(tab: Browser) -> None:
    _checked(tab)
    tab.run("for (const item of document.querySelectorAll('main details')) item.open = true")
    tab.do("wait", selector="main details table")


def _view(name: str, awaited: str) -> Callable[[Browser], None]:
    def reach(tab: Browser) -> None:
        _checked(tab)
        _see(tab, f"d1/{name}", awaited)

    return reach


def _compared(tab: Browser) -> None:
    _view("comparer", ".choice")(tab)
    tab.do("give", selector=".choice input[type=file]", path=str(_BLANK))
    tab.do("wait", selector="main .next")


STATES: dict[str, Callable[[Browser], None]] = {
    "start": lambda _: None,
    "form": lambda tab: _see(tab, "nouveau", "main form"),
    "data protection": lambda tab: _see(tab, "donnees", "main h2"),
    "results": _checked,
    "lines of the results": _details,
    "rule open": _rule,
    "bilan": _view("bilan", "main figure"),
    "comparison": _compared,
    "balance": _view("solde", "main .next"),
    "refusal": _refused,
}
states = pytest.mark.parametrize("state", STATES)


_TOO_WIDE = """(() => {
  const wide = document.documentElement.clientWidth;
  const clipped = (node) => node && (getComputedStyle(node).overflowX !== "visible" || clipped(node.parentElement));
  const over = [...document.querySelectorAll("main *")].filter((node) => node.getBoundingClientRect().right > wide + 1);
  const seen = over.filter((node) => !clipped(node.parentElement)).map((node) => `${node.tagName}.${node.className}`);
  return [document.documentElement.scrollWidth - wide, seen.slice(0, 5)];
})()"""


@pytest.mark.parametrize("state", STATES)
def test_axe_finds_nothing_and_nothing_is_wider_than_the_window(state: str, tab: Browser) -> None:
    STATES[state](tab)
    found = {}
    for size in (_DESK, _PHONE):
        tab.do("size", **size)
        for scheme in ("light", "dark"):
            tab.do("light", value=scheme)
            assert tab.run(f"matchMedia('(prefers-color-scheme: {scheme})').matches")
            found[size["width"], scheme] = tab.do("axe")
    assert {key: said for key, said in found.items() if said} == {}
    for size in (_PHONE, _TWICE):
        tab.do("size", **size)
        assert tab.run(_TOO_WIDE) == [0, []], size


def test_a_fault_would_be_found(tab: Browser) -> None:
    tab.do("size", **_PHONE)
    tab.run("document.querySelector('main').append(document.createElement('input'))")
    assert any(said.startswith("label:") for said in tab.do("axe"))
    tab.run("document.querySelector('main h1').textContent = 'a'.repeat(90).replaceAll('a', '\u00a0a')")
    tab.run("document.querySelector('main h1').style.whiteSpace = 'nowrap'")
    assert tab.run(_TOO_WIDE)[0] > 0


# --- the keyboard alone ----------------------------------------------------------------------------------------------

_FOCUS = """(() => {
  const on = document.activeElement, style = getComputedStyle(on), box = on.getBoundingClientRect();
  const outlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  const inside = box.width > 1 && box.bottom > 0 && box.top < innerHeight;
  return { name: on.textContent.trim(), tag: on.tagName, shown: outlined && inside };
})()"""


def _tab_to(tab: Browser, words: str, most: int = 60) -> None:
    """Press Tab up to a control that begins with some words; every one on the way shows that it has the focus."""
    for _ in range(most):
        tab.do("press", key="Tab")
        focus = tab.run(_FOCUS)
        if focus["tag"] == "BODY":  # the browser's own controls
            continue
        assert focus["shown"], focus
        if focus["name"].replace("\u00a0", " ").startswith(words):
            return
    pytest.fail(f"« {words} » is not reached by Tab")


def test_a_workbook_is_checked_and_a_rule_read_by_the_keyboard_alone(tab: Browser) -> None:
    _tab_to(tab, "Aller au contenu", 1)
    tab.do("press", key="Enter")
    assert tab.run("document.activeElement.id") == "contenu"
    _tab_to(tab, "Choisir un fichier")
    tab.do("choose", key="Enter", path=str(_EXAMPLE))
    tab.do("wait", selector=".counts")
    assert tab.run("document.activeElement.textContent").startswith("Ce qu'il faut faire")
    _tab_to(tab, "Pourquoi ?")
    opener = tab.run("(globalThis.opener0 = document.activeElement).textContent")
    tab.do("press", key="Enter")
    tab.do("wait", selector="#dialog[open] blockquote")
    assert tab.run("document.activeElement.id") == "dialog-title"
    _tab_to(tab, "Fermer", 2)
    tab.do("press", key="Escape")
    tab.do("waitFor", script="!document.querySelector('#dialog').open")
    assert tab.run("document.activeElement === opener0"), opener
    _tab_to(tab, "Pourquoi ?")
    tab.do("press", key="Enter")
    tab.do("wait", selector="#dialog[open] blockquote")
    _tab_to(tab, "Fermer", 2)
    tab.do("press", key="Enter")
    tab.do("waitFor", script="!document.querySelector('#dialog').open")
    assert tab.run(_FOCUS)["name"].startswith("Pourquoi")
