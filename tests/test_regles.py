"""Every rule: what it says, where, and what it lets through. The cases are in ``tests/cases``."""

import re
import time
from collections import Counter
from contextlib import nullcontext
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import cas as cases
import pytest
from cas import Cas
from modeles import rangee, variante

from aap_xl.anomalies import RULES, Gravite, Regle
from aap_xl.appels.loader import Catalogue
from aap_xl.appels.model import Appel
from aap_xl.cells import Cell, Origin
from aap_xl.domain import controle, facts
from aap_xl.domain.controle import controler
from aap_xl.domain.data import Donnees
from aap_xl.domain.expected import Attendu
from aap_xl.domain.facts import (
    CelluleEnErreur,
    CelluleIllisible,
    Fait,
    HorsListe,
)
from aap_xl.domain.regles import SPECIFIQUES, code_fait
from aap_xl.records import replace
from aap_xl.rows import TABLES, Heure, Operation, Participant

CAS = cases.tous()


@pytest.mark.parametrize("cas", CAS, ids=[f"{c.regle}-{c.nom}" for c in CAS])
def test_case(cas: Cas, catalogue: Catalogue) -> None:
    appel = catalogue.get(cas.appel, 2025)
    found = controler(cases.donnees(appel, cas))
    own = [a for a in found if a.code == cas.regle]
    said = "\n".join(map(str, found))
    assert [str(a.cell) for a in own] == [cases.adresse(appel, attendu["cellule"]) for attendu in cas.attendu], said
    for anomaly, attendu in zip(own, cas.attendu, strict=True):
        assert attendu["contient"] in anomaly.message
        assert attendu.get("valeur", anomaly.valeur) == anomaly.valeur
    assert {a.code for a in found} == {*cas.aussi, *(a.code for a in own)}, said


@pytest.mark.parametrize("code", ["3.3", "3.7"])
def test_the_base_dossier_has_nothing_to_correct(code: str, catalogue: Catalogue) -> None:
    assert list(map(str, controler(cases.base(catalogue.get(code, 2025))))) == []


@pytest.mark.parametrize("code", sorted(RULES))
def test_every_rule_has_a_passing_and_a_failing_case(code: str) -> None:
    assert {bool(c.attendu) for c in CAS if c.regle == code} == {True, False}


def test_case_names_are_unique() -> None:
    assert [nom for nom, n in Counter((c.regle, c.nom) for c in CAS).items() if n > 1] == []


def test_rules_and_calls_name_the_same_codes(catalogue: Catalogue) -> None:
    used = {code for appel in catalogue for code in appel.regles}
    assert used == set(RULES)


@pytest.mark.parametrize("regle", RULES.values(), ids=lambda r: r.code)
def test_every_rule_says_what_it_wants(regle: Regle) -> None:
    summary = (regle.check.__doc__ or "").split("\n", 1)[0]
    assert re.fullmatch(r"[A-Z].{15,110}", summary)


def test_every_message_says_what_to_do(catalogue: Catalogue) -> None:
    for cas in CAS:
        for anomaly in controler(cases.donnees(catalogue.get(cas.appel, 2025), cas)):
            assert " ; " in anomaly.message or anomaly.message.endswith("?") or " ? " in anomaly.message
            assert not anomaly.message.endswith(".")
            assert "None" not in anomaly.message
            assert re.search(r"\d{4}-\d\d-\d\d", anomaly.message) is None


def test_no_message_names_a_person(catalogue: Catalogue) -> None:
    for cas in CAS:
        for anomaly in controler(cases.donnees(catalogue.get(cas.appel, 2025), cas)):
            assert "-TEST" not in anomaly.message


# the runner


def _faulty(appel: Appel, *faits: Fait) -> Donnees:
    dossier = cases.base(appel)
    dossier.faits = faits
    return dossier


def test_the_runner_stamps_gravity_and_article_from_the_call(appel33: Appel) -> None:
    (found,) = controler(_faulty(appel33, CelluleEnErreur(Cell("Participants", "C7", "Prénom"), "#N/A")))
    assert (found.gravite, found.article) == (Gravite.BLOQUANTE, appel33.regles["F07"].article)
    assert str(found).startswith("Participants!C7 · F07 (bloquante) : la cellule est en erreur (#N/A) ; ")


