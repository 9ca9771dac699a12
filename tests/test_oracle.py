"""Two engines, one rule: LibreOffice recalculates every native formula, and each must agree with Python."""

import io
import json
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from generator import Dossier, dossier
from libreoffice import convertir, exige
from oracle import attendu, erreurs, jour_fixe, pareil, participants_faux, rempli, sans_les_dernieres, trouve, voulu

from aap_xl.appels.loader import Catalogue, charger
from aap_xl.appels.model import Appel
from aap_xl.domain import computed, eligibilite, personnes, solde, sorties
from aap_xl.domain.computed import CALCULS, calculer
from aap_xl.domain.data import Donnees
from aap_xl.domain.preuve import ANNEE, AVANT_L_HEURE, FAUTES, FINI_AU_SUIVI, PAS_COMMENCE, fautes_sortie, fautes_suivi
from aap_xl.domain.sorties import classement
from aap_xl.domain.syntheses_budget import ECART, EQUILIBRE
from aap_xl.rows import Nature
from aap_xl.workbook import layout
from aap_xl.workbook.formulas import lists
from aap_xl.workbook.template.build import build

pytestmark = [pytest.mark.slow, pytest.mark.libreoffice]
_SEEDS = range(6)


def compare(chemin: Path, donnees: Donnees) -> list[str]:
    """What LibreOffice and Python do not agree upon."""
    book = openpyxl.load_workbook(chemin, data_only=True)
    wrong = []
    for feuille, place, nom, value in attendu(donnees):
        found, wanted = trouve(book[feuille][place].value), voulu(value)
        if not pareil(found, wanted):
            wrong.append(f"{feuille}!{place} {nom}: LibreOffice {found!r}, Python {wanted!r}")
    return wrong


_FICTIFS = Path(__file__).parent / "appels"
_APPELS = ["3.3", "3.7", "9.1", "9.2", "9.3", "9.4"]


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    """The shipped calls and the fictional ones."""
    return Catalogue((_FICTIFS,))


@pytest.mark.parametrize("code", _APPELS)
def test_every_native_formula_agrees_with_python(code: str, catalogue: Catalogue, tmp_path: Path) -> None:
    exige()
    appel = catalogue.get(code)
    cases = {f"{seed}.xlsx": dossier(appel, seed) for seed in _SEEDS}
    found = convertir({nom: rempli(case) for nom, case in cases.items()}, tmp_path)
    wrong = {nom: compare(found[nom], case.donnees) for nom, case in cases.items()}
    assert not any(wrong.values()), "\n".join(line for lines in wrong.values() for line in lines[:40])


_RANGEMENT = ("identite", "personne", "parcours", "suivie", "ordre")
_LISTES: dict[str, tuple[str, tuple[str, ...], tuple[str, ...]]] = {
    "nothing": ("3.3", _RANGEMENT, _RANGEMENT),
    "nothing, no action": ("3.7", _RANGEMENT, ("identite", "personne", "parcours", "ordre")),
    "the rank alone": ("3.3", ("identite", "personne", "suivie", "ordre"), ("identite", "personne", "suivie", "ordre")),
    "all but the order": ("3.7", ("ordre",), ("ordre",)),
    "nothing of persons without a name": ("3.7", ("nom", *_RANGEMENT), ("personne", "parcours", "ordre")),
    "the helpers, not what they are made from": ("3.3", ("prenom",), ()),
    "codes alone name people": ("9.1", _RANGEMENT, ("personne", "parcours", "suivie", "ordre")),
}
"""What a call leaves out of « Participants »: the call it is made from, the columns, those that come by themselves."""


def _sans(code: str, retirees: tuple[str, ...], dossier_appels: Path) -> Appel:
    """A call that leaves columns out of « Participants »."""
    source = Catalogue((_FICTIFS,)).get(code)
    kept = [nom for nom in source.classeur.tables["participants"].colonnes if nom not in retirees]
    base = Catalogue((_FICTIFS,)).chemin(source).stem
    shutil.copytree(_FICTIFS, dossier_appels)
    chemin = dossier_appels / "essai.toml"
    own = f"[identite]\ncode = 'sans'\n[classeur.tables.participants]\ncolonnes = {json.dumps(kept)}"
    chemin.write_text(f"base = '{base}'\n{own}\n", encoding="utf-8")
    return charger(chemin)


def test_a_call_need_not_list_what_tells_persons_from_stays(tmp_path: Path) -> None:
    exige()
    cases: dict[str, Dossier] = {}
    for rank, (nom, (code, retirees, cachees)) in enumerate(_LISTES.items()):
        appel = _sans(code, retirees, tmp_path / str(rank))
        added = layout.tables(appel)["participants"].champs[len(appel.classeur.tables["participants"].colonnes) :]
        assert [(champ.nom, champ.masque) for champ in added] == [(champ, True) for champ in cachees], nom
        cases |= {f"{rank}-{seed}.xlsx": dossier(appel, seed) for seed in (0, 3)}
    found = convertir({nom: rempli(case) for nom, case in cases.items()}, tmp_path)
    wrong = [f"{nom} {line}" for nom, case in cases.items() for line in compare(found[nom], case.donnees)]
    assert not wrong, "\n".join(wrong[:40])
    assert all(len(personnes.derniers(case.donnees)) < len(case.donnees.participants) for case in cases.values())


