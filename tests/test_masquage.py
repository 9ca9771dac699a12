"""No count of persons under the threshold can be worked out from what is published."""

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import jeu
import pytest
from attaquant import Attaquant
from classeur_lu import Lignes, lire
from hypothesis import given, settings
from hypothesis import strategies as st

from aap_xl.consolidation import synthese
from aap_xl.consolidation.masking import MARQUE, Arbre, Parts, Totaux, masquer_rares, proteger

SEUIL = 5
Chemins = Sequence[tuple[str, ...]]


@pytest.mark.parametrize(
    ("effectifs", "montres"),
    [
        ([0, 0, 0], [True, True, True]),
        ([5, 6, 7], [True, True, True]),
        ([4, 6, 7], [False, False, True]),  # 4 alone would be the total less the others
        ([4, 0, 7, 30], [False, True, False, True]),  # a zero protects nobody
        ([1, 1, 1, 1, 1, 20], [False] * 6),  # five masked ones that sum to 5 are five ones
        ([3, 3, 2, 40], [False, False, False, True]),  # 8 over 3: each can be 1 to 6
        ([2, 2, 2, 9], [False, False, False, False]),  # 6 over 3: none could reach 5
        ([3], [False]),
        ([1, 1, 1, 2], [False, False, False, False]),
        ([1, 0, 3], [False, False, False]),  # even the total is small: zeros are masked with the rest
    ],
)
def test_rare_parts_of_a_known_total(effectifs: list[int], montres: list[bool]) -> None:
    assert masquer_rares(effectifs, SEUIL) == montres


@pytest.mark.parametrize("seuil", [0, 1])
def test_the_threshold_can_be_turned_off(seuil: int) -> None:
    assert masquer_rares([1, 2, 0, 30], seuil) == [True] * 4


@pytest.mark.parametrize(
    ("vecteurs", "montres"),
    [
        ([(12, 8), (10, 5)], [True, True]),
        ([(14, 1), (10, 5)], [False, False]),  # the complement is a part: one person is not BRSA
        ([(15, 0), (10, 5)], [True, True]),
        ([(14, 1), (10, 5), (30, 30)], [False, False, True]),
        ([(1, 1), (5, 0), (0, 5), (20, 20)], [False, False, False, True]),  # each protects one part only
    ],
)
def test_all_the_parts_of_a_unit_or_none(vecteurs: list[tuple[int, int]], montres: list[bool]) -> None:
    tree = Arbre.de([("3.3", "Artois")] * len(vecteurs))
    assert [bool(x) for x in proteger(tree, vecteurs, Parts(SEUIL))[: len(vecteurs)]] == montres


def test_a_group_masked_alone_gets_company() -> None:
    """An MDS of 3 people would be its call's total less the other MDS."""
    tree = Arbre.de([("3.3", "Ternois"), ("3.3", "Artois"), ("3.3", "Calaisis")])
    shown = proteger(tree, [(3,), (20,), (40,)], Totaux(SEUIL))
    assert [bool(shown[tree.groupes["3.3", mds]]) for mds in ("Ternois", "Artois", "Calaisis")] == [False, False, True]
    assert shown[tree.groupes["3.3",]]


_CHEMINS = st.lists(
    st.tuples(st.sampled_from("ab"), st.sampled_from("uv"), st.sampled_from("pq")), min_size=2, max_size=6
)


@settings(max_examples=150)
@given(st.data(), _CHEMINS)
def test_no_total_is_told(data: st.DataObject, chemins: Chemins) -> None:
    """Each masked total could be anything from 1 to the threshold."""
    counts = data.draw(st.lists(st.integers(0, 9), min_size=len(chemins), max_size=len(chemins)))
    tree = Arbre.de(chemins)
    shown = proteger(tree, [(n,) for n in counts], Totaux(SEUIL))
    attacker = Attaquant(len(counts), 40)
    _learn_totals(attacker, tree, counts, shown)
    for unit, count in enumerate(counts):
        if 0 < count < SEUIL:
            assert not shown[unit]
        if not shown[unit]:
            assert attacker.possibles([unit], range(1, SEUIL + 1)) == list(range(1, SEUIL + 1)), (chemins, counts, unit)