@pytest.mark.parametrize(("aujourdhui", "gravite"), [((2026, 2, 28), "à vérifier"), ((2026, 3, 1), "bloquante")])
def test_a_rule_can_be_stricter_once_the_operation_is_over(
    appel33: Appel, aujourdhui: tuple[int, int, int], gravite: str
) -> None:
    cas = Cas("", "3.3", "S06", [], date(*aujourdhui), modifier=[{"table": "participants", "ligne": 1, "piece": ""}])
    found = controler(cases.donnees(appel33, cas))
    assert [a.gravite for a in found if a.code == "S06"] == [gravite]


def test_the_runner_knows_the_remedy_apart(appel33: Appel) -> None:
    (found,) = controler(_faulty(appel33, CelluleIllisible(Cell("Participants", "E7"), "a ; b", Attendu.OUI_NON)))
    assert found.message == "« a ; b » ne se lit pas comme oui ou non ; saisissez Oui ou Non"
    assert found.remede == "saisissez Oui ou Non"


def test_a_code_that_the_call_does_not_switch_on_says_nothing(appel37: Appel, monkeypatch: pytest.MonkeyPatch) -> None:
    dossier = _faulty(appel37, CelluleEnErreur(Cell("Opération"), "#N/A"))
    assert [a.code for a in controler(dossier)] == ["F07"]
    monkeypatch.delitem(appel37.regles, "F07")
    assert controler(dossier) == []


def test_anomalies_come_in_the_sheets_order(appel33: Appel) -> None:
    cells = [
        Cell("Inconnue"),
        Cell("Participants", "AA7"),
        Cell("Participants", "B12"),
        Cell("Participants", "B7"),
        Cell("Dépenses", "A5"),
        Cell("Participants"),
        Cell("Budget", "C9"),
        Cell("Ressources", "A9"),
        Cell("Actions", "A5"),
        Cell("Opération", "C9"),
        Cell(),
    ]
    found = controler(_faulty(appel33, *(CelluleEnErreur(cell, "#N/A") for cell in cells)))
    assert [str(a.cell) for a in found] == [
        "",
        "Opération!C9",
        "Actions!A5",
        "Ressources!A9",
        "Budget!C9",
        "Participants",
        "Participants!B7",
        "Participants!AA7",
        "Participants!B12",
        "Dépenses!A5",
        "Inconnue",
    ]


def test_a_sheet_under_another_name_keeps_its_place(appel33: Appel) -> None:
    dossier = cases.base(appel33)
    for row in dossier.participants:
        row.origin = Origin("PARTICIPANTS 2025", row.origin.colonnes)
    dossier.faits = [CelluleEnErreur(Cell(nom, "A5"), "#N/A") for nom in ("Dépenses", "PARTICIPANTS 2025", "Actions")]
    assert [a.cell.feuille for a in controler(dossier)] == ["Actions", "PARTICIPANTS 2025", "Dépenses"]


