"""The generated VBA wrappers: every function of Python, nothing else, none of what the stock generator allows."""

import re
from functools import cache
from inspect import Parameter, signature
from typing import Any

import pytest
from complement import ADDIN, construire, modules_lus, vba

from aap_xl.appels.loader import Catalogue
from aap_xl.faces.excel import functions
from aap_xl.rows import TABLES
from aap_xl.workbook import layout

enveloppes: Any = construire.enveloppes
FUNCTIONS = sorted(name for name in vars(functions) if name.startswith("AAP_"))
_SIGNATURE = re.compile(r"^Function (\w+)\((.*)\)$", re.MULTILINE)
_CALL = re.compile(
    r'^    (\w+) = XLPy\.CallUDF\("([\w.]+)", "(\w+)", Array\((.*)\), Nothing, Application\.Caller\)$', re.M
)


@cache
def texte() -> str:
    found: str = enveloppes.texte()
    return found


def arguments(name: str) -> list[Parameter]:
    return list(signature(getattr(functions, name)).parameters.values())


@pytest.mark.slow
def test_two_generations_are_the_same() -> None:
    assert enveloppes.texte() == texte()


def test_every_function_has_its_wrapper_with_the_same_arguments() -> None:
    found = dict(_SIGNATURE.findall(texte()))
    assert sorted(found) == FUNCTIONS
    for name, given in found.items():
        visible = [item for item in arguments(name) if item.name != "caller"]
        wanted = [f"Optional {i.name}" if i.default is None else i.name for i in visible]
        assert given == ", ".join(wanted), name


def test_every_wrapper_calls_its_function_and_hands_over_the_calling_cell() -> None:
    calls = {name: (module, function, given) for name, module, function, given in _CALL.findall(texte())}
    assert sorted(calls) == FUNCTIONS
    for name, (module, function, given) in calls.items():
        names = ["Nothing" if item.name == "caller" else item.name for item in arguments(name)]
        assert (module, function, given) == ("aap_xl.faces.excel.functions", name, ", ".join(names))


def test_a_failure_shows_a_french_sentence_and_never_a_traceback() -> None:
    labels = texte().split("failed:\n")[1:]
    assert len(labels) == len(FUNCTIONS)
    assert all("= Echec(Err.Number, Err.Source, Err.Description)\nEnd Function" in label for label in labels)
    assert "Python n'a pas répondu" in texte()


@pytest.mark.parametrize("word", ["ActiveWorkbook", "Auto_Open", "Workbook_Open", "conf", "ImportPythonUDFs", "App ="])
def test_nothing_is_left_of_what_a_workbook_could_abuse(word: str) -> None:
    assert word not in texte()


def test_every_help_text_is_french_and_fits_in_excel() -> None:
    described = re.findall(r'^    Decrire "(\w+)", "(.*)", aides$', texte(), re.MULTILINE)
    assert sorted(name for name, _ in described) == FUNCTIONS
    helps = re.findall(r'^    aides\(\d+\) = "(.*)"$', texte(), re.MULTILINE)
    assert len(helps) == sum(len([i for i in arguments(name) if i.name != "caller"]) for name in FUNCTIONS)
    for words in [*helps, *(help_ for _, help_ in described)]:
        assert 4 < len(words) <= 255
        assert words[-1] in ".…)?", words
        assert not re.search(r"Positional argument|Python function|Args:", words)


def test_the_committed_add_in_holds_these_wrappers() -> None:
    name, built = vba.built(texte(), "enveloppes")
    read = modules_lus(construire.COMPLEMENT)
    assert read[name].replace("\r\n", "\n").strip() == built.replace("\r\n", "\n").strip()


def test_the_formulas_of_the_guide_can_be_typed_as_they_stand(catalogue: Catalogue) -> None:
    """A French Excel separates by « ; », and a header's apostrophe is doubled inside brackets."""
    guide = (ADDIN / "LISEZMOI.md").read_text(encoding="utf-8")
    formulas = re.findall(r"`=(AAP_\w+)\(([^`…]+)\)`", guide)
    assert formulas
    tables = {table.excel: table.nom for appel in catalogue for table in layout.tables(appel).values()}
    for name, given in formulas:
        parts = given.split(";")
        required = [item for item in arguments(name) if item.default is Parameter.empty]
        assert len(required) <= len(parts) <= len(arguments(name))
        for table, header in re.findall(r"(\w+)\[([^\]]+)\]", given):
            assert "'" not in header.replace("''", ""), header
            known = {champ.entete for champ in TABLES[tables[table]].champs.values()}
            assert header.replace("''", "'") in known


def test_another_generator_is_refused() -> None:
    with pytest.raises(enveloppes.GenerateurChange, match="relisez-les"):
        enveloppes._adapted("Function AAP_AGE(a)\n    AAP_AGE = Autre(a)\nEnd Function\n")
