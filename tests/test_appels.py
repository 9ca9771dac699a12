"""The calls' files: what is shipped is right, what is wrong is refused by file and key."""

import datetime as dt
import functools
import inspect
import io
import operator
import pickle
import tomllib
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from aap_xl.appels import cache, messages
from aap_xl.appels.inheritance import heriter
from aap_xl.appels.loader import FOURNIS, AppelInconnu, AppelInvalide, Catalogue, charger
from aap_xl.appels.model import Appel, Label, Modele, Worded, declarer
from aap_xl.domain.regles import RULES

FICTIFS = Path(__file__).parent / "appels"
BASES = ("pas-de-calais-2025.toml", "commun.toml", "mots-du-terrain.toml")
TEXTE_33 = (FOURNIS / "pas-de-calais-2025-3.3.toml").read_text(encoding="utf-8")
TEXTES = {"essai.toml": TEXTE_33} | {nom: (FOURNIS / nom).read_text(encoding="utf-8") for nom in BASES}
"""The call 3.3 as its file says it, then all that it starts from, nearest first."""


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AAP_XL_CACHE", str(tmp_path / "cache"))


@pytest.mark.parametrize(
    ("code", "read", "value"),
    [
        ("3.3", lambda a: a.public.criteres[1].age_max_exclu, 26),
        ("3.7", lambda a: a.public.criteres[2].age_max_exclu, 25),
        ("3.3", lambda a: a.budget.charges_indirectes.taux, Decimal("0.20")),
        ("3.7", lambda a: a.budget.charges_indirectes.assiette, ("personnel", "fonctionnement")),
        ("3.3", lambda a: a.budget.plafond_subvention, None),
        ("3.7", lambda a: a.budget.plafond_subvention, Decimal(50000)),
        ("3.3", lambda a: a.operation.personnes_par_an, None),
        ("3.7", lambda a: a.operation.personnes_par_an, 15),
        ("3.3", lambda a: a.depots[0].debut_au, dt.date(2025, 8, 1)),
        ("3.7", lambda a: a.depots[2].depot_au, dt.date(2025, 9, 30)),
        ("3.3", lambda a: a.operation.suivi_mois, 6),
        ("3.7", lambda a: a.operation.suivi_mois, None),
        ("3.7", lambda a: (a.heures.minimum, a.heures.maximum), (4, 20)),
        ("3.3", lambda a: a.public.majorite_brsa.strict, True),
        ("3.7", lambda a: a.public.majorite_brsa, None),
        ("3.3", lambda a: [m.libelle for m in a.mds][5:7], ["Hénin-Carvin", "Lens-Liévin"]),
        ("3.7", lambda a: [r.code for r in a.budget.roles][:4], ["orienteur", "educateur", "encadrant", "assistant"]),
        ("3.3", lambda a: a.budget.roles, ()),
    ],
)
def test_the_shipped_calls_say_what_the_texts_say(catalogue: Catalogue, code: str, read: object, value: object) -> None:
    assert read(catalogue.get(code, 2025)) == value  # type: ignore[operator]


@pytest.mark.parametrize("code", ["3.3", "3.7"])
def test_nine_mds_have_a_service_and_a_telephone(catalogue: Catalogue, code: str) -> None:
    mds = catalogue.get(code).mds
    assert len(mds) == 9
    assert all(m.telephone.startswith("03 ") and m.service for m in mds)


def _write(tmp_path: Path, *changes: tuple[str, str]) -> Path:
    """The call 3.3 with changes, each in the first file that says the text."""
    texts = dict(TEXTES)
    for old, new in changes:
        nom = next(nom for nom, text in texts.items() if old in text)
        texts[nom] = texts[nom].replace(old, new, 1)
    for nom, text in texts.items():
        (tmp_path / nom).write_text(text, encoding="utf-8")
    return tmp_path / "essai.toml"