def test_a_faulty_rule_raises(appel33: Appel, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(d: Donnees, _: Donnees) -> None:
        raise ZeroDivisionError

    monkeypatch.setitem(RULES, "P06", Regle("P06", Donnees, broken))  # type: ignore[arg-type]
    with pytest.raises(ZeroDivisionError):
        controler(cases.base(appel33))


@pytest.mark.parametrize("nir", ["285057800608441", "2 85 05 78 006 084 41"])
def test_a_nir_is_never_echoed(appel33: Appel, nir: str) -> None:
    typed = CelluleIllisible(Cell("Participants", "E7", nir), nir, Attendu.DATE)
    cas = Cas("", "3.3", "P12", [], modifier=[{"table": "participants", "ligne": 1, "code": nir, "action": nir}])
    dossier = cases.donnees(appel33, cas)
    dossier.faits = [typed]
    found = controler(dossier)
    assert {"F05", "P12"} <= {a.code for a in found}
    assert not any("85" in text for a in found for text in (a.message, a.valeur, a.cell.entete))


def test_specific_codes_fall_back_to_the_general_one(appel33: Appel, appel37: Appel) -> None:
    role = HorsListe(Cell(), "Comptable", (), table="personnel", champ="role")
    assert code_fait(role, appel37) == "B05"
    assert code_fait(replace(role, table="participants", champ="sexe"), appel33) == "F06"
    assert set(SPECIFIQUES.values()) <= RULES.keys()
    silent = type("Appel", (), {"regles": {}})()
    assert code_fait(role, silent) == "F06"


def test_every_kind_of_fact_has_its_rule() -> None:
    named = [kind for kind in vars(facts).values() if isinstance(kind, type) and issubclass(kind, Fait)]
    kinds = [kind for kind in named if hasattr(kind, "code")]
    assert len(kinds) > 20
    for kind in kinds:
        assert issubclass(kind, RULES[kind.code].on)
    for (kind, _, _), code in SPECIFIQUES.items():
        assert code == "O16" or issubclass(kind, RULES[code].on)


def test_without_participants_a_call_needs_budget_lines(catalogue: Catalogue, appel33: Appel) -> None:
    dossier = cases.donnees(appel33, Cas("", "3.3", "F17", [], vider=["participants"]))
    assert [str(a.cell) for a in controler(dossier) if a.code == "F17"] == ["Participants"]


@pytest.mark.parametrize(("filled", "silent"), [("charges", True), ("personnel", True), ("", False)])
def test_one_kind_of_budget_line_is_enough(filled: str, silent: bool, appel33: Appel) -> None:
    """For a call that follows no people."""
    appel = Catalogue([Path(__file__).parent / "appels"]).get("9.2")
    appel = variante(appel, regles={"F17": appel33.regles["F17"]})
    tables = {nom: [rangee(TABLES[nom], code="L1")] if nom == filled else [] for nom in ("personnel", "charges")}
    dossier = Donnees(appel, rangee(Operation), tables, date(2031, 6, 1))
    assert [str(a.cell) for a in controler(dossier) if a.code == "F17"] == ([] if silent else ["Personnel"])
    dossier.faits = (facts.FeuilleAbsente(Cell("Charges")),)  # who knows what it held
    assert not [a for a in controler(dossier) if a.code == "F17"]


def test_a_big_dossier_is_checked_in_a_moment(appel37: Appel) -> None:
    dossier = cases.base(appel37)
    model = dossier.participants[1]
    colonnes = {nom: rank for rank, nom in enumerate(appel37.classeur.tables["heures"].colonnes, start=1)}
    heures = Origin("Heures", colonnes)
    people = [
        cases.ligne(Participant, model.origin, n, {**dict(model.valeurs()), "code": f"Q{n}", "nom": f"NOM-TEST {n}"})
        for n in range(5, 305)
    ]
    weeks = [
        cases.ligne(Heure, heures, 5 + n, {"participant": f"Q{p.ligne}", "semaine": lundi, "travail": Decimal(10)})
        for p in people
        for n, lundi in enumerate(date(2025, 4, 7) + timedelta(weeks=w) for w in range(20))
    ]
    dossier.tables = {**dossier.tables, "participants": people, "heures": weeks, "immersions": ()}
    dossier = Donnees(appel37, dossier.operation, dossier.tables, dossier.aujourdhui)
    start = time.process_time()
    found = controler(dossier)
    assert {a.code for a in found} == {"O12"}
    assert time.process_time() - start < 1


@pytest.mark.parametrize(("found", "refused"), [(3, False), (4, True)])
def test_there_is_a_limit_to_what_anyone_reads(
    found: int, refused: bool, appel33: Appel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(controle, "ANOMALIES_MAX", 3)
    dossier = _faulty(appel33, *[CelluleEnErreur(Cell("Opération", f"C{n + 5}"), "#N/A") for n in range(found)])
    with pytest.raises(controle.TooManyAnomalies) if refused else nullcontext():
        assert len(controler(dossier)) == found
