"""The figures of the sheet « Synthèse », block by block.

Sums of amounts and numbers of files are native formulas over the tables (their values beside, so that they are right
without recalculation): a few hundred SUMIFS, whatever the number of operations. Counts of persons are values: a
formula would need, in the table, the figures that are masked.
"""

import re
from collections.abc import Sequence
from decimal import Decimal

from aap_xl.consolidation import aggregates
from aap_xl.consolidation.aggregates import NOMBRE, Somme, nom_appel, somme_par
from aap_xl.consolidation.synthese.context import Contexte
from aap_xl.consolidation.synthese.effectifs import Nombre
from aap_xl.consolidation.synthese.lists import couple, lignes_porteurs
from aap_xl.consolidation.synthese.model import LIGNES_MAX
from aap_xl.consolidation.synthese.operations import ARGENT, GRAVITES, PROVISOIRE
from aap_xl.domain.tableau import Formule, Ligne, Valeur

ENSEMBLE = "Ensemble"
PORTEURS_MAX = 15
_SIMPLE = re.compile(r"[\w(][\w ()'./-]*")
"""Labels that a criterion of SUMIFS reads as themselves: no operator, no joker."""
_Nombre = Nombre | Decimal


class Sommes:
    """Sums of « operations » for the whole, each call, and each MDS of a call."""

    def __init__(self, ctx: Contexte) -> None:
        """Three readings of the table, by column."""
        self.ctx = ctx
        self.par: dict[tuple[str, ...], Somme] = {}
        for keys in (["appel", "millesime"], ["appel", "millesime", "mds"]):
            for row in somme_par(ctx.tables, "operations", keys, [*ARGENT, *GRAVITES, "prevues"]):
                self.par[_chemin(row, keys)] = row
            for row in somme_par(ctx.tables, "operations", [*keys, "provisoire"]):
                if row["provisoire"]:
                    self.par[_chemin(row, keys)]["provisoires"] = row[NOMBRE]
            for row in somme_par(ctx.tables, "operations", [*keys, "jours_de_retard"], presente="jours_de_retard"):
                if row["jours_de_retard"] > 0:
                    kept = self.par[_chemin(row, keys)]
                    kept["retards"] = kept.get("retards", 0) + row[NOMBRE]
        self.par[()] = self._ensemble()

    def _ensemble(self) -> Somme:
        calls = [row for chemin, row in self.par.items() if len(chemin) == 1]
        names = (*ARGENT, *GRAVITES, "prevues", "provisoires", "retards", NOMBRE)
        known = {nom: [row[nom] for row in calls if row.get(nom) is not None] for nom in names}
        return {nom: sum(values) if values else None for nom, values in known.items()}

    def chemins(self, niveau: int) -> list[tuple[str, ...]]:
        """The calls (1) or their MDS (2), in order."""
        found = [chemin for chemin in self.par if len(chemin) == niveau]
        return sorted(found, key=lambda c: (c[0], *(self.ctx.rang_mds(c[0])(nom) for nom in c[1:])))


def _chemin(row: Somme, keys: Sequence[str]) -> tuple[str, ...]:
    call = nom_appel(row["appel"], row["millesime"])
    return (call, row["mds"] or aggregates.SANS) if "mds" in keys else (call,)


class Chiffres:
    """The rows of the blocks."""

    def __init__(self, ctx: Contexte) -> None:
        """Reads the sums."""
        self.ctx = ctx
        self.sommes = Sommes(ctx)
        self._formules = 0 < ctx.lignes("operations") <= LIGNES_MAX

    def _etiquettes(self, chemin: tuple[str, ...]) -> tuple[str, str]:
        if not chemin:
            return ENSEMBLE, ""
        return chemin[0], chemin[1] if len(chemin) > 1 else self._intitule(chemin[0])

    def _intitule(self, appel: str) -> str:
        known = self.ctx.appels.get(appel)
        return known.identite.intitule if known else ""

    def _si(self, chemin: tuple[str, ...], *plus: str) -> str:
        """The criteria of a row's formula."""
        columns = zip(("Appel", self.ctx.mds), "AB", chemin, strict=False)
        criteria = [f"t_operations[{nom}],${letter}{Formule.LIGNE}" for nom, letter, _ in columns]
        return ",".join([*criteria, *plus])

    def _natif(self, chemin: tuple[str, ...], formule: str, valeur: _Nombre) -> Valeur:
        native = self._formules and all(_SIMPLE.fullmatch(part) for part in chemin)
        return Formule("", formule, valeur=valeur) if native else valeur

    def _nombre(self, chemin: tuple[str, ...]) -> Valeur:
        criteria = self._si(chemin)
        formula = f"COUNTIFS({criteria})" if chemin else "COUNTA(t_operations[Appel])"
        return self._natif(chemin, formula, self.sommes.par[chemin][NOMBRE])

    def _somme(self, chemin: tuple[str, ...], colonne: str, valeur: _Nombre) -> Valeur:
        """A sum; nothing where no operation states the amount: it is not 0."""
        if valeur is None:
            return None
        column = f"t_operations[{colonne}]"
        formula = f"SUMIFS({column},{self._si(chemin)})" if chemin else f"SUM({column})"
        return self._natif(chemin, formula, valeur)

    def dossiers(self, chemin: tuple[str, ...]) -> Ligne:
        """How files stand: provisional, late, anomalies."""
        row = self.sommes.par[chemin]
        state = self._si(chemin, f't_operations[État du bilan],"{PROVISOIRE}"')
        late = self._si(chemin, 't_operations[Jours de retard],">0"')
        return (
            *self._etiquettes(chemin),
            self._nombre(chemin),
            self._natif(chemin, f"COUNTIFS({state})", row.get("provisoires") or 0),
            self._natif(chemin, f"COUNTIFS({late})", row.get("retards") or 0),
            *(self._somme(chemin, titre, row[nom]) for nom, titre in GRAVITES.items()),
        )

    def personnes(self, chemin: tuple[str, ...]) -> Ligne:
        """People and rates."""
        counts = {nom: mesure[self.ctx.effectifs.rang(*chemin)] for nom, mesure in self.ctx.effectifs.mesures.items()}
        row = self.sommes.par[chemin]
        return (
            *self._etiquettes(chemin),
            self._nombre(chemin),
            self._somme(chemin, "Prévues", row["prevues"]),
            self._effectif(chemin, "Entrées", counts["entrees"]),
            *couple(counts, "brsa", "entrees"),
            self._effectif(chemin, "Sorties", counts["sorties"]),
            *couple(counts, "dynamiques", "sorties"),
            *couple(counts, "dynamiques_suivi", "suivis"),
        )

    def _effectif(self, chemin: tuple[str, ...], colonne: str, valeur: Nombre) -> Valeur:
        return valeur if self.ctx.masque else self._somme(chemin, colonne, valeur)

    def argent(self, chemin: tuple[str, ...]) -> Ligne:
        """Costs and grant."""
        row = self.sommes.par[chemin]
        amounts = (self._somme(chemin, titre, row[nom]) for nom, titre in ARGENT.items())
        return (*self._etiquettes(chemin), *amounts)

    def porteurs(self) -> tuple[int, list[Ligne]]:
        """How many operators, and the lines of those with the largest costs."""
        found = list(lignes_porteurs(self.ctx))
        largest = sorted(found, key=lambda pair: (-(pair[0]["prevu"] or 0), pair[1][:2]))[:PORTEURS_MAX]
        rows = [
            (*line[:4], line[6], line[7], line[8], line[9], row["retenu"], row["du"], row["solde"], row["a_reverser"])
            for row, line in largest
        ]
        return len(found), list(rows)
