"""A third engine, IronCalc, made to compute as Excel does: it reads our workbooks and must find what Python finds."""

from pathlib import Path
from typing import Any

import ironcalc
import pytest
from generator import dossier
from oracle import attendu, pareil, rempli, trouve, voulu

from aap_xl.appels.loader import Catalogue
from aap_xl.cells import column_index

pytestmark = pytest.mark.slow

_SEEDS = range(100, 112)
"""Others than those that LibreOffice recalculates."""
_FICTIFS = Path(__file__).parent / "appels"
_HORS_DE_PORTEE = ("bord.visees_",)
"""Computed with ISNUMBER over a whole column, of which IronCalc makes one cell (see below)."""


class Calcule:
    """A workbook that IronCalc computed."""

    def __init__(self, chemin: Path) -> None:
        self.modele = ironcalc.load_from_xlsx(str(chemin), "en", "UTC")
        self.modele.evaluate()
        self._rangs = {item["name"]: rank for rank, item in enumerate(self.modele.get_worksheets_properties())}

    def valeur(self, feuille: str, adresse: str) -> Any:
        letters = adresse.rstrip("0123456789")
        row = int(adresse.removeprefix(letters))
        return self.modele.get_cell_value(self._rangs[feuille], row, column_index(letters))


@pytest.mark.parametrize("code", ["3.3", "3.7", "9.1", "9.2", "9.3"])
def test_every_native_formula_agrees_with_python_in_a_third_engine(code: str, tmp_path: Path) -> None:
    appel = Catalogue((_FICTIFS,)).get(code)
    wrong, seen = [], 0
    for seed in _SEEDS:
        case = dossier(appel, seed)
        chemin = tmp_path / f"{seed}.xlsx"
        chemin.write_bytes(rempli(case))
        book = Calcule(chemin)
        for feuille, place, nom, value in attendu(case.donnees):
            if not nom.startswith(_HORS_DE_PORTEE):
                seen += 1
                found, wanted = trouve(book.valeur(feuille, place)), voulu(value)
                if not pareil(found, wanted):
                    wrong.append(f"{seed}: {feuille}!{place} {nom}: IronCalc {found!r}, Python {wanted!r}")
    assert seen > 1000
    assert wrong == [], "\n".join(wrong[:40])


def test_what_it_can_t_compute_is_still_out_of_its_reach() -> None:
    """Excel and LibreOffice say 2; once IronCalc does, nothing needs to be left out above."""
    book = ironcalc.create("essai", "en", "UTC")
    for row, text in enumerate(("a", "b", "c"), 1):
        book.set_user_input(0, row, 1, text)
    book.set_user_input(0, 1, 2, "=SUMPRODUCT(ISNUMBER(MATCH(A1:A3,A1:A2,0))*1)")
    book.evaluate()
    assert book.get_cell_value(0, 1, 2) != 2