@pytest.mark.parametrize("code", _APPELS)
def test_a_blank_workbook_shows_its_cached_values(code: str, catalogue: Catalogue, tmp_path: Path) -> None:
    exige()
    appel = catalogue.get(code)
    jour = date(2025, 10, 15)
    identite = {"porteur": "Association", "date_debut": date(2025, 3, 1), "date_fin": date(2026, 2, 28)}
    content = jour_fixe(build(appel, identite, aujourdhui=jour), jour)
    recalculated = openpyxl.load_workbook(convertir({"v.xlsx": content}, tmp_path)["v.xlsx"], data_only=True)
    cached = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
    formulas = openpyxl.load_workbook(io.BytesIO(content))
    wrong = [
        f"{sheet.title}!{cell.coordinate}: {before!r} → {after!r}"
        for sheet in formulas
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
        for before in [trouve(cached[sheet.title][cell.coordinate].value)]
        for after in [trouve(recalculated[sheet.title][cell.coordinate].value)]
        if not pareil(before, after)
    ]
    assert not wrong, "\n".join(wrong[:40])


@pytest.mark.parametrize("code", ["3.3", "3.7"])
def test_an_error_on_one_line_is_none_on_the_others(code: str, catalogue: Catalogue, tmp_path: Path) -> None:
    exige()
    case = dossier(catalogue.get(code), 2)
    book = openpyxl.load_workbook(io.BytesIO(rempli(case)))
    for ligne, colonne, typed in erreurs(case):
        book["Participants"].cell(ligne, colonne).value = typed or None
    buffer = io.BytesIO()
    book.save(buffer)
    book = openpyxl.load_workbook(convertir({"e.xlsx": buffer.getvalue()}, tmp_path)["e.xlsx"], data_only=True)
    wrong = participants_faux(sans_les_dernieres(case), lambda feuille, place: book[feuille][place].value)
    assert not wrong, "\n".join(wrong[:40])


