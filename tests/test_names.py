"""The names of modules: English for an engine's word, French for one that is printed in a call or on a sheet."""

import re
from pathlib import Path

from aap_xl.appels.loader import Catalogue
from aap_xl.faces import grammar
from aap_xl.rows import TABLES, Operation, Row
from aap_xl.texte import normaliser

SOURCES = Path(__file__).parents[1] / "src" / "aap_xl"
ENGLISH = set((Path(__file__).parent / "english.txt").read_text(encoding="utf-8").split())
"""The engine's words: a module with a new one adds it, once somebody has looked that it is English."""
FIELD = {
    "anomalies": "« Contrôle » counts them",
    "calendrier": "dates and sessions, in the domain",
    "comparaison": "the workbook that `comparer` writes",
    "complement": "the Excel add-in",
    "controle": "the sheet « Contrôle »",
    "consolidation": "what `consolider` does",
    "doublons": "probable doubles, in the rules' words",
    "effectifs": "the synthesis' counts",
    "euros": "the currency",
    "exemples": "the command",
    "explications": "`docs/regles.md`",
    "factures": "invoices, in the rules' words",
    "finances": "the bilan's tables of money",
    "francais": "the language",
    "identites": "the rules on names and births",
    "montants": "the comparison's amounts",
    "nir": "the social security number",
    "nominatif": "what names somebody",
    "parcours": "a stay",
    "preuves": "the rules on what proves an exit",
    "pseudonymes": "the synthesis says whose key made them",
    "publics": "the synthesis' publics",
    "renvoi": "what `renvoyer` prepares",
    "retours": "the returns of the demonstration",
    "synthese": "`synthese.xlsx`",
    "syntheses": "« Budget » and « Tableau de bord », sheets of sums",
    "texte": "French text, compared as a reader does",
    "versements": "advance and balance, in Excel's functions",
}
"""French words of the field that no call and no header prints, and where a reader meets them."""


def _printed() -> set[str]:
    """Every word of the calls' files, of the sheets' names, headers and helps, and of the commands."""
    texts = [path.read_text(encoding="utf-8") for path in (SOURCES / "appels").glob("*.toml")]
    rows: list[type[Row]] = [*TABLES.values(), Operation]
    for row in rows:
        texts += [row.feuille, *(f"{champ.entete} {champ.aide}" for champ in row.champs.values())]
    texts += [appel.nom for appel in Catalogue()]
    return {word for text in texts for word in normaliser(text).split()} | set(grammar.COMMANDES)


def test_a_module_is_named_in_english_or_by_a_printed_word() -> None:
    printed = _printed()
    names = {path.relative_to(SOURCES).as_posix(): path.stem for path in SOURCES.rglob("*.py")}
    names |= {path.relative_to(SOURCES).as_posix(): path.name for path in SOURCES.rglob("*") if path.is_dir()}
    wrong = {
        place: word
        for place, name in names.items()
        for word in re.findall("[a-z]+", name)
        if "__pycache__" not in place and word not in ENGLISH | FIELD.keys() | printed
    }
    assert not wrong


def test_the_words_allowed_are_used() -> None:
    used = {word for path in SOURCES.rglob("*") for word in re.findall("[a-z]+", path.relative_to(SOURCES).as_posix())}
    assert not FIELD.keys() - used
