"""A third engine, IronCalc, made to compute as Excel does: it reads our workbooks and must find what Python finds."""

import re
from datetime import date
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, unescape

import ironcalc
import pytest
from generator import dossier
from oracle import attendu, erreurs, pareil, participants_faux, rempli, sans_les_dernieres, trouve, voulu
from zips import parts, rezip

from aap_xl.appels.loader import Catalogue
from aap_xl.appels.model import Appel
from aap_xl.cells import a1, column_index
from aap_xl.domain.computed import CALCULS
from aap_xl.domain.facts import ComprisAutrement
from aap_xl.domain.sorties import A_QUALIFIER
from aap_xl.texte import normaliser
from aap_xl.workbook import layout
from aap_xl.workbook.formulas.refs import Refs
from aap_xl.workbook.reading.reader import lire
from aap_xl.workbook.template.build import build
from aap_xl.workbook.writing.workbooks import remplir

pytestmark = pytest.mark.slow

_SEEDS = range(100, 112)
"""Others than those that LibreOffice recalculates."""
_FICTIFS = Path(__file__).parent / "appels"
_HORS_DE_PORTEE = (
    *("bord.visees_", "bord.freins_avant", "bord.freins_apres", "bord.freins_leves"),
    *("semaine.presents", "semaine.participant", "semaine.jour"),
)
"""Computed with ISNUMBER, ISNA or LOWER over a whole column, of which IronCalc makes one cell (see below)."""


def sans_noms(chemin: Path, appel: Appel) -> None:
    """Write the cells of a line without names: those that follow the line are read as cells of the first one."""
    refs, found = Refs(appel), parts(chemin.read_bytes())
    for name in (name for name in found if name.startswith("xl/worksheets/sheet")):
        sheet = found[name].decode()
        found[name] = re.sub("(?<=<f>)[^<]*", lambda f: escape(refs.longue(unescape(f[0]))), sheet).encode()
    chemin.write_bytes(rezip(found))


class Calcule:
    """A workbook that IronCalc computed."""

    def __init__(self, chemin: Path, appel: Appel) -> None:
        sans_noms(chemin, appel)
        self.modele = ironcalc.load_from_xlsx(str(chemin), "en", "UTC")
        self.modele.evaluate()
        self._rangs = {item["name"]: rank for rank, item in enumerate(self.modele.get_worksheets_properties())}

    def ecrire(self, feuille: str, ligne: int, colonne: int, saisi: str) -> None:
        self.modele.set_user_input(self._rangs[feuille], ligne, colonne, saisi)

    def valeur(self, feuille: str, adresse: str) -> Any:
        letters = adresse.rstrip("0123456789")
        row = int(adresse.removeprefix(letters))
        return self.modele.get_cell_value(self._rangs[feuille], row, column_index(letters))


@pytest.mark.parametrize("code", ["3.3", "3.7", "9.1", "9.2", "9.3", "9.4"])
def test_every_native_formula_agrees_with_python_in_a_third_engine(code: str, tmp_path: Path) -> None:
    appel = Catalogue((_FICTIFS,)).get(code)
    wrong, seen = [], 0
    for seed in _SEEDS:
        case = dossier(appel, seed)
        chemin = tmp_path / f"{seed}.xlsx"
        chemin.write_bytes(rempli(case))
        book = Calcule(chemin, appel)
        for feuille, place, nom, value in attendu(case.donnees):
            if not nom.startswith(_HORS_DE_PORTEE):
                seen += 1
                found, wanted = trouve(book.valeur(feuille, place)), voulu(value)
                if not pareil(found, wanted):
                    wrong.append(f"{seed}: {feuille}!{place} {nom}: IronCalc {found!r}, Python {wanted!r}")
    assert seen > 1000
    assert wrong == [], "\n".join(wrong[:40])


@pytest.mark.parametrize("code", ["3.3", "3.7"])
def test_an_error_on_one_line_is_none_on_the_others_in_a_third_engine(code: str, tmp_path: Path) -> None:
    appel, chemin = Catalogue((_FICTIFS,)).get(code), tmp_path / "e.xlsx"
    case = dossier(appel, 2)
    chemin.write_bytes(rempli(case))
    book = Calcule(chemin, appel)
    for ligne, colonne, typed in erreurs(case):
        book.ecrire("Participants", ligne, colonne, typed)
    book.modele.evaluate()
    wrong = participants_faux(sans_les_dernieres(case), book.valeur)
    assert not wrong, "\n".join(wrong[:40])


@pytest.mark.parametrize("code", ["3.3", "3.7"])
def test_formulas_understand_the_same_words_as_python(code: str, tmp_path: Path) -> None:
    """Each wording of the list, of the call and of the field, and some that are refused, typed as an exit."""
    catalogue = Catalogue((_FICTIFS,))
    appel = catalogue.get(code)
    assert appel.sorties
    words = [item.libelle for item in appel.sorties.situations]
    words += [terme.mot for terme in appel.sorties.termes if terme.si]
    words += [text for mot in appel.sorties.mots for text in (*mot.mots[:1], *mot.mots[-1:])]
    words += ["zzz", "CDD  saisonnier", "interim"]
    person = {"code": "M", "nom": "N", "prenom": "P", "date_entree": date(2025, 3, 3), "date_sortie": date(2025, 4, 30)}
    person |= {"debut_contrat": date(2025, 5, 5), "precision": "Précisé", "valide_par": "Service"}
    for start in range(0, len(words), _PAR_FICHIER):
        part = words[start : start + _PAR_FICHIER]
        ends = [date(2025, 11, 4), date(2025, 11, 3), None]
        rows = [
            {**person, "code": f"M{n}", "fin_contrat": ends[n % 3], "situation": word} for n, word in enumerate(part)
        ]
        table, chemin = layout.tables(appel)["participants"], tmp_path / f"{start}.xlsx"
        chemin.write_bytes(remplir(build(appel, {}, aujourdhui=LE), {}, {"participants": rows}, appel))
        donnees = lire(chemin, catalogue, LE)
        computed = Calcule(chemin, appel)
        exact = {normaliser(fait.saisi) for fait in donnees.faits if isinstance(fait, ComprisAutrement)}
        assert exact <= {"cdd saisonnier", "interim"}
        for word, p in zip(part, donnees.participants, strict=True):
            place = a1(p.ligne, table.colonnes["classe"])
            wanted = (
                A_QUALIFIER if word in ("CDD  saisonnier", "interim") else CALCULS["participants", "classe"](p, donnees)
            )
            assert (word, computed.valeur(table.feuille, place)) == (word, wanted)


_PAR_FICHIER = 55
"""Under the lines that every call offers to people."""
LE = date(2025, 12, 1)


def test_what_it_can_t_compute_is_still_out_of_its_reach() -> None:
    """Excel and LibreOffice say 2; once IronCalc does, nothing needs to be left out above."""
    book = ironcalc.create("essai", "en", "UTC")
    for row, text in enumerate(("a", "b", "c"), 1):
        book.set_user_input(0, row, 1, text)
    book.set_user_input(0, 1, 2, "=SUMPRODUCT(ISNUMBER(MATCH(A1:A3,A1:A2,0))*1)")
    book.evaluate()
    assert book.get_cell_value(0, 1, 2) != 2
