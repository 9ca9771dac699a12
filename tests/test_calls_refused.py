"""A call's file that says something wrong is refused in French, by file and key: none of these loads in silence."""

import shutil
from pathlib import Path

import pytest

from aap_xl.appels.loader import AppelInvalide, charger
from aap_xl.appels.model import Appel

FICTIFS = Path(__file__).parent / "appels"
BASE = "fictif-2031-9.1"


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AAP_XL_CACHE", str(tmp_path / "cache"))
    shutil.copy(FICTIFS / f"{BASE}.toml", tmp_path)


def _charger(tmp_path: Path, own: str) -> Appel:
    chemin = tmp_path / "essai.toml"
    chemin.write_text(f'base = "{BASE}"\n{own}\n', encoding="utf-8")
    return charger(chemin)


def _refused(tmp_path: Path, own: str) -> str:
    with pytest.raises(AppelInvalide) as error:
        _charger(tmp_path, own)
    return str(error.value)


TYPES = [
    ('operation.suivi_mois = "3"',
     "operation.suivi_mois : nombre entier attendu ; lu : '3'. Écrivez 3, sans guillemets."),
    ("operation.suivi_mois = true", "operation.suivi_mois : nombre entier attendu ; lu : true."),
    ("operation.suivi_mois = 3.0", "operation.suivi_mois : nombre entier attendu ; lu : 3.0."),
    ('budget.tolerance = "0,05"',
     "tolerance : nombre attendu ; lu : '0,05'. Écrivez 0.05, sans guillemets et avec un point."),
    ("budget.tolerance = true", "budget.tolerance : nombre attendu ; lu : true."),
    ('comites.slai = "true"', "comites.slai : true ou false attendu ; lu : 'true'. Retirez les guillemets."),
    ("comites.slai = 1", "comites.slai : true ou false attendu ; lu : 1."),
    ('depots = [{ libelle = "S", depot_du = "2031-01-01", depot_au = 2031-02-01, debut_du = 2031-03-01 }]',
     "depots.0.depot_du : date attendue, par exemple 2025-01-15 ; lu : '2031-01-01'. Retirez les guillemets."),
    ('depots = [{ libelle = "S", depot_du = 20310101, depot_au = 2031-02-01, debut_du = 2031-03-01 }]',
     "depots.0.depot_du : date attendue"),
    ("identite.code = 9.1", "identite.code : texte attendu, entre guillemets ; lu : 9.1."),
    ("identite.millesime = 31", "identite.millesime : 31 n'est pas compris entre 2000 et 2100."),
    ("schema_version = 9", "schema_version : 9 est inconnu (connus : 1, 2)."),
]  # fmt: skip
BOUNDS = [
    ("operation.duree_max_mois = -12", "operation.duree_max_mois : -12 n'est pas compris entre 1 et 120."),
    ("operation.duree_max_mois = 0", "operation.duree_max_mois : 0 n'est pas compris"),
    ("operation.duree_max_mois = 121", "operation.duree_max_mois : 121 n'est pas compris"),
    ("operation.action_semaines_min = -2", "operation.action_semaines_min : -2 n'est pas compris entre 1 et 520."),
    ("operation.action_semaine_jours = 8", "operation.action_semaine_jours : 8 n'est pas compris entre 1 et 7."),
    ("budget.charges_indirectes.taux = 20",
     "taux : 20 n'est pas compris entre 0 et 1. Une part s'écrit sur 1 : 0.2 pour 20 %."),
    ("budget.charges_indirectes.taux = 1.01", "budget.charges_indirectes.taux : 1.01 n'est pas compris entre 0 et 1."),
    ("budget.charges_indirectes.taux = -0.1", "budget.charges_indirectes.taux : -0.1 n'est pas compris entre 0 et 1."),
    ("budget.tolerance = -1", "budget.tolerance : -1 n'est pas compris entre 0 et 100."),
    ("budget.plafond_subvention = -5", "budget.plafond_subvention : -5 n'est pas compris"),
    ('sorties.references = [{ libelle = "R", taux = 60, source = "C" }]',
     "sorties.references.0.taux : 60 n'est pas compris"),
    ("public.majorite_brsa.seuil = 0", "public.majorite_brsa.seuil : 0 n'est pas une part"),
    ("public.age_implausible_min = 70", "public.age_implausible_max : doit dépasser age_implausible_min."),
    ("public.tranches_age = [50, 30]", "public.tranches_age : les âges doivent aller en croissant."),
    ('public.criteres = [{ libelle = "C", age_min = 30, age_max_exclu = 30 }]',
     "public.criteres.0.age_min : personne n'a"),
    ('public.criteres = [{ libelle = "C", age_max = 30, age_max_exclu = 30 }]',
     "age_max : age_max_exclu est donné aussi"),
    ("heures.maximum = 200", "heures.maximum : 200 n'est pas compris entre 0 et 168."),
    ("heures.maximum = 1", "heures.maximum : inférieur au minimum."),
    ("classeur.tables.heures.lignes = 0", "classeur.tables.heures.lignes : 0 n'est pas compris entre 1 et 5000."),
    ('depots = [{ libelle = "S", depot_du = 1931-01-01, depot_au = 2031-02-01, debut_du = 2031-03-01 }]',
     "depots.0.depot_du : le 01/01/1931 est loin de l'année de l'appel (2031)."),
    ('depots = [{ libelle = "S", depot_du = 2031-02-01, depot_au = 2031-01-01, debut_du = 2031-03-01 }]',
     "depots.0.depot_au : la fin du dépôt précède son début."),
]  # fmt: skip
BLANKS = [
    ('identite.intitule = ""', "identite.intitule : texte attendu, ni vide ni bordé d'espaces ; lu : ''."),
    ('operation.article = "  "', "operation.article : texte attendu, ni vide ni bordé d'espaces ; lu : '  '."),
    ('budget.article = "Art. 8 "', "budget.article : texte attendu, ni vide ni bordé d'espaces ; lu : 'Art. 8 '."),
    ('phases = ["Amarrage", ""]', "phases.1 : texte attendu"),
    ('listes.liens = [{ code = "Visite d\'atelier", libelle = "Visite" }]',
     "listes.liens.1.code : texte attendu, ni vide ni bordé d'espaces ; lu : \"Visite d'atelier\"."
     " Un code s'écrit en minuscules sans accent, chiffres et _."),
    ("indicateurs = []", "indicateurs : rien n'y est donné."),
    ("depots = []", "depots : rien n'y est donné."),
    ("public.criteres = []", "public.criteres : rien n'y est donné."),
    ("budget.charges_indirectes.assiette = []", "assiette : rien n'y est donné, et le taux n'est pas nul."),
    ('retire = ["regles"]\n[regles]', "regles : rien n'y est donné."),
    ("rubriques = []", "rubriques : elles vont avec le tableau classeur.tables.redactions"),
]  # fmt: skip
DOUBLES = [
    ('indicateurs = ["personnes", "personnes"]', "indicateurs : « personnes » est donné deux fois."),
    ('phases = ["Amarrage", "Amarrage"]', "phases : « Amarrage » est donné deux fois."),
    ('rubriques = [{ libelle = "Journal" }, { libelle = "Journal" }]', "rubriques : « Journal » est donné deux fois."),
    ('listes.liens = [{ code = "a", libelle = "A" }, { code = "a", libelle = "B" }]',
     "listes.liens : un même code y est donné deux fois."),
    ('listes.liens = [{ code = "quai", libelle = "Escale" }]', "listes.liens : « Escale » est donné deux fois."),
    ('mds = [{ code = "sud", alias = ["NORD"] }]', "mds : « NORD » désigne à la fois « nord » et « sud »."),
    ('operation.formes_eligibles = ["scop", "scop"]', "operation.formes_eligibles : « scop » est donné deux fois."),
]  # fmt: skip
CONTRADICTIONS = [
    ('sorties.classes = [{ code = "cap", dynamique = false }, { code = "mi_course", dynamique = false }]',
     "sorties.classes : aucune n'est dynamique (dynamique = true) : aucune sortie ne compterait."),
    ('sorties.classe_retrait = "cap"', "sorties.classe_retrait : « cap » est une classe dynamique."),
    ('retire = ["sorties.classe_retrait"]', "retraits_hors_denominateur : dites quelle classe est celle des retraits"),
    ('regles.P04 = { gravite = "à vérifier", gravite_finale = "information" }',
     "regles.P04.gravite_finale : « information » est moins grave que « à vérifier »."),
    ('indicateurs = ["logement_dabord"]', "« logement_dabord » a besoin de la colonne « logement_dabord » du tableau"),
    ('retire = ["phases"]', "indicateurs.6 : « phasage » a besoin de « phases », que cet appel n'a pas."),
    ('retire = ["classeur.tables.charges"]', "budget.postes.vivres : a besoin du tableau classeur.tables.charges."),
    ('classeur.tables.participants.colonnes = ["code", "date_entree", "metier_vise"]',
     "operation.suivi_mois : a besoin de la colonne « situation_suivi »"),
    ("operation.suivi_intermediaire_mois = 2",
     "operation.suivi_intermediaire_mois : a besoin de la colonne « situation_intermediaire »"),
    ("operation.suivi_intermediaire_mois = 3",
     "operation.suivi_intermediaire_mois : 3 n'est pas avant suivi_mois (3 mois)."),
    ('retire = ["operation.suivi_mois"]\noperation.suivi_intermediaire_mois = 2',
     "operation.suivi_intermediaire_mois : a besoin de suivi_mois, le point qui vient après."),
    ("classeur.tables.redactions.lignes = 1\nrubriques = [{ libelle = \"A\" }, { libelle = \"B\" }]",
     "classeur.tables.redactions.lignes : 1 pour 2 rubriques."),
]  # fmt: skip