def _refused(tmp_path: Path, old: str, new: str, codes: set[str] | None = None) -> str:
    chemin = _write(tmp_path, (old, new))
    with pytest.raises(AppelInvalide) as error:
        charger(chemin, codes)
    return str(error.value)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("duree_max_mois = 12", "duree_max_moi = 12", "operation.duree_max_moi : clé inconnue"),
        ("duree_max_mois = 12", "", "operation.duree_max_mois : clé absente"),
        ("taux = 0.20", 'taux = "vingt"', "budget.charges_indirectes.taux : nombre attendu"),
        ("taux = 0.20", "taux = 20", "budget.charges_indirectes.taux : 20 n'est pas compris entre 0 et 1"),
        ("depot_au = 2025-02-14", "depot_au = 2025-01-14", "depots.0.depot_au : la fin du dépôt précède son début"),
        ("debut_au = 2025-08-01", "debut_au = 2024-12-31", "depots.0.debut_au : la fin des démarrages précède"),
        ("depot_du = 2025-04-01", "depot_du = 2025-02-14", None),
        ("debut_du = 2025-09-01", "debut_du = 2025-08-01", None),
        ('"personnel", "fonctionnement"]', '"personnel", "prestation"]', "assiette : « prestation » est inconnu"),
        ('liens_requis = ["job_dating"]', 'liens_requis = ["bal"]', "operation.liens_requis : « bal » est inconnu"),
        ('niveau = "ligne"', 'niveau = "lignes"', "budget.fongibilite.niveau : valeur inconnue"),
        ('si = { situation = ["cdi"] }', 'si = { situation = ["cddi"] }', "classement.1.si.situation : « cddi »"),
        (
            'situation = ["cdd"], mois_min = 6',
            'situation = ["cdd"], mois_min = 6, mois_max = 6',
            "doit dépasser mois_min",
        ),
        ('situation = ["cdi"] }', 'situation = ["cdi"], mois_min = 6 }', "la durée de « cdi » n'est pas connue"),
        ('situation = ["siae"] }', 'situation = ["siae", "cdi"] }', "classement.1 : cette ligne n'est jamais atteinte"),
        ('["mission"], mois_max = 6', '["mission"], mois_max = 5', "ne prévoit pas toutes les durées"),
        ('["mission"], mois_min = 6', '["mission"], strict = true, mois_min = 6', "ne prévoit pas toutes les durées"),
        ('situation = ["siae"] }, classe', 'situation = ["siae", "cdi"] }, classe', "celui d'une seule situation"),
        ('mots = ["Permis", ', 'mots = ["Abandon", ', "« Abandon » est dit de deux choses"),
        ('mots = ["Permis", ', 'mots = ["Stage", ', "« Stage » est dit de deux choses"),
        ('mots = ["Permis", ', 'mots = ["?", ', "n'a ni lettre ni chiffre"),
        (
            'refus = "la personne n\'est pas sortie", ',
            "",
            "sorties.mots.present : donnez une situation, ou bien un refus",
        ),
        ('remede = "effacez cette situation et', 'source2 = "', "clé inconnue"),
        ("comites = {", "comite = {", "classeur.tables.comite : tableau inconnu"),
        ('"code", "intitule", "metier"', '"code", "titre", "metier"', "colonnes : « titre » est inconnu"),
        (
            'gravite = "bloquante", article = "{',
            'gravite = "grave", article = "{',
            "valeur inconnue : 'grave'",
        ),
        (
            '"action", "date_entree",',
            '"action",',
            "participants.colonnes : la colonne « date_entree » est indispensable",
        ),
        ('code = "artois"', 'code = "arrageois"', "mds : « arrageois » est donné deux fois"),
        ("schema_version = 2", "schema_version =", "n'est pas un TOML valide ; relisez la ligne 6, colonne 17"),
        ("duree_max_mois = 12", "duree_max_mois = 1.5", "duree_max_mois : nombre entier attendu ; lu : 1.5."),
        ("taux = 0.20", "taux = nan", "taux : nombre attendu ; lu : NaN."),
        ("depot_du = 2025-04-01", "depot_du = 2025-04-01T10:00:00", "depot_du : date sans heure attendue, par exemple"),
        ("2025-01-15", "2025-01-15, depot = 3", "depots.0.depot : clé inconnue"),
        ('{ code = "fait",', '{ code = "realise",', "listes.contacts : le code « fait » est indispensable"),
        ('indicateurs = ["personnes"', 'indicateurs = ["personne"', "indicateurs.0 : valeur inconnue : 'personne'"),
    ],
)
@pytest.mark.slow
def test_a_wrong_file_is_refused_naming_file_and_key(tmp_path: Path, old: str, new: str, words: str | None) -> None:
    if words is None:  # only one of deposit and start overlaps: allowed
        assert isinstance(charger(_write(tmp_path, (old, new))), Appel)
        return
    message = _refused(tmp_path, old, new)
    assert message.startswith(tuple(f"{nom} : " for nom in TEXTES))
    assert words in message