@settings(max_examples=100)
@given(st.data(), _CHEMINS)
def test_no_part_is_told(data: st.DataObject, chemins: Chemins) -> None:
    """Each masked part could have at least as many values as the threshold and one, whatever the totals tell."""
    width = 3
    vectors = data.draw(st.lists(st.tuples(*[st.integers(0, 8)] * width), min_size=len(chemins), max_size=len(chemins)))
    tree = Arbre.de(chemins)
    totals = [sum(vector) for vector in vectors]
    whole = proteger(tree, [(n,) for n in totals], Totaux(SEUIL))
    shown = proteger(tree, vectors, Parts(SEUIL), whole)
    attacker = Attaquant(len(vectors) * width, 40)
    sums = tree.sommes(vectors)
    for number, units in _members(tree).items():
        if whole[number]:
            attacker.sait((u * width + k for u in units for k in range(width)), sum(sums[number]))
        elif number < tree.unites:
            attacker.positives.append(frozenset(range(number * width, number * width + width)))
        if shown[number]:
            for k in range(width):
                attacker.sait((u * width + k for u in units), sums[number][k])
    for unit, vector in enumerate(vectors):
        for k, count in enumerate(vector):
            if 0 < count < SEUIL:
                assert not shown[unit]
                found = attacker.possibles([unit * width + k], range(SEUIL + 12), SEUIL)
                assert len(found) >= SEUIL, (chemins, vectors, unit, k, found)


def _members(tree: Arbre) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {unit: [unit] for unit in range(tree.unites)}
    for group in tree.du_bas:
        found[group] = [unit for child in tree.enfants[group] for unit in found[child]]
    return found


def _learn_totals(attacker: Attaquant, tree: Arbre, counts: Sequence[int], shown: Sequence[int]) -> None:
    for number, units in _members(tree).items():
        if shown[number]:
            attacker.sait(units, sum(counts[u] for u in units))
        elif number < tree.unites:
            attacker.positives.append(frozenset([number]))


def test_the_attacker_succeeds_without_secondary_masking() -> None:
    attacker = Attaquant(3, 40)
    _learn_totals(attacker, Arbre.de([("a",)] * 3), [3, 20, 40], [False, True, True, True, True])
    assert attacker.possibles([0], range(1, 6)) == [3]


CLASSES = ("Emploi durable", "Sortie positive", "Sortie non dynamique")


def test_a_number_of_persons_is_masked_with_the_people_who_entered(tmp_path: Path) -> None:
    """2 and 3 need company among totals (5 over 2 tells too much): an indicator that repeats them must not undo it."""
    counts = (2, 3, 20, 40)
    made = jeu.jeu(0)
    for rank, count in enumerate(counts):
        line = {"operation": f"op{rank}", "appel": "3.3", "millesime": 2025, "mds": "Artois", "porteur": f"P{rank}"}
        made.tables["operations"].append({**line, "entrees": count, "brsa": 0})
        made.tables["indicateurs"].append({**line, "indicateur": "Personnes accompagnées", "nombre": Decimal(count)})
    synthese.ecrire(
        made.ecrire(tmp_path / "tables"), tmp_path / "s.xlsx", seuil=SEUIL, avec_cle=False, aujourdhui=jeu.LE
    )
    found = lire(tmp_path / "s.xlsx")
    assert [row["Entrées"] for row in found["Opérations"]] == [MARQUE, MARQUE, MARQUE, 40]
    assert [row["Nombre"] for row in found["Indicateurs"]] == [MARQUE, MARQUE, MARQUE, 40]


def test_the_total_of_a_rate_is_masked_with_the_count_it_repeats(tmp_path: Path) -> None:
    """20 exits are masked for the sake of the 3 of another call; « 15/20 » in an indicator of one call would tell."""
    made = jeu.jeu(0)
    for call, exits in (("3.3", 20), ("3.7", 3)):
        line = {"operation": f"op{call}", "appel": call, "millesime": 2025, "mds": "Artois", "porteur": "P"}
        made.tables["operations"].append({**line, "entrees": 30, "brsa": 0, "sorties": exits, "dynamiques": 0})
    rate = {"indicateur": "Métier visé", "nombre": Decimal(15), "numerateur": 15, "denominateur": 20}
    made.tables["indicateurs"].append({**made.tables["operations"][0], **rate})
    for row in made.tables["indicateurs"]:
        for nom in ("entrees", "brsa", "sorties", "dynamiques"):
            del row[nom]
    synthese.ecrire(
        made.ecrire(tmp_path / "tables"), tmp_path / "s.xlsx", seuil=SEUIL, avec_cle=False, aujourdhui=jeu.LE
    )
    found = lire(tmp_path / "s.xlsx")
    assert [row["Sorties"] for row in found["Opérations"]] == [MARQUE, MARQUE]
    assert [row["Fraction"] for row in found["Indicateurs"]] == [MARQUE]
    assert [row["Fraction"] for row in found["Indicateurs des appels à projets"]] == [MARQUE]


