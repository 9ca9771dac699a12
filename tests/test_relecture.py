"""For whoever writes a call: what is read again, what a rule can't do without, the schema for editors."""

import json
import shutil
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

import besoins as needs_of_cases
import pytest
from json_schema import faults

from aap_xl.anomalies import RULES
from aap_xl.appels.editors import schema
from aap_xl.appels.loader import FOURNIS, AppelInvalide, Catalogue, charger, parties
from aap_xl.appels.model import Modele
from aap_xl.appels.needs import has, worded
from aap_xl.appels.review import Revue, relire
from aap_xl.domain.regles import BESOINS
from aap_xl.domain.regles.explications import dites
from aap_xl.rows import TABLES, Operation

FICTIFS = Path(__file__).parent / "appels"
NEEDS: dict[str, list[str]] = tomllib.loads(BESOINS.read_text(encoding="utf-8"))
COMMUN = (FICTIFS / "fictif-2031-9.1.toml").read_text(encoding="utf-8")


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AAP_XL_CACHE", str(tmp_path / "cache"))


def _write(tmp_path: Path, own: str) -> Path:
    """A call that starts from the fictional one, become common."""
    (tmp_path / "socle.toml").write_text(f"commun = true\n{COMMUN}", encoding="utf-8")
    (tmp_path / "essai.toml").write_text(f'base = "socle"\n{own}\n', encoding="utf-8")
    return tmp_path / "essai.toml"


def _relire(tmp_path: Path, own: str) -> Revue:
    chemin = _write(tmp_path, own)
    return relire(charger(chemin, RULES, BESOINS), parties(chemin), NEEDS)


# --- what a rule can't do without ------------------------------------------------------------------------------------


def test_needs_are_of_rules_tables_and_columns_that_exist() -> None:
    assert NEEDS.keys() <= RULES.keys()
    for need in {need for needs in NEEDS.values() for need in needs}:
        table, _, nom = need.partition(".")
        if table != "appel":
            row = Operation if table == "operation" else TABLES[table]
            assert not nom or nom in row.champs, need


@pytest.mark.slow
@pytest.mark.parametrize("code", NEEDS)
def test_without_what_it_needs_a_rule_says_nothing(code: str, catalogue: Catalogue) -> None:
    failing = needs_of_cases.echecs(code, catalogue)
    for need in NEEDS[code]:
        if need.startswith("appel.") or "." in need:
            assert all(needs_of_cases.muette(cas, appel, need) for cas, appel in failing if has(appel, need)), need


def test_a_rule_of_its_own_without_its_column_is_refused(tmp_path: Path) -> None:
    chemin = _write(tmp_path, 'regles.O21 = { gravite = "à vérifier", article = "Art. 2" }')
    with pytest.raises(AppelInvalide) as error:
        charger(chemin, RULES, BESOINS)
    assert (
        "regles.O21 : cette règle ne peut rien dire sans « a_jour_au » dans classeur.operation ; "
        "ajoutez-le, ou retirez la règle." in str(error.value)
    )


def test_a_rule_that_is_inherited_without_its_column_is_left_out_and_told(tmp_path: Path) -> None:
    own = 'retire = ["heures", "classeur.tables.heures"]\nindicateurs = ["personnes"]'
    appel = charger(_write(tmp_path, own), RULES, BESOINS)
    assert not {"H04", "H05"} & appel.regles.keys()
    assert charger(tmp_path / "essai.toml").regles.keys() >= {"H04", "H05"}  # the rules' needs are not asked
    muettes = _relire(tmp_path, own).muettes
    assert muettes.keys() == {"H04", "H05"}
    assert worded(muettes["H05"]) == "classeur.tables.heures, « heures »"


def test_a_shipped_call_leaves_out_no_rule_that_it_writes_itself() -> None:
    known = Catalogue((), RULES, BESOINS)
    for appel in known:
        own = next(iter(parties(known.chemin(appel)).values()))
        assert own.get("regles", {}).keys() - {"retire"} <= appel.regles.keys()


# --- what is read again ----------------------------------------------------------------------------------------------


def test_what_is_inherited_and_not_confirmed_is_listed_with_its_file(tmp_path: Path) -> None:
    herites = _relire(tmp_path, "operation.suivi_mois = 3").herites
    found = {item.cle: (item.valeur, item.fichier) for item in herites}
    assert "operation.suivi_mois" not in found  # confirmed, were it by the same value
    assert found["operation.duree_max_mois"] == (18, "socle.toml")
    assert found["budget.charges_indirectes.taux"] == (Decimal("0.125"), "socle.toml")
    assert found["sorties.classement.1.si.mois_min"] == (12, "socle.toml")
    assert not [cle for cle in found if cle.startswith("classeur")]
    (article,) = [item for item in herites if item.valeur == "Art. 2"]
    assert article.cle == "article"
    assert article.fois == COMMUN.count('article = "Art. 2"')


def test_an_article_is_confirmed_with_its_word(tmp_path: Path) -> None:
    (tmp_path / "socle.toml").write_text(
        "commun = true\n" + COMMUN.replace('article = "Art. 5"', 'article = "{article_heures}"')
        + '[mots]\narticle_heures = "Art. 5"\n',
        encoding="utf-8",
    )  # fmt: skip
    own = 'base = "socle"\nidentite.code = "9.3"\n'
    for text, said in ((own, {("mots.article_heures", "Art. 5", 3)}), (f'{own}[mots]\narticle_heures = "II"\n', set())):
        (tmp_path / "essai.toml").write_text(text, encoding="utf-8")
        chemin = tmp_path / "essai.toml"
        herites = relire(charger(chemin, RULES, BESOINS), parties(chemin), NEEDS).herites
        assert {(item.cle, item.valeur, item.fois) for item in herites if item.cle.startswith("mots.")} == said