FAUTES: list[Any] = ["x", 3, 10**30, Decimal("1.5"), Decimal("NaN"), True, [], ["x"], {"x": 1}]
FAUTES += [dt.date(2025, 1, 1), dt.datetime(2025, 1, 1, 3), dt.time(3)]  # noqa: DTZ001 - as TOML gives them


def _keys(data: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every key of a call; of a list, its first item's."""
    items = data.items() if isinstance(data, dict) else enumerate(data[:1]) if isinstance(data, list) else ()
    for key, value in items:
        yield (*path, key)
        yield from _keys(value, (*path, key))


@pytest.mark.slow
def test_whatever_a_key_holds_the_reason_is_french() -> None:
    declarer()
    adapter = TypeAdapter(Appel)
    data = heriter([tomllib.loads(text, parse_float=Decimal) for text in TEXTES.values()])
    unworded: set[str] = set()
    for *path, last in list(_keys(data)):
        part = functools.reduce(operator.getitem, path, data)
        right = part[last]
        for part[last] in FAUTES:
            try:
                adapter.validate_python(data)
            except ValidationError as error:
                unworded |= {item["type"] for item in error.errors(include_url=False)} - messages._WORDS.keys()
        part[last] = right
    assert not unworded


def test_two_windows_that_share_deposit_and_start_days_are_refused(tmp_path: Path) -> None:
    chemin = _write(
        tmp_path,
        ("depot_du = 2025-04-01", "depot_du = 2025-02-14"),
        ("debut_du = 2025-09-01", "debut_du = 2025-08-01"),
    )
    with pytest.raises(AppelInvalide, match=r"depots\.1 : se superpose à depots\.0"):
        charger(chemin)


BASE = """
commun = true
[mots]
rubrique = "Public cible"
[regles]
P01 = { gravite = "bloquante", article = "{rubrique}, 2" }
P02 = { gravite = "bloquante", article = "Règle" }
[listes]
tailles = [{ code = "p", libelle = "Petite" }, { code = "g", libelle = "Grande", alias = ["Large"] }]
"""


@pytest.mark.parametrize(
    ("own", "said"),
    [
        ("", {}),
        ('regles.P01.gravite = "information"', {"regles": {"P01": {"gravite": "information"}}}),
        ('mots.rubrique = "Publics"', {"regles": {"P01": {"article": "Publics, 2"}}}),
        ('retire = ["regles.P02"]', {"regles": {"P02": None}}),
        ('[regles]\nretire = ["P02"]', {"regles": {"P02": None}}),
        ('retire = ["listes.tailles.p"]', {"listes": {"tailles": [["g", "Grande", ["Large"]]]}}),
        (
            'listes.tailles = [{ code = "g", libelle = "Très grande" }, { code = "m", libelle = "Moyenne" }]',
            {"listes": {"tailles": [["p", "Petite"], ["g", "Très grande", ["Large"]], ["m", "Moyenne"]]}},
        ),
        ('retire = ["listes"]\nlistes.tailles = [{ code = "u", libelle = "Unique" }]',
         {"listes": {"tailles": [["u", "Unique"]]}}),
    ],
)  # fmt: skip
def test_a_call_says_only_what_differs_from_its_base(own: str, said: dict[str, Any]) -> None:
    read = heriter([tomllib.loads(own), tomllib.loads(BASE)])
    assert read["regles"]["P01"]["gravite"] == said.get("regles", {}).get("P01", {}).get("gravite", "bloquante")
    article = said.get("regles", {}).get("P01", {}).get("article", "Public cible, 2")
    assert read["regles"]["P01"]["article"] == article
    assert ("P02" in read["regles"]) is ("P02" not in said.get("regles", {}))
    items = [list(item.values()) for item in read["listes"]["tailles"]]
    assert items == said.get("listes", {}).get("tailles", [["p", "Petite"], ["g", "Grande", ["Large"]]])
    assert not {"base", "commun", "retire"} & (read.keys() | read["regles"].keys())


@pytest.mark.parametrize(
    ("own", "words"),
    [
        ('base = "nulle-part"\n', "essai.toml : base : aucun fichier nulle-part.toml"),
        ('base = "essai"\n', "essai.toml : base : aucun fichier essai.toml"),
        ('base = "../essai"\n', "essai.toml : base : aucun fichier ../essai.toml"),
        ('base = "tour"\n', "tour.toml : base : essai.toml part lui-même de ce fichier."),
        ('base = "pas-de-calais-2025"\nretire = ["mds.paris"]\n', "retire : « mds.paris » n'est pas dans ce dont"),
        (
            'base = "pas-de-calais-2025"\nphases = ["{phase}"]\n',
            "phases.0 : {phase} n'est pas un mot de la table « mots »",
        ),
    ],
)
def test_what_cannot_be_inherited_is_refused(tmp_path: Path, own: str, words: str) -> None:
    (tmp_path / "essai.toml").write_text(own, encoding="utf-8")
    (tmp_path / "tour.toml").write_text('base = "essai"\n', encoding="utf-8")
    with pytest.raises(AppelInvalide) as error:
        charger(tmp_path / "essai.toml")
    assert words in str(error.value)


def test_an_unknown_rule_is_refused(tmp_path: Path) -> None:
    message = _refused(tmp_path, "P03 = ", "P93 = ", codes=set(RULES))
    assert "regles.P93 : règle inconnue." in message


def test_a_folder_adds_calls_and_a_double_is_refused(tmp_path: Path) -> None:
    catalogue = Catalogue([FICTIFS])
    assert [(a.identite.millesime, a.identite.code) for a in catalogue] == [
        (2022, "13-AA"), (2022, "29-IAE"), (2023, "83-RSA"),
        (2025, "3.3"), (2025, "3.7"), (2025, "8.3"), (2025, "8.7"),
        (2031, "9.1"), (2031, "9.2"), (2031, "9.3"), (2031, "9.4"),
    ]  # fmt: skip
    (tmp_path / "copie.toml").write_text(TEXTE_33, encoding="utf-8")
    with pytest.raises(AppelInvalide, match=r"copie.toml .* déjà décrit par pas-de-calais-2025-3.3.toml"):
        Catalogue([tmp_path]).get("3.3")


def test_an_unknown_call_is_answered_with_those_at_hand(catalogue: Catalogue) -> None:
    with pytest.raises(AppelInconnu, match=r"9\.9 est inconnu ; appels disponibles : 3\.3 \(2025\), 3\.7 \(2025\)"):
        catalogue.get("9.9")


def test_the_cache_gives_the_same_call_and_only_holds_calls(tmp_path: Path) -> None:
    chemin = FOURNIS / "pas-de-calais-2025-3.3.toml"
    content = b"\0".join((FOURNIS / nom).read_bytes() for nom in (chemin.name, *BASES))
    assert cache.lire(content, None) is None
    first = charger(chemin)
    again = cache.lire(content, None)
    assert again is not None
    assert again.libelles == first.libelles
    assert again.regles["P03"].gravite is first.regles["P03"].gravite
    (entry,) = (tmp_path / "cache" / "aap_xl").glob("*.appel")
    entry.write_bytes(b"cos\nsystem\n(S'echo pwned > pwned'\ntR.")
    assert cache.lire(content, None) is None
    assert charger(chemin).nom == first.nom


@pytest.mark.parametrize("name", ["aap_xl.appels.model.codes Mapping", "aap_xl.appels.model Any", "decimal Context"])
def test_the_cache_builds_no_class_that_the_model_merely_imports(name: str) -> None:
    module, imported = name.split()
    with pytest.raises(pickle.UnpicklingError, match=imported):
        cache._Unpickler(io.BytesIO(f"c{module}\n{imported}\n.".encode())).load()


@pytest.mark.parametrize("part", Modele.__subclasses__(), ids=lambda part: part.__name__)
def test_every_key_of_a_call_carries_what_an_officer_reads_beside_it(part: type[Modele]) -> None:
    labels = part.labels()
    assert tuple(labels) == part.champs()
    assert all(isinstance(label, Label) and label.libelle for label in labels.values())


def test_a_unit_is_written_once_beside_the_label_or_beside_the_value() -> None:
    assert Label("Durée maximale", "mois").titre == "Durée maximale (mois)"
    assert Label("Taux", "%").titre == "Taux"


@pytest.mark.parametrize("words", Worded.__subclasses__(), ids=lambda words: words.__name__)
def test_every_code_of_the_model_is_worded_and_read_back_by_its_code(words: type[Worded]) -> None:
    assert all(words(member.value) is member and isinstance(member.libelle, str) for member in words)
    assert len({member.libelle for member in words}) == len(words)


def test_the_cache_depends_on_the_code_of_every_part_of_a_call() -> None:
    made_from = cache._source(b"", None)
    parts = Modele.__subclasses__()
    assert len(parts) > 20
    assert [part for part in parts if inspect.getsource(part).encode() not in made_from] == []
