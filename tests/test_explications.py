"""Every rule explained, by ``aap-xl regle`` and on the page, both kept up with the rules and the cases."""

import json
from collections.abc import Callable
from pathlib import Path

import explications as generator
import pytest

from aap_xl.anomalies import RULES, Gravite
from aap_xl.appels.loader import Catalogue
from aap_xl.domain.regles import explications
from aap_xl.domain.regles.explications import mots
from aap_xl.faces.commands.regle import page
from aap_xl.rows import TABLES, Operation

Aap = Callable[..., tuple[int, str, str]]
_AIDE = "run: python tests/explications.py"


def test_every_rule_is_explained_and_nothing_else() -> None:
    explained = explications._fichier().keys() - {"familles", "gravites", "leve"}
    assert explained == RULES.keys(), "explications.toml and the rules name other codes"


@pytest.mark.parametrize("code", sorted(RULES))
def test_an_explanation_is_whole(code: str) -> None:
    found, cas = explications.explications()[code], explications.exemples()[code]
    assert code[0] in mots("familles")
    assert found.leve in mots("leve")
    assert found.titre.removeprefix("{")[:1].isupper()
    assert not found.titre.endswith(".")
    assert found.quoi.removeprefix("{")[:1].isupper()
    assert found.quoi.endswith(".")
    assert not found.corriger.endswith(".")
    assert found.corriger or cas.remedes, "its messages name no remedy: say in `corriger` what to do"


@pytest.mark.parametrize("code", sorted(RULES))
def test_a_rule_has_a_case_of_each_kind(code: str) -> None:
    cas = explications.exemples().get(code)
    assert cas, _AIDE
    assert cas.defaut.dit
    assert not cas.admis.dit


def test_the_examples_are_those_of_the_cases(catalogue: Catalogue) -> None:
    kept = (explications.DOSSIER / explications.EXEMPLES).read_text(encoding="utf-8")
    assert kept == generator.exemples(catalogue), _AIDE


def test_the_page_is_up_to_date(catalogue: Catalogue) -> None:
    assert generator.PAGE.read_text(encoding="utf-8") == page(catalogue), _AIDE


def test_a_rule_is_told_in_the_words_of_the_call(catalogue: Catalogue) -> None:
    for known in (explications.dites(catalogue), explications.dites()):
        assert not any("{" in text for item in known.values() for text in (item.titre, item.quoi, item.corriger))
    assert explications.dites(catalogue)["C03"].titre == "Comité sans le SLAI"
    assert explications.dites()["C03"].titre == "Comité sans le service référent"


def test_each_severity_has_its_meaning() -> None:
    assert mots("gravites").keys() == set(Gravite)


@pytest.mark.parametrize("asked", ["P04", "p04", " P4", "p004"])
def test_one_rule(aap: Aap, asked: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    code, out, _ = aap("regle", asked)
    lines = out.splitlines()
    assert (code, lines[1]) == (0, "P04 · Hors public")
    assert max(map(len, lines)) <= 80
    assert "3.3 : bloquante [Public cible]" in lines
    assert "  « Personnes en situation de très grande exclusion, essentiellement à la rue ou" in lines
    assert "3.7 : à vérifier [Public cible]" in lines
    assert "  Participants, ligne 7 : « Date de naissance » 07/04/1999" in lines
    assert "  Participants, ligne 7 : « Date de naissance » 08/04/1999" in lines


def test_a_severity_that_changes_is_told(aap: Aap) -> None:
    _, out, _ = aap("regle", "S06")
    assert "3.3, 3.7 : à vérifier, puis bloquante une fois l'opération terminée [Évaluation, 2. Bilan final]" in out


def test_what_the_messages_say_to_do_is_enough(aap: Aap) -> None:
    _, out, _ = aap("regle", "B04")
    assert "Comment corriger\nLimitez l'affectation à l'opération.\nCorrigez l'une des deux dates.\n" in out


def test_the_list_has_every_rule_once(aap: Aap) -> None:
    code, out, _ = aap("regle")
    assert code == 0
    assert sorted(line[:3] for line in out.splitlines() if line[:3] in RULES) == sorted(RULES)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("H99", "la règle « H99 » est inconnue ; au choix : H01, H02"),
        ("zut", "la règle « zut » est inconnue ; aap-xl regle les liste toutes."),
        ("P004x", "la règle « P004x » est inconnue ; au choix : P01"),
    ],
)
def test_an_unknown_code_is_answered_by_the_choice(aap: Aap, asked: str, said: str) -> None:
    code, out, err = aap("regle", asked)
    assert (code, out) == (2, "")
    assert said in err


def test_for_a_machine(aap: Aap) -> None:
    _, out, _ = aap("regle", "S06", "--json")
    (found,) = json.loads(out)["regles"]
    assert found["code"] == "S06"
    assert found["appels"][0] == {
        "appel": "3.3",
        "millesime": 2025,
        "gravite": "à vérifier",
        "gravite_finale": "bloquante",
        "article": "Évaluation, 2. Bilan final",
        "citation": "des pièces probantes (copie des contrats de travail, attestations de formation, etc.) devront "
        "être impérativement fournies lors du bilan",
    }
    assert found["defaut"]["dit"]
    assert found["admis"]["dit"] == []
    _, out, _ = aap("regle", "--json")
    assert {item["code"] for item in json.loads(out)["regles"]} == RULES.keys()


def test_a_call_of_ones_own_is_told_too(aap: Aap) -> None:
    _, out, _ = aap("regle", "B07", "--appels", Path(__file__).parent / "appels")
    assert "9.2" in out


def test_examples_name_no_column_by_its_letters() -> None:
    """Columns move; headers stay."""
    sheets = {row.feuille for row in TABLES.values()} | {Operation.feuille}
    for cas in explications.exemples().values():
        for dit in cas.defaut.dit:
            assert not any(dit.startswith(f"{sheet}!") for sheet in sheets)