def _as_text(content: bytes, appel: Appel) -> bytes:
    """Every second line with its dates and numbers pasted as texts, as from an e-mail or another program."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    for table in layout.tables(appel).values():
        for champ in table.champs:
            if not champ.calcule and champ.nature in _PASTED:
                for ligne in range(layout.DONNEES, table.derniere + 1, 2):
                    cell = book[table.feuille].cell(ligne, table.colonnes[champ.nom])
                    if cell.value is not None:
                        cell.value = _PASTED[champ.nature]
    form = layout.formulaire(appel)
    for champ in form.champs:
        if champ.nature in _PASTED and champ.nom != "date_debut":
            book[form.feuille].cell(form.lignes[champ.nom], layout.VALEUR).value = _PASTED[champ.nature]
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


_PASTED = {
    Nature.DATE: "3 mars 2025",
    Nature.MONTANT: "1 234,50 €",
    Nature.NOMBRE: "12,5",
    Nature.HEURES: "12,5 h",
    Nature.ENTIER: "douze",
    Nature.TAUX: "50 % ",
}


@pytest.mark.parametrize("code", _APPELS)
def test_a_pasted_text_never_breaks_a_formula(code: str, catalogue: Catalogue, tmp_path: Path) -> None:
    exige()
    appel = catalogue.get(code)
    content = _as_text(rempli(dossier(appel, 1)), appel)
    book = openpyxl.load_workbook(convertir({"t.xlsx": content}, tmp_path)["t.xlsx"], data_only=True)
    errors = [
        f"{sheet.title}!{cell.coordinate}: {cell.value}"
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "e"
    ]
    assert not errors, "\n".join(errors[:40])


def test_a_blank_line_hides_no_code_from_the_dropdowns(catalogue: Catalogue, tmp_path: Path) -> None:
    exige()
    appel = catalogue.get("3.7")
    book = openpyxl.load_workbook(io.BytesIO(build(appel, {}, aujourdhui=date(2025, 9, 1))))
    for feuille, codes in (
        ("Participants", {5: "A", 9: "B"}),
        ("Personnel", {5: "P1", 8: "P2"}),
        ("Charges", {7: "F"}),
    ):
        for ligne, code in codes.items():
            book[feuille].cell(ligne, 1).value = code
    book.create_sheet("Essai").append(
        ["=ROWS(l_codes_participants)", '=COUNTIF(l_codes_participants,"B")', '=COUNTIF(l_lignes_budget,"F")']
    )
    buffer = io.BytesIO()
    book.save(buffer)
    saved = openpyxl.load_workbook(convertir({"c.xlsx": buffer.getvalue()}, tmp_path)["c.xlsx"], data_only=True)
    assert [cell.value for cell in saved["Essai"][1]] == [5, 1, 1]
    place = lists.lignes_budget(appel)
    assert place
    column, first, _ = place
    offered = [saved[layout.LISTES].cell(first + rank, column).value for rank in range(7)]
    assert offered == ["P1", None, None, "P2", None, None, "F"]


def _used(appel: Appel, nom: str, champ: str) -> bool:
    table = appel.classeur.tables.get(nom)
    return table is not None and champ in table.colonnes


@pytest.mark.parametrize("code", _APPELS)
def test_the_generated_dossiers_reach_every_exit_line(code: str, catalogue: Catalogue) -> None:
    appel = catalogue.get(code)
    everyone = [p for seed in _SEEDS for p in dossier(appel, seed).donnees.participants]
    for volet in appel.volets:
        if appel.sorties and _used(appel, "participants", volet.classe):
            found = [classement(p, volet, appel) for p in everyone]
            lines = {id(item.ligne) for item in found}
            assert not [line.article for line in appel.sorties.classement if id(line) not in lines]
            assert any(item.classe is None and item.raison for item in found)
    if _used(appel, "participants", "rupture_contrat"):
        at_exit = {code for p in everyone for code in fautes_sortie(p, appel)}
        assert at_exit == FAUTES - _AU_POINT
        for point in appel.points:
            found_later = {code for p in everyone for code in fautes_suivi(p, point, appel)}
            assert found_later == _AU_POINT | {ANNEE}


_AU_POINT = {AVANT_L_HEURE, FINI_AU_SUIVI, PAS_COMMENCE}


def _motifs(appel: Appel) -> set[str]:
    """The reasons that the sheet « Dépenses » of a call can give."""
    found = {eligibilite.NON_PREVUE, eligibilite.REFUSEE, eligibilite.A_JUSTIFIER, eligibilite.HORS_PERIODE}
    found |= {eligibilite.SANS_JUSTIFICATIF, eligibilite.PAIEMENT}
    if _used(appel, "depenses", "montant_retenu"):
        found.add(eligibilite.EN_PARTIE)
    if _used(appel, "depenses", "prestation_du"):
        found.add(eligibilite.A_CHEVAL)
    return found | ({eligibilite.DANS_SALAIRES} if "salaires" in appel.classeur.tables else set())


_ETATS: dict[tuple[str, str], tuple[str, ...]] = {
    ("participants", "etat_suivi"): (sorties.NON_ECHU, sorties.A_FAIRE, sorties.FAIT, sorties.INJOIGNABLE),
    ("participants", "dynamique"): ("Oui", "Non"),
    ("actions", "majorite_brsa"): ("Oui", "Non"),
    ("participants", "parcours"): (personnes.DERNIER, personnes.DERNIER_ACTION, personnes.ANTERIEUR),
}
_STATUTS = {
    *(computed.A_COMPLETER, computed.PRESENT, computed.SORTI),
    *(computed.DATES_A_CORRIGER, computed.SORTIE_A_QUALIFIER, computed.SUIVI_A_FAIRE, computed.REVENU),
}


@pytest.mark.parametrize("code", _APPELS)
def test_the_generated_dossiers_reach_every_state(code: str, catalogue: Catalogue) -> None:
    appel = catalogue.get(code)
    everything = [dossier(appel, seed).donnees for seed in _SEEDS]

    def found(nom: str, champ: str) -> set[Any]:
        return {CALCULS[nom, champ](row, d) for d in everything for row in d.rows(nom)} - {None}

    majority = appel.public and appel.public.majorite_brsa
    for (nom, champ), states in _ETATS.items():
        if _used(appel, nom, champ) and (majority or champ != "majorite_brsa"):
            unreached = {personnes.DERNIER_ACTION} if not _used(appel, "participants", "action") else set()
            assert found(nom, champ) == set(states) - unreached, (nom, champ)
    assert found("depenses", "motif") == _motifs(appel)
    if "salaires" in appel.classeur.tables:
        assert found("salaires", "motif") == _motifs(appel) - {eligibilite.DANS_SALAIRES}
    if _used(appel, "participants", "statut"):
        without = set() if appel.operation.suivi_mois else {computed.SUIVI_A_FAIRE}
        without |= set() if appel.parcours.derniere_sortie else {computed.REVENU}
        assert found("participants", "statut") == _STATUTS - without
    if _used(appel, "heures", "repere"):
        assert len(found("heures", "repere")) >= 2
    assert {calculer("budget.equilibre_constat", d) for d in everything} == {EQUILIBRE, ECART}


def test_each_limit_of_the_grant_decides_somewhere(catalogue: Catalogue) -> None:
    soldes = [solde.solde(dossier(catalogue.get(code), seed).donnees) for code in _APPELS for seed in _SEEDS]
    assert {item.raison for item in soldes} == {"", solde.VOTEE, solde.PLAFOND, solde.INTERVENTION, solde.BESOIN}
    assert any(item.solde for item in soldes)
    assert any(item.a_reverser for item in soldes)