def test_what_is_there_for_nothing_is_listed(tmp_path: Path) -> None:
    own = (
        'retire = ["classeur.tables.partenaires", "regles.O12"]\nindicateurs = ["personnes"]\n'
        'mots = { article_perdu = "Art. 99" }'
    )
    revue = _relire(tmp_path, own)
    assert revue.listes == ("liens",)
    assert revue.mots == ("article_perdu",)
    assert "operation.personnes_par_an" in revue.exigences
    assert "operation.personnes_par_an" not in _relire(tmp_path, "").exigences


def test_nothing_is_there_for_nothing_in_the_shipped_calls() -> None:
    known = Catalogue((), RULES, BESOINS)
    for appel in known:
        revue = relire(appel, parties(known.chemin(appel)), NEEDS)
        assert (revue.listes, revue.mots) == ((), ())


# --- the schema for editors ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def made() -> dict[str, Any]:
    return schema({code: item.titre for code, item in dites().items()})


def _faults(text: str, made: dict[str, Any]) -> list[str]:
    return list(faults(tomllib.loads(text, parse_float=Decimal), made, made))


@pytest.mark.parametrize(
    "chemin", [*sorted(FOURNIS.glob("*.toml")), *sorted(FICTIFS.glob("*.toml"))], ids=lambda p: p.name
)
def test_every_call_follows_the_schema(chemin: Path, made: dict[str, Any]) -> None:
    assert _faults(chemin.read_text(encoding="utf-8"), made) == []


@pytest.mark.parametrize(
    ("own", "key"),
    [
        ('operation.suivi_mois = "3"', ".operation.suivi_mois: not integer"),
        ("operation.suivi_moi = 3", ".operation.suivi_moi: unknown"),
        ("operation.suivi_mois = 0", ".operation.suivi_mois: out of bounds"),
        ("budget.charges_indirectes.taux = 20", ".budget.charges_indirectes.taux: out of bounds"),
        ('budget.fongibilite.niveau = "lignes"', ".budget.fongibilite.niveau: 'lignes' not listed"),
        ('regles.P03.gravite = "grave"', ".regles.P03.gravite: 'grave' not listed"),
        ('identite.intitule = ""', ".identite.intitule: '' does not look right"),
        ('retire = "regles.P03"', ".retire: not array"),
        ("commun = false", ".commun: False not True"),
    ],
)
def test_an_editor_sees_what_loading_refuses(made: dict[str, Any], own: str, key: str) -> None:
    assert key in _faults(f'base = "socle"\n{own}', made)


def test_a_call_that_stands_alone_must_say_everything(made: dict[str, Any]) -> None:
    assert ".identite: missing" in _faults("schema_version = 2", made)
    assert _faults('base = "socle"', made) == []
    assert _faults("commun = true\nschema_version = 2", made) == []


def test_titles_are_the_labels_of_the_model_in_french(made: dict[str, Any]) -> None:
    assert made["$defs"]["Operation"]["properties"]["suivi_mois"]["title"] == "Suivi après la sortie (mois)"
    for part in Modele.__subclasses__():
        described = made if part.__name__ == "Appel" else made["$defs"][part.__name__]
        assert described["properties"].keys() >= set(part.champs())
        assert "description" not in described or described is made
    assert made["properties"]["regles"]["properties"]["P04"]["title"].startswith("P04 : ")
    colonnes = made["$defs"]["Classeur"]["properties"]["tables"]["properties"]["heures"]["properties"]["colonnes"]
    assert "semaine" in colonnes["items"]["anyOf"][0]["enum"]


# --- the command -----------------------------------------------------------------------------------------------------


def test_the_command_reads_every_call_again(aap: Any, tmp_path: Path) -> None:
    code, out, err = aap("appels", "--relire")
    assert (code, err) == (0, "")
    assert out.count("Hérité et non confirmé (") == 2
    assert "  Fichiers : pas-de-calais-2025-3.7.toml, qui part de pas-de-calais-2025.toml" in out
    assert "operation.duree_max_mois" in out
    shutil.copy(_write(tmp_path, 'identite.code = "9.4"'), tmp_path / "autre.toml")
    (tmp_path / "essai.toml").unlink()
    code, out, _ = aap("appels", "9.4", "--relire", "--appels", tmp_path)
    assert code == 0
    assert "Relecture de 9.4 Cap sur l'atelier (2031)" in out
    assert "Rien." in out


def test_the_command_writes_the_schema(aap: Any, tmp_path: Path) -> None:
    code, out, _ = aap("appels", "--schema")
    assert code == 0
    assert json.loads(out)["title"] == "Un appel à projets d'aap-xl"
    cible = tmp_path / "appel.schema.json"
    assert aap("appels", "--schema", "-o", cible)[0] == 0
    assert json.loads(cible.read_text(encoding="utf-8")) == json.loads(out)
    code, _, err = aap("appels", "--schema", "-o", cible)
    assert code == 2
    assert "existe déjà" in err
    with pytest.raises(SystemExit):
        aap("appels", "--schema", "--relire")
