"""The counts of persons that the workbook shows: read once, masked jointly, asked for by every sheet."""

from array import array
from collections.abc import Sequence
from pathlib import Path

from aap_xl.consolidation.aggregates import Unites, lots, somme_par
from aap_xl.consolidation.masking import MARQUE, Arbre, Parts, Totaux, proteger
from aap_xl.records import field, state

MOMENTS = {
    "sortie": ("sorties", "dynamiques"),
    "intermediaire": ("intermediaires", "dynamiques_intermediaire"),
    "suivi": ("suivis", "dynamiques_suivi"),
}
"""At each moment: the exits that count, the dynamic ones."""
A_CE_MOMENT = {"sortie": "à la sortie", "intermediaire": "au point intermédiaire", "suivi": "au suivi"}
"""How headers say a moment, since its month is each call's."""
TAUX = {
    "brsa": "entrees",
    **{part: total for total, part in (MOMENTS[nom] for nom in ("sortie", "suivi", "intermediaire"))},
}
"""Each part with its total, in the order of the columns: the point before the last one, which few calls have, ends."""
COMPTES = ("parcours", *TAUX.values(), *TAUX)

Nombre = int | str | None


@state
class Mesure:
    """One count: its values for units and groups by number, and where it is shown."""

    valeurs: Sequence[int]
    montree: bytearray

    def __getitem__(self, rang: int) -> Nombre:
        return self.valeurs[rang] if self.montree[rang] else MARQUE


def fraction(numerateur: Nombre, denominateur: Nombre) -> str | None:
    """« 7/19 »; the mark if either is masked; nothing out of nothing."""
    if MARQUE in (numerateur, denominateur):
        return MARQUE
    return f"{numerateur}/{denominateur}" if denominateur and numerateur is not None else None


def taux(numerateur: Nombre, denominateur: Nombre) -> float | str | None:
    """The quotient under the same conditions."""
    if isinstance(numerateur, str) or isinstance(denominateur, str):
        return MARQUE
    return numerateur / denominateur if denominateur and numerateur is not None else None


def mesurer(arbre: Arbre, totaux: Sequence[int], parts: Sequence[int], seuil: int) -> list[Mesure]:
    """A total and its part, masked jointly over the whole tree."""
    whole = [(max(count, 0),) for count in totaux]
    shown = proteger(arbre, whole, Totaux(seuil))
    total = Mesure(array("q", (vector[0] for vector in arbre.sommes(whole))), shown)
    return [total, _partie(arbre, totaux, parts, seuil, shown)]


def _partie(arbre: Arbre, totaux: Sequence[int], parts: Sequence[int], seuil: int, permis: bytearray) -> Mesure:
    """A part of a total and its complement, shown together where the total is."""
    pairs = [(max(part, 0), max(total - part, 0)) for part, total in zip(parts, totaux, strict=True)]
    values = array("q", (vector[0] for vector in arbre.sommes(pairs)))
    return Mesure(values, proteger(arbre, pairs, Parts(seuil), permis))


def _parcours(arbre: Arbre, entrees: Sequence[int], parcours: Sequence[int], seuil: int, permis: bytearray) -> Mesure:
    """Stays begun: shown where the persons are, unless the difference tells how few came back."""
    pairs = [(max(first, 0), max(count - first, 0)) for first, count in zip(entrees, parcours, strict=True)]
    values = array("q", (sum(vector) for vector in arbre.sommes(pairs)))
    return Mesure(values, proteger(arbre, pairs, Parts(seuil), permis))


@state
class Effectifs:
    """Every count of persons of the workbook."""

    seuil: int
    unites: Unites
    arbre: Arbre
    mesures: dict[str, Mesure]

    @classmethod
    def lus(cls, tables: Path, seuil: int) -> "Effectifs":
        """Read the dataset and decide what is shown."""
        units = Unites.lues(tables, COMPTES)
        tree = Arbre.de(units.chemins)
        counts = units.comptes
        measures: dict[str, Mesure] = {}
        for part, total in TAUX.items():
            measures[total], measures[part] = mesurer(tree, counts[total], counts[part], seuil)
        shown = measures["entrees"].montree
        measures["parcours"] = _parcours(tree, counts["entrees"], counts["parcours"], seuil, shown)
        units.comptes = {}
        return cls(seuil, units, tree, measures)

    def rang(self, *chemin: str) -> int:
        """The number of a group: (), (call), (call, MDS)."""
        return self.arbre.groupes[chemin]

    def du_porteur(self, appel: str, porteur: str) -> dict[str, Nombre]:
        """An operator's counts in a call: shown where those in each MDS are."""
        groups = self._porteurs().get((appel, porteur), [])
        return {
            nom: sum(m.valeurs[g] for g in groups) if all(m.montree[g] for g in groups) else MARQUE
            for nom, m in self.mesures.items()
        }

    def _porteurs(self) -> dict[tuple[str, str], list[int]]:
        if not self._groupes:
            for chemin, number in self.arbre.groupes.items():
                if len(chemin) == 3:
                    self._groupes.setdefault((chemin[0], chemin[2]), []).append(number)
        return self._groupes

    _groupes: dict[tuple[str, str], list[int]] = field(default_factory=dict)


SANS_PERSONNE = ("Heures", "Rubriques", "Liens", "Réunions")
"""How indicators begin that count something else than persons."""


def indicateurs(tables: Path, effectifs: Effectifs) -> dict[str, list[Mesure]]:
    """Indicator → the total and, for a rate, its numerator, where the indicator counts persons.

    Calls that share an indicator are masked together: their sum is published too, as a count of « operations ». One
    indicator at a time, so that memory does not grow with their number.
    """
    names = somme_par(tables, "indicateurs", ["indicateur"])
    wanted = [row["indicateur"] for row in names if not (row["indicateur"] or "").startswith(SANS_PERSONNE)]
    return {nom: _indicateur(tables, effectifs, nom) for nom in wanted}


def _indicateur(tables: Path, effectifs: Effectifs, nom: str) -> list[Mesure]:
    units = len(effectifs.unites.chemins)
    totals, parts, rate = [0] * units, [0] * units, False
    columns = ["operation", "nombre", "numerateur", "denominateur"]
    for lot in lots(tables, "indicateurs", columns, {"indicateur": nom}):
        for operation, number, part, total in zip(*(lot[c].to_pylist() for c in columns), strict=True):
            rank = effectifs.unites.rangs[operation]
            rate = rate or total is not None
            totals[rank] = total or 0
            parts[rank] = int(number or 0) if total is None else part or 0
    if rate:
        return _taux(effectifs, totals, parts)
    entered = effectifs.mesures["entrees"]  # a number alone is a part of the people who entered
    return [_partie(effectifs.arbre, entered.valeurs[:units], parts, effectifs.seuil, entered.montree)]


def _taux(effectifs: Effectifs, totals: Sequence[int], parts: Sequence[int]) -> list[Mesure]:
    """A rate's total and part. A total that repeats a known count is shown where that one is, or it would tell it."""
    tree, ranks = effectifs.arbre, [rank for rank, total in enumerate(totals) if total]
    for nom in TAUX.values():
        known = effectifs.mesures[nom]
        if 2 * sum(known.valeurs[rank] == totals[rank] for rank in ranks) > len(ranks):
            total = Mesure(array("q", (vector[0] for vector in tree.sommes([(n,) for n in totals]))), known.montree)
            return [total, _partie(tree, totals, parts, effectifs.seuil, known.montree)]
    return mesurer(tree, totals, parts, effectifs.seuil)
