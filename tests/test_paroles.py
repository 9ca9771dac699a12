"""Nothing printed says a word that is not the call's: no « six mois » after three, nobody where nobody is followed.

Every sheet, guide, bilan, message and command's output of three calls that speak otherwise is read word by word.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import cas as cases
import openpyxl
import pytest
from generator import dossier as genere
from modeles import variante
from oracle import rempli

from aap_xl.anomalies import RULES, Gravite
from aap_xl.appels.loader import Catalogue
from aap_xl.appels.model import Appel, ReglageRegle
from aap_xl.domain.bilan import tableaux
from aap_xl.domain.controle import controler
from aap_xl.dossier import Dossier
from aap_xl.workbook.template.build import build

FICTIFS = Path(__file__).parent / "appels"
LE = dt.date(2026, 3, 1)
SIX_APRES = r"\bsix\b|[àsn] 6 mois"
SIX = r"\bsix\b|\b6 mois\b"
PAS_DE_CALAIS = r"\bMDS\b|\bSLAI\b|Convergence|\bPRF\b|secteur économique|Maison du Département|du Département\b"
PERSONNE = r"\b([Pp]ersonnes?|[Pp]articipants?|[Bb]énéficiaires?|B?RSA|[Ss]ortants?|Sorties?|l'entrée|logement)\b"
_ALIAS = re.compile(r"MDS d|, MDS|Mots : ")
"""Other names of territories and of exits, which are those of the shipped call."""
Aap = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return Catalogue((FICTIFS,), RULES.keys())


def _texts(content: bytes) -> Iterator[str]:
    """Everything that a reader may see of a workbook: cells, helps, lists, headers and footers, titles of charts."""
    book = openpyxl.load_workbook(BytesIO(content))
    for sheet in book:
        yield sheet.title
        yield from (cell.value for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str))
        for rule in sheet.data_validations.dataValidation:
            yield from filter(None, (rule.prompt, rule.promptTitle, rule.error, rule.errorTitle))
        for place in filter(None, (sheet.oddHeader, sheet.oddFooter)):
            yield from (part.text or "" for part in (place.left, place.center, place.right))
    for name, part in _parts(content):
        if "charts/chart" in name:
            yield from re.findall(r"<a:t>([^<]*)</a:t>", part)


def _parts(content: bytes) -> Iterator[tuple[str, str]]:
    with ZipFile(BytesIO(content)) as package:
        for name in package.namelist():
            if name.endswith(".xml"):
                yield name, package.read(name).decode()


def _said(texts: Iterator[str], pattern: str) -> set[str]:
    """The texts that say what they should not; formulas aside."""
    return {text for text in texts if not text.startswith("=") and re.search(pattern, text)}


def _with_every_rule(appel: Appel) -> Appel:
    """The same call, every rule switched on."""
    reglage = ReglageRegle(gravite=Gravite.A_VERIFIER, article="Art. 1")
    return variante(appel, regles=dict.fromkeys(RULES, reglage) | dict(appel.regles))


@pytest.mark.parametrize(
    ("code", "pattern"), [("9.1", SIX), ("8.3", PAS_DE_CALAIS), ("8.7", PAS_DE_CALAIS), ("9.2", PERSONNE)]
)
def test_the_workbook_and_its_bilan(code: str, pattern: str, catalogue: Catalogue, tmp_path: Path) -> None:
    appel = catalogue.get(code)
    blank = build(appel, {}, aujourdhui=LE)
    assert _said(_texts(blank), pattern) == set()
    source = tmp_path / "suivi.xlsx"
    source.write_bytes(rempli(genere(appel, 4)))
    Dossier.lire(source, catalogue, LE).ecrire_bilan(tmp_path / "bilan.xlsx")
    assert _said(_texts((tmp_path / "bilan.xlsx").read_bytes()), pattern) == set()


@pytest.mark.parametrize(("code", "pattern"), [("8.3", PAS_DE_CALAIS), ("8.7", PAS_DE_CALAIS), ("8.3", SIX_APRES)])
def test_the_messages_of_every_case(code: str, pattern: str, catalogue: Catalogue) -> None:
    appel = _with_every_rule(catalogue.get(code))
    like = {"8.3": "3.3", "8.7": "3.7"}[code]
    found = {
        text
        for cas in cases.tous()
        if cas.appel == like
        for item in controler(cases.donnees(appel, cas, like))
        for text in (re.sub(r"« [^»]* »", "", item.message), item.cell.entete)
        if re.search(pattern, text)
    }
    assert found == set()


def test_the_messages_of_a_call_without_people(catalogue: Catalogue) -> None:
    appel = _with_every_rule(catalogue.get("9.2"))
    for seed in range(4):
        donnees = genere(appel, seed).donnees
        told = [text for item in controler(donnees) for text in (item.message, item.cell.entete)]
        told += [str(text) for table in tableaux(donnees) for row in (*table.lignes, table.total or ()) for text in row]
        told += [text for t in tableaux(donnees) for text in (t.titre, t.note, *(c.titre for c in t.colonnes))]
        assert len(told) > 100
        assert _said(iter(told), PERSONNE) == set()


@pytest.mark.parametrize(("code", "pattern"), [("9.1", SIX), ("8.3", PAS_DE_CALAIS), ("9.2", PERSONNE)])
def test_what_commands_say_and_write(code: str, pattern: str, aap: Aap, catalogue: Catalogue, tmp_path: Path) -> None:
    appel = catalogue.get(code)
    old, new = tmp_path / "ancien.xlsx", tmp_path / "nouveau.xlsx"
    old.write_bytes(rempli(genere(appel, 1)))
    new.write_bytes(rempli(genere(appel, 4)))
    day = ("--appels", FICTIFS, "--date", f"{LE:%d/%m/%Y}")
    printed = [
        aap("appels", code, "--appels", FICTIFS)[1],
        aap("controler", new, *day)[1],
        aap("comparer", old, new, "--sortie", tmp_path / "ecarts.xlsx", *day)[1],
        aap("solde", new, "--sortie", tmp_path / "solde.xlsx", *day)[1],
        aap("renvoyer", new, "-o", tmp_path / "renvois", "--commentaire", "Merci.", *day)[1],
        aap("consolider", new, "-o", tmp_path / "synthese", *day)[1],
    ]
    assert all(printed)
    written = [*tmp_path.glob("*.xlsx"), *tmp_path.glob("renvois/**/*.xlsx"), *tmp_path.glob("synthese/*.xlsx")]
    assert len(written) >= 6
    texts = [line for text in printed for line in text.splitlines()]
    texts += [text for path in written for text in _texts(path.read_bytes())]
    texts += [line for path in tmp_path.glob("renvois/*.eml") for line in path.read_text().splitlines()]
    texts = [text for text in texts if not _ALIAS.search(text)]
    assert _said(iter(texts), pattern) == set()