@pytest.mark.parametrize(("own", "words"), [*TYPES, *BOUNDS, *BLANKS, *DOUBLES, *CONTRADICTIONS])
def test_what_was_silently_wrong_is_refused_by_file_and_key(tmp_path: Path, own: str, words: str) -> None:
    message = _refused(tmp_path, own)
    assert message.startswith("essai.toml : ")
    assert words in message


@pytest.mark.parametrize(
    "own",
    [
        "operation.duree_max_mois = 1",
        "operation.duree_max_mois = 120",
        "operation.bilan_delai_mois = 0",
        "budget.charges_indirectes.taux = 0",
        "budget.charges_indirectes.taux = 1",
        "budget.tolerance = 0",
        "operation.action_semaine_jours = 7",
        'public.criteres = [{ libelle = "C", age_min = 29, age_max_exclu = 30 }]',
        "budget.charges_indirectes = { taux = 0, assiette = [] }",
        "operation.formes_eligibles = []",
        'regles.P04 = { gravite = "à vérifier", gravite_finale = "bloquante" }',
    ],
)
def test_the_other_side_of_each_limit_is_accepted(tmp_path: Path, own: str) -> None:
    assert _charger(tmp_path, own).identite.code == "9.1"


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("taux = 0,20", "« 0,20 » : point, pas virgule ; écrivez 0.20."),
        ("fin = { taux = 0,20 }", "« 0,20 » : point, pas virgule ; écrivez 0.20."),
        ("jour = 15/01/2025", "« 15/01/2025 » : une date s'écrit année-mois-jour, 2025-01-15."),
        ("jour = 5/1/2025", "écrit année-mois-jour, 2025-01-05."),
        ("taux = 20 %", "« 20 % » : un nombre s'écrit seul, sans unité"),
        ("slai = oui", "« oui » : écrivez true."),
        ("slai = False", "« False » : écrivez false."),
        ("nom = “comité”", "« “ » : un texte se met entre guillemets droits"),
        ("nom = comité", "« comité » : un texte se met entre guillemets droits"),
        ("nom = \"a\"\nnom = \"b\"", "cette clé est déjà donnée plus haut."),
        ("nom = \"a\" \"b\"", "relisez la ligne 2, colonne 11."),
        ("nom =", "relisez la ligne 2, colonne 6."),
    ],
)  # fmt: skip
def test_a_usual_slip_of_writing_has_its_own_words(tmp_path: Path, line: str, words: str) -> None:
    message = _refused(tmp_path, line)
    assert message.startswith("essai.toml : le fichier n'est pas un TOML valide ; relisez la ligne ")
    assert words in message


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('[identite]\nbase = "x"\n', "base : clé inconnue"),
        ('base = 3\n', 'base : écrivez base = "nom-du-fichier", sur une ligne'),
        ('base = """fictif-2031-9.1"""\n', 'base : écrivez base = "nom-du-fichier", sur une ligne'),
        ('commun = "oui"\n', "commun : écrivez commun = true"),
        (f'base = "{BASE}"\nretire = "phases"\n',
         'retire : une liste de clés est attendue, par exemple ["regles.P04"].'),
        (f'base = "{BASE}"\nretire = ["regles.P99"]\n',
         "retire : « regles.P99 » n'est pas dans ce dont cet appel part."),
        (f'base = "{BASE}"\nlistes.retire = ["quais"]\n', "listes.retire : « quais » n'est pas dans ce dont"),
    ],
)  # fmt: skip
def test_a_mark_of_inheritance_is_never_passed_over(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "essai.toml").write_text(text, encoding="utf-8")
    with pytest.raises(AppelInvalide) as error:
        charger(tmp_path / "essai.toml")
    assert words in str(error.value)


def test_what_is_wrong_in_a_base_names_the_base(tmp_path: Path) -> None:
    base = tmp_path / f"{BASE}.toml"
    base.write_text(base.read_text(encoding="utf-8").replace("suivi_mois = 3", 'suivi_mois = "3"'), encoding="utf-8")
    assert f"sans guillemets. (dans {base.name})" in _refused(tmp_path, 'identite.intitule = "Autre"')
    assert "(dans" not in _refused(tmp_path, 'operation.suivi_mois = "4"')


def test_a_file_of_notepad_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    (tmp_path / "essai.toml").write_text(f'base = "{BASE}"\nidentite.intitule = "Autre"\n', encoding="utf-8-sig")
    assert charger(tmp_path / "essai.toml").identite.intitule == "Autre"