@pytest.fixture(params=[(2, (1, 16)), (11, (1, 16)), (2, (12, 60)), (7, (12, 60))], ids=str)
def publie(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[jeu.Jeu, Path]:
    """A small dataset, where almost everything is small, and its workbook."""
    seed, people = request.param
    made = jeu.jeu(9, seed, personnes=people, classes=CLASSES, territoires=jeu.MDS[:2])
    made.ecrire(tmp_path / "tables")
    target = tmp_path / "synthese.xlsx"
    synthese.ecrire(tmp_path / "tables", target, seuil=SEUIL, avec_cle=False, aujourdhui=jeu.LE)
    return made, target


class Enquete:
    """All the sums that the workbook publishes of one family of counts, and the truth to compare with."""

    def __init__(self, made: jeu.Jeu, feuilles: dict[str, Lignes], parts: Sequence[str]) -> None:
        self.feuilles, self.parts = feuilles, parts
        self.operations = made.tables["operations"]
        self.attaquant = Attaquant(len(self.operations) * len(parts), 80)
        self.masquees: set[frozenset[int]] = set()
        self.par_convention = {str(o["convention"]): rank for rank, o in enumerate(self.operations)}
        self.par_identifiant = {str(o["operation"]): rank for rank, o in enumerate(self.operations)}

    def forme(self, units: Sequence[int], parts: Sequence[str]) -> frozenset[int]:
        return frozenset(u * len(self.parts) + self.parts.index(p) for u in units for p in parts)

    def units(self, appel: object = "Ensemble", mds: object = "", porteur: object = "") -> list[int]:
        return [
            rank
            for rank, o in enumerate(self.operations)
            if appel in ("Ensemble", f"{o['appel']} (2025)") and mds in ("", o["mds"]) and porteur in ("", o["porteur"])
        ]

    def publie(self, units: Sequence[int], parts: Sequence[str], value: object) -> None:
        """One cell: a number or « 7/19 » tells, a masked one is what to look for."""
        form = self.forme(units, parts)
        if value == MARQUE:
            self.masquees.add(form)
            if len(units) == 1 and set(parts) == set(self.parts):
                self.attaquant.positives.append(form)
        elif isinstance(value, str) and "/" in value:
            part, total = map(int, value.split("/"))
            self.attaquant.sait(form, part)
            self.attaquant.sait(self.forme(units, self.parts), total)
        elif value != "":
            self.attaquant.sait(form, int(float(str(value))))

    def trouve(self, vecteurs: Sequence[Sequence[int]]) -> list[str]:
        """The masked cells that hold 1 to 4 persons, and of which fewer values are possible than the threshold."""
        flat = [count for vector in vecteurs for count in vector]
        for form, value in self.attaquant.egalites:
            assert sum(flat[u] for u in form) == value, "the workbook publishes a wrong figure"
            assert not 0 < value < SEUIL, "the workbook publishes a small count"
        told = []
        for form in sorted(self.masquees, key=sorted):
            truth = sum(flat[u] for u in form)
            if 0 < truth < SEUIL:
                found = self.attaquant.possibles(form, range(2 * SEUIL), SEUIL)
                if len(found) < SEUIL:
                    told.append(f"{sorted(form)} = {truth} : {found}")
        return told


def _synthese(enquete: Enquete, colonnes: dict[str, Sequence[str]]) -> None:
    for title in ("Personnes et sorties par appel à projets", "Personnes et sorties par MDS", "Principaux porteurs"):
        for row in enquete.feuilles[title]:
            units = enquete.units(row["Appel"], row.get("MDS", ""), row.get("Porteur", ""))
            for column, parts in colonnes.items():
                if column in row:
                    enquete.publie(units, parts, row[column])
    for row in enquete.feuilles["Porteurs"]:
        for column, parts in colonnes.items():
            if column in row:
                enquete.publie(enquete.units(row["Appel"], "", row["Porteur"]), parts, row[column])


def _operations(enquete: Enquete, colonnes: dict[str, Sequence[str]]) -> None:
    for row in enquete.feuilles["Opérations"]:
        for column, parts in colonnes.items():
            enquete.publie([enquete.par_convention[str(row["Convention"])]], parts, row[column])


def _indicateurs(enquete: Enquete, noms: dict[str, Sequence[str]]) -> None:
    for row in enquete.feuilles["Indicateurs"]:
        if row["Indicateur"] in noms:
            unit = enquete.par_identifiant[str(row["Opération"])]
            enquete.publie([unit], noms[str(row["Indicateur"])], row["Nombre"])
            if row["Fraction"]:
                enquete.publie([unit], noms[str(row["Indicateur"])], row["Fraction"])
    for row in enquete.feuilles["Indicateurs des appels à projets"]:
        if row["Indicateur"] in noms:
            enquete.publie(enquete.units(row["Appel"]), noms[str(row["Indicateur"])], row["Nombre"])


def test_brsa_cannot_be_worked_out(publie: tuple[jeu.Jeu, Path]) -> None:
    made, target = publie
    parts = ("brsa", "autres")
    enquete = Enquete(made, lire(target), parts)
    _synthese(enquete, {"Entrées": parts, "BRSA sur entrées": ["brsa"]})
    _operations(enquete, {"Entrées": parts, "BRSA": ["brsa"], "BRSA sur entrées": ["brsa"]})
    _indicateurs(enquete, {"Personnes accompagnées": parts, "dont bénéficiaires du RSA": ["brsa"]})
    for row in enquete.feuilles["Publics"]:
        if row["Répartition"] == "Bénéficiaires du RSA":
            part = "brsa" if row["Catégorie"] == "Bénéficiaires" else "autres"
            enquete.publie(enquete.units(row["Appel"]), [part], row["Effectif"])
    truth = [(o["brsa"], o["entrees"] - o["brsa"]) for o in enquete.operations]
    assert enquete.masquees or min(o["entrees"] for o in enquete.operations) > 2 * SEUIL
    assert enquete.trouve(truth) == []


@pytest.mark.parametrize("moment", ["sortie", "suivi"])
def test_exits_cannot_be_worked_out(publie: tuple[jeu.Jeu, Path], moment: str) -> None:
    made, target = publie
    enquete = Enquete(made, lire(target), made.classes)
    dynamic = [nom for nom in made.classes if nom not in jeu.NON_DYNAMIQUES]
    total, part, fraction = {
        "sortie": ("Sorties", "Dynamiques", "Dynamiques sur sorties"),
        "suivi": ("Suivis échus", "Dynamiques au suivi", "Dynamiques sur suivis"),
    }[moment]
    later = "à la sortie" if moment == "sortie" else "6 mois après"
    columns: dict[str, Sequence[str]] = {total: made.classes, part: dynamic, fraction: dynamic}
    _synthese(enquete, {**columns, "Dynamiques sur suivis échus": dynamic} if moment == "suivi" else columns)
    _operations(enquete, columns)
    _indicateurs(enquete, {f"Sorties dynamiques, {later}": dynamic})
    _classes(enquete, moment, dynamic)
    truth = [[0] * len(made.classes) for _ in enquete.operations]
    for row in made.tables["sorties"]:
        if row["moment"] == moment:
            truth[enquete.par_identifiant[row["operation"]]][made.classes.index(row["classe"])] = row["effectif"]
    assert enquete.masquees
    assert enquete.trouve(truth) == []


def _classes(enquete: Enquete, moment: str, dynamic: Sequence[str]) -> None:
    label = "À la sortie" if moment == "sortie" else "À 6 mois"
    for sheet in ("Sorties", "Sorties par opération"):
        for row in enquete.feuilles[sheet]:
            if row["Moment"] == label:
                units = enquete.units(row["Appel"], row["MDS"])
                if sheet != "Sorties":
                    units = [enquete.par_identifiant[str(row["Opération"])]]
                enquete.publie(units, [str(row["Classe"])], row["Effectif"])
                enquete.publie(units, enquete.parts, row["Total"])
    column = "Effectif à la sortie" if moment == "sortie" else "Effectif au suivi"
    for row in enquete.feuilles["Sorties par classe, et repères nationaux"]:
        wanted = dynamic if row["Classe de sortie"] == "Sorties dynamiques" else [str(row["Classe de sortie"])]
        enquete.publie(enquete.units(row["Appel"]), wanted, row[column])


def test_units_have_counts_of_one_length() -> None:
    with pytest.raises(ValueError, match="argument 2"):
        proteger(Arbre.de([(), ()]), [(5, 5), (5,)], Parts(5))
