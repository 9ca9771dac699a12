"""The page in a real Chromium and a real Firefox: the command's own answers, and nothing that leaves."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from bombs_others import ODS, XLS, XLSB
from browser import Browser, opened, served
from dossier import workbook
from test_page_answers import JOUR, REFUSED, SAMPLES, SHORT, Aap, of, told

from aap_xl.appels.loader import Catalogue

pytestmark = pytest.mark.browser

_OURS = Path(__file__).parents[1] / "workbooks"
_EXAMPLE = _OURS / "2025-3.3-exemple.xlsx"
_CORE = [_EXAMPLE, _OURS / "2025-3.7-exemple.xlsm", *(path for path in SHORT if path.suffix == ".ods")]
"""What Firefox is asked too."""
_ANSWERS = [("chromium", path) for path in SAMPLES] + [("firefox", path) for path in _CORE]
answers = pytest.mark.parametrize(
    ("kind", "sample"), _ANSWERS, ids=lambda item: item if isinstance(item, str) else f"{item.parent.name}-{item.name}"
)


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, dict[str, Browser]]]:
    with opened(tmp_path_factory.mktemp("page"), "chromium", "firefox") as found:
        yield found


@pytest.fixture
def page(both: tuple[Path, dict[str, Browser]]) -> Path:
    """The single file."""
    return both[0]


@pytest.fixture
def browsers(both: tuple[Path, dict[str, Browser]]) -> dict[str, Browser]:
    return both[1]


@pytest.fixture
def chromium(browsers: dict[str, Browser]) -> Browser:
    return browsers["chromium"]


# --- the same as the commands ----------------------------------------------------------------------------------------


@answers
def test_checks_are_those_of_the_command(kind: str, sample: Path, browsers: dict[str, Browser], aap: Aap) -> None:
    code, out, err = aap("controler", sample, "--json", "--date", JOUR)
    found, _ = browsers[kind].ask("controler", *of(sample), jour=JOUR)
    assert found == {"refus": told(err)} if code == 2 else found["controle"] == json.loads(out)


@answers
def test_a_bilan_is_that_of_the_command_to_the_byte(
    kind: str, sample: Path, browsers: dict[str, Browser], aap: Aap, tmp_path: Path
) -> None:
    copy = tmp_path / sample.name
    copy.write_bytes(sample.read_bytes())
    code, _, err = aap("bilan", copy, "--date", JOUR)
    found, made = browsers[kind].ask("bilan", *of(sample), jour=JOUR)
    if code == 2:
        assert (found, made) == ({"refus": told(err)}, [])
    else:
        assert [(name, content) for name, _, content in made] == [
            (found["fichier"], (tmp_path / found["fichier"]).read_bytes())
        ]


@pytest.mark.parametrize("code", ["3.3", "3.7"])
def test_so_are_those_of_three_hundred_people(
    code: str, chromium: Browser, catalogue: Catalogue, aap: Aap, tmp_path: Path
) -> None:
    path = tmp_path / "suivi.xlsx"
    path.write_bytes(workbook(catalogue.get(code, 2025), 300))
    _, out, _ = aap("controler", path, "--json", "--date", JOUR)
    assert chromium.ask("controler", *of(path), jour=JOUR)[0]["controle"] == json.loads(out)
    assert aap("bilan", path, "--date", JOUR)[0] != 2
    _, [(name, _, content)] = chromium.ask("bilan", *of(path), jour=JOUR)
    assert content == (tmp_path / name).read_bytes()


@pytest.mark.parametrize("sample", sorted(_OURS.glob("*-exemple.xlsx")), ids=lambda path: path.name)
def test_balances_and_comparisons_are_those_of_the_commands(
    sample: Path, chromium: Browser, aap: Aap, tmp_path: Path
) -> None:
    blank = sample.with_name(sample.name.replace("exemple", "vierge"))
    made_here = tmp_path / "a.xlsx"
    _, out, _ = aap("solde", sample, "--json", "--date", JOUR, "-o", made_here)
    found, [(_, _, content)] = chromium.ask("solde", *of(sample), jour=JOUR)
    assert (found["solde"], content) == (json.loads(out), made_here.read_bytes())
    _, out, _ = aap("comparer", blank, sample, "--json", "--date", JOUR, "-o", made_here, "--forcer")
    found, [(_, _, content)] = chromium.ask("comparer", *of(blank, sample), jour=JOUR)
    assert (found, content) == (json.loads(out), made_here.read_bytes())


@pytest.mark.parametrize("what", REFUSED)
def test_a_refusal_is_the_sentence_of_the_command(what: str, chromium: Browser, aap: Aap, tmp_path: Path) -> None:
    name, content = REFUSED[what]
    path = tmp_path / name
    path.write_bytes(content)
    code, _, err = aap("controler", path, "--date", JOUR)
    assert code == 2
    assert chromium.ask("controler", (name, content), jour=JOUR) == ({"refus": told(err)}, [])


_OTHERS = [("suivi.ods", ODS), ("suivi.xls", XLS), ("suivi.xlsb", XLSB)]


@pytest.mark.parametrize(("name", "made"), [(name, bombs[what]) for name, bombs in _OTHERS for what in [*bombs][:2]])
def test_a_bomb_is_told_as_the_command_does(
    name: str, made: Callable[[], bytes], chromium: Browser, aap: Aap, tmp_path: Path
) -> None:
    path = tmp_path / name
    path.write_bytes(made())
    code, out, err = aap("controler", path, "--json", "--date", JOUR)
    found, _ = chromium.ask("controler", *of(path), jour=JOUR)
    assert found == {"refus": told(err)} if code == 2 else found["controle"] == json.loads(out)


# --- nothing leaves --------------------------------------------------------------------------------------------------

_TRIES = """new Promise((done) => {
  const to = "ADDRESS", seen = [];
  addEventListener("securitypolicyviolation", (event) => seen.push(event.effectiveDirective));
  for (const attempt of [ATTEMPTS]) { try { Promise.resolve(attempt()).catch(() => 0); } catch {} }
  setTimeout(() => done(seen.sort()), 1000);
})"""
_BY_WORKER = [
    "() => { const asked = new XMLHttpRequest(); asked.open('GET', to + 'xhr'); asked.send(); }",
    "() => new WebSocket(to.replace('http', 'ws') + 'socket')",
]
_BY_PAGE = [
    *_BY_WORKER,
    "() => fetch(to + 'fetch')",
    "() => navigator.sendBeacon(to + 'beacon')",
    "() => { new Image().src = to + 'image'; }",
    "() => document.body.append(Object.assign(document.createElement('iframe'), { src: to + 'frame' }))",
    "() => document.head.append(Object.assign(document.createElement('script'), { src: to + 'script' }))",
]


def _tries(attempts: list[str], address: str) -> str:
    """A script that tries to reach an address, and gives the directives of the policy that refused."""
    return _TRIES.replace("ATTEMPTS", ", ".join(attempts)).replace("ADDRESS", address)


@pytest.mark.parametrize("kind", ["chromium", "firefox"])
def test_nothing_leaves_and_nothing_can(kind: str, browsers: dict[str, Browser], page: Path, tmp_path: Path) -> None:
    browser = browsers[kind]
    browser.do("open", url=page.as_uri())
    for verb in ("controler", "bilan", "solde"):
        assert "crash" not in browser.ask(verb, *of(_EXAMPLE), jour=JOUR)[0]
    asked = browser.do("requests")
    assert [url for url in asked if url != page.as_uri() and not url.startswith(("blob:", "data:"))] == []
    assert browser.do("errors") == []
    with served(tmp_path) as (address, leaked):
        refused = browser.run(_tries(_BY_PAGE, address))
        assert {"connect-src", "img-src", "frame-src"} <= set(refused)
        assert refused.count("connect-src") == 4
        if kind == "chromium":  # WebDriver BiDi reaches no worker
            assert browser.do("inWorker", script=_tries(_BY_WORKER, address)) == ["connect-src"] * 2
        assert leaked == []


@pytest.mark.parametrize("kind", ["chromium", "firefox"])
def test_nothing_is_kept(kind: str, browsers: dict[str, Browser], page: Path) -> None:
    browser = browsers[kind]
    browser.ask("controler", *of(_EXAMPLE), jour=JOUR)
    kept = """(async () => { const read = (what) => { try { return what(); } catch { return 0; } };
      return [read(() => localStorage.length), read(() => sessionStorage.length), read(() => document.cookie.length),
        (await indexedDB.databases()).length]; })()"""
    assert browser.run(kept) == [0, 0, 0, 0]


def test_a_site_asks_only_for_its_own_files(chromium: Browser, page: Path, tmp_path: Path, aap: Aap) -> None:
    site = tmp_path / "site"
    assert aap("page", "--site", site)[0] == 0
    _, out, _ = aap("controler", _EXAMPLE, "--json", "--date", JOUR)
    with served(site) as (address, asked):
        chromium.do("open", url=address)
        before = len(chromium.do("requests"))
        assert chromium.ask("controler", *of(_EXAMPLE), jour=JOUR)[0]["controle"] == json.loads(out)
        chromium.ask("bilan", *of(_EXAMPLE), jour=JOUR)
        requests = chromium.do("requests")
        assert [url for url in requests if not url.startswith((address, "blob:", "data:"))] == []
        assert [url for url in requests[before:] if not url.startswith(("blob:", "data:")) and "sw.js" not in url] == []
        files = {f"/{path.relative_to(site).as_posix()}" for path in site.rglob("*")} | {"/"}
        assert set(asked) <= files
    chromium.do("open", url=page.as_uri())


# --- a breakdown -----------------------------------------------------------------------------------------------------


def test_a_breakdown_is_one_sentence_and_the_page_works_again(chromium: Browser) -> None:
    chromium.do("inWorker", script="answer = () => { throw new Error('planted'); }")
    found, _ = chromium.ask("controler", *of(_EXAMPLE), jour=JOUR)
    assert found.keys() == {"crash"}
    assert found["crash"].endswith("Vos fichiers n'ont pas changé.")
    chromium.do("ready")
    assert "controle" in chromium.ask("controler", *of(_EXAMPLE), jour=JOUR)[0]
