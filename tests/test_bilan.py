"""The bilan's tables: what they count, and that they hold together for any data and any call."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from modeles import rangee, variante

from aap_xl.appels.loader import Catalogue
from aap_xl.appels.model import Appel
from aap_xl.domain.bilan import Tableau, tableaux
from aap_xl.domain.data import Donnees
from aap_xl.domain.sorties import Taux
from aap_xl.rows import (
    TABLES,
    Action,
    Charge,
    Comite,
    Depense,
    Heure,
    Immersion,
    Operation,
    Partenaire,
    Participant,
    Personnel,
    Redaction,
    Ressource,
)

D = Decimal
APPELS = [Catalogue().get(code, 2025) for code in ("3.3", "3.7")]
FICTIFS = [Catalogue([Path(__file__).parent / "appels"]).get(code) for code in ("9.1", "9.2")]
TOUS = [*APPELS, *FICTIFS]
NOMS = ("Zorglub", "Aristide", "Champignac")


def operation(**valeurs: Any) -> Operation:
    base: dict[str, Any] = {
        "date_debut": date(2025, 1, 1),
        "date_fin": date(2025, 12, 31),
        "personnes_prevues": 4,
        "objectif_dynamiques": 2,
        "referent": NOMS[0],
    }
    return rangee(Operation, **(base | valeurs))


def personne(code: str, **valeurs: Any) -> Participant:
    base = {"nom": NOMS[0], "prenom": NOMS[1], "date_entree": date(2025, 2, 1), "action": "A1", "valide_par": NOMS[2]}
    return rangee(Participant, code=code, **(base | valeurs))


PEOPLE = [
    personne("P1", brsa=True, sexe="f", mds="artois", date_naissance=date(2000, 2, 1), logement_dabord=True),
    personne("P2", brsa=True, sexe="h", mds="artois", date_sortie=date(2025, 3, 1), situation="cdi", metier_vise=True),
    personne("P3", brsa=False, sexe="f", mds="ternois", date_sortie=date(2025, 3, 1), situation="cdd"),
    personne("P4", sexe="f", date_sortie=date(2025, 11, 1), situation="abandon", action="A9"),
    personne("P5", brsa=True, date_entree=None),
]


def dossier(appel: Appel, le: date = date(2026, 1, 15), **tables: Any) -> Donnees:
    base: dict[str, Any] = {
        "participants": PEOPLE,
        "actions": [rangee(Action, code="A1", metier="Maçon", mds="artois", places=8)],
        "personnel": [rangee(Personnel, code="E1", salarie=NOMS[0], role="encadrant", brut=D(1000), quotite=D("0.5"))],
        "charges": [rangee(Charge, code="F1", poste="fonctionnement", libelle="Location", prevu=D(100))],
        "depenses": [
            rangee(
                Depense,
                document="D1",
                date_piece=date(2025, 5, 5),
                ligne_budget="F1",
                fournisseur=NOMS[0],
                montant=D(150),
                justificatif=True,
            ),
            rangee(Depense, document="D2", date_piece=date(2025, 5, 5), ligne_budget="F9", montant=D(7)),
        ],
        "ressources": [rangee(Ressource, type="departement", prevu=D(720)), rangee(Ressource, prevu=D(3))],
        "comites": [
            rangee(Comite, date_reunion=date(2025, 4, 2), slai=True, composition="SLAI, porteur"),
            rangee(Comite, date_reunion=date(2025, 2, 2), tableau_envoye=date(2025, 2, 1)),
            rangee(Comite, date_reunion=date(2026, 9, 9), slai=True),
        ],
        "heures": [
            rangee(Heure, participant="P1", travail=D("3.5"), accompagnement=D(1), accompagnement_equipe=D(2)),
            rangee(Heure, participant="p1", travail=D(20), encadrement=D("4.25")),
            rangee(Heure, participant="P2", travail=D("20.5")),
            rangee(Heure, participant="P2"),
        ],
        "immersions": [
            rangee(
                Immersion,
                participant="P1",
                moment="avant",
                date_debut=date(2025, 1, 20),
                date_fin=date(2025, 1, 24),
            ),
            rangee(Immersion, participant="p1", moment="pendant"),
        ],
        "partenaires": [
            rangee(Partenaire, nature="visite", personnes=6),
            rangee(Partenaire, nature="visite"),
            rangee(Partenaire),
        ],
        "redactions": [rangee(Redaction, rubrique="Imprévu", texte="Grève.")],
    }
    kept = {nom: rows for nom, rows in (base | tables).items() if nom in appel.classeur.tables}
    return Donnees(appel, operation(), kept, le, ecartees={"participants": 2})


def tableau(donnees: Donnees, cle: str) -> Tableau:
    return next(found for found in tableaux(donnees) if found.cle == cle)


def ligne(donnees: Donnees, cle: str, libelle: str) -> tuple[Any, ...]:
    return next(row for row in tableau(donnees, cle).lignes if row[0] == libelle)[1:]


@pytest.fixture
def d33(appel33: Appel) -> Donnees:
    return dossier(appel33)


@pytest.fixture
def d37(appel37: Appel) -> Donnees:
    return dossier(appel37)


def test_people_entered_present_and_out(d33: Donnees) -> None:
    rows = {row[0]: row[1:] for row in tableau(d33, "personnes").lignes}
    assert rows["Personnes entrées"][:3] == (4, 2, Taux(2, 4))
    assert rows["dont présentes"][:3] == (1, 1, Taux(1, 1))
    assert rows["Personnes sorties"][:3] == (3, 1, Taux(1, 3))


def test_objectives_are_compared_with_what_happened(d33: Donnees, d37: Donnees) -> None:
    assert ligne(d33, "objectifs", "Personnes accompagnées") == (4, 4, 0, Taux(4, 4), D(1))
    assert ligne(d33, "objectifs", "Sorties dynamiques") == (2, 1, -1, Taux(1, 2), D("0.5"))
    assert ligne(d37, "objectifs", "Capacité rapportée à la durée de l'opération")[:2] == (15, 4)


def test_an_objective_left_blank_is_not_compared(appel33: Appel) -> None:
    d = dossier(appel33)
    d.operation.personnes_prevues = None
    assert ligne(d, "objectifs", "Personnes accompagnées") == (None, 4, None, None, None)


@pytest.mark.parametrize("cle", ["sexe", "mds", "orienteur", "age"])
def test_every_breakdown_adds_up_to_its_total(d33: Donnees, cle: str) -> None:
    found = tableau(d33, cle)
    assert found.total is not None
    columns = list(zip(*found.lignes, strict=True))[1:]
    assert [sum(column) for column in columns] == list(found.total[1:])
    assert found.total[1:] == (4, 1, 3, 2)


def test_exits_by_class_with_their_fraction(d33: Donnees) -> None:
    assert ligne(d33, "sorties_classes", "Emploi durable")[:3] == (1, Taux(1, 3), D(1) / 3)
    assert ligne(d33, "sorties_classes", "À qualifier")[:2] == (1, Taux(1, 3))
    assert ligne(d33, "sorties_classes", "Suivi : à faire") == (None, None, None, 2, Taux(2, 2), D(1))
    assert ligne(d33, "sorties_situations", "Abandon")[:2] == (1, Taux(1, 3))


def test_both_counters_and_the_national_reference(d33: Donnees) -> None:
    assert ligne(d33, "sorties_taux", "Sorties dynamiques")[1:3] == (Taux(1, 3), D(1) / 3)
    assert ligne(d33, "sorties_taux", "Sorties dynamiques")[-1] == D("0.60")
    assert ligne(d33, "sorties_taux", "dont emploi durable")[-1] == D("0.25")
    assert ligne(d33, "sorties_taux", "Formation qualifiante ou emploi dans le métier visé")[1] == Taux(1, 3)


def test_both_rates_are_shown_when_retraits_may_leave_the_denominator(appel33: Appel) -> None:
    assert appel33.sorties is not None
    appel = variante(appel33, sorties=variante(appel33.sorties, retraits_hors_denominateur=True))
    people = [*PEOPLE, personne("P6", date_sortie=date(2025, 3, 1), situation="retrait")]
    d = dossier(appel, participants=people)
    assert ligne(d, "sorties_taux", "Sorties dynamiques")[1] == Taux(1, 4)
    assert ligne(d, "sorties_taux", "Sorties dynamiques, retraits exclus")[1] == Taux(1, 3)


def test_a_zero_denominator_is_an_empty_cell(appel33: Appel) -> None:
    d = dossier(appel33, participants=[])
    assert ligne(d, "sorties_taux", "Sorties dynamiques")[:3] == (0, Taux(0, 0), None)


def test_follow_up_states(d33: Donnees, d37: Donnees) -> None:
    assert ligne(d33, "suivi", "À faire") == (2,)
    assert ligne(d33, "suivi", "Non échu") == (1,)
    assert "suivi" not in {found.cle for found in tableaux(d37)}


def test_hours_received_and_given_stay_apart(d37: Donnees) -> None:
    assert tableau(d37, "heures").lignes == [
        ("Travail", D("23.5") + D("20.5"), None),
        ("Accompagnement socioprofessionnel", D(1), D(2)),
        ("Encadrement technique", D("4.25"), D(0)),
    ]


def test_weeks_against_the_range(d37: Donnees) -> None:
    found = tableau(d37, "semaines")
    assert [row[1:] for row in found.lignes] == [(1, 1), (1, 1), (1, 1), (1, 1)]
    assert found.total == ("Total", 4, 2)


def test_indicators_are_the_calls_in_its_order(d33: Donnees, d37: Donnees) -> None:
    assert [row[0] for row in tableau(d33, "indicateurs").lignes] == [
        "Personnes accompagnées",
        "dont bénéficiaires du RSA",
        "Sorties dynamiques, à la sortie",
        "Sorties dynamiques, 6 mois après",
        "Formation qualifiante ou emploi dans le métier visé, à la sortie",
        "Formation qualifiante ou emploi dans le métier visé, 6 mois après",
    ]
    assert {row[0]: row[1] for row in tableau(d37, "indicateurs").lignes} == {
        "Personnes accompagnées": 4,
        "dont bénéficiaires du RSA": 2,
        "Heures d'accompagnement socioprofessionnel reçues": D(1),
        "Heures d'accompagnement socioprofessionnel données par l'équipe": D(2),
        "Heures d'encadrement technique reçues": D("4.25"),
        "Heures d'encadrement technique données par l'équipe": D(0),
        "Rubriques rédigées (phasage, méthodes et outils)": 0,
        "Liens avec le secteur économique": 3,
        "Périodes d'immersion": 2,
        "Réunions du comité de pilotage, sur les réunions attendues": 2,
        "Personnes accompagnées au titre du logement d'abord": 1,
    }


def test_logement_dabord_has_a_number_and_ages(d37: Donnees) -> None:
    found = tableau(d37, "logement_dabord")
    assert found.total == ("Total", 1)
    assert found.note == "25 ans."
    assert ligne(d37, "logement_dabord", "25 à 34 ans") == (1,)


def test_committees_held_are_listed_by_date_without_those_to_come(d33: Donnees) -> None:
    assert [row[:4] for row in tableau(d33, "comites").lignes] == [
        (date(2025, 2, 2), 1, None, None),
        (date(2025, 4, 2), 2, "Oui", "SLAI, porteur"),
    ]
    rates = [row[2] for row in tableau(d33, "comites_frequence").lignes]
    assert rates == [Taux(2, 4), Taux(1, 2), Taux(1, 2)]


def test_more_committees_than_expected_is_not_a_rate(appel33: Appel) -> None:
    d = dossier(appel33, le=date(2025, 2, 15))
    assert tableau(d, "comites_frequence").lignes[0][1:] == (1, None, None)


def test_committees_out_of_the_operation_are_listed_and_not_compared(appel37: Appel) -> None:
    days = [date(2024, 12, 31), date(2025, 1, 1), date(2025, 6, 2), date(2025, 12, 31), date(2026, 1, 1)]
    d = dossier(appel37, comites=[rangee(Comite, date_reunion=le) for le in days])
    assert [row[0] for row in tableau(d, "comites").lignes] == days
    assert ligne(d, "comites_frequence", "Comités tenus pendant l'opération, sur les comités attendus à ce jour") == (
        *(3, Taux(3, 2), D("1.5")),
    )
    held = ligne(d, "indicateurs", "Réunions du comité de pilotage, sur les réunions attendues")
    assert held[:3] == (3, Taux(3, 2), D("1.5"))
    assert "davantage de réunions qu'attendu" in held[3]


def test_links_and_immersions(d33: Donnees) -> None:
    assert ligne(d33, "liens", "Visite d'entreprise") == (2, 6)
    assert ligne(d33, "liens", "Non renseigné") == (1, 0)
    assert ligne(d33, "immersions", "Avant") == (1, 1, 5)
    assert tableau(d33, "immersions").total == ("Ensemble", 2, 1, 5)


def test_costs_by_category_and_by_line(d37: Donnees) -> None:
    rows = {row[0]: row[1:] for row in tableau(d37, "budget_postes").lignes}
    assert rows["Frais de personnel"] == (D(500), 0, 0, D(500))
    assert rows["Frais de fonctionnement"] == (D(100), D(150), D(100), D(-50))
    assert rows["Dépenses hors budget prévu"] == (0, D(7), 0, D(-7))
    assert rows["Charges indirectes (20 %)"] == (D(120), D(30), D(20), D(90))
    assert tableau(d37, "budget_postes").total == ("Total", D(720), D(187), D(120), D(533))
    assert [row[3:] for row in tableau(d37, "budget_lignes").lignes] == [
        (D(500), 0, 0, D(500)),
        (D(100), D(150), D(100), D(-50)),
    ]
    assert [row[-1] for row in tableau(d37, "depenses_ecartees").lignes] == ["Ligne non prévue"]


def test_resources_without_a_type_are_not_lost(d37: Donnees) -> None:
    assert ligne(d37, "ressources", "Type non renseigné")[0] == D(3)
    assert tableau(d37, "ressources").total == ("Total", D(723), None, None)
    assert "ressources − dépenses : 3,00 €" in tableau(d37, "ressources").note


@pytest.mark.parametrize(
    ("votee", "taux", "note"),
    [
        (D(50), None, "Le plus petit : subvention votée."),
        (D(600), D("0.5"), "Le plus petit : dépenses retenues × taux d'intervention."),
        (D(600), None, "Le plus petit : dépenses retenues − autres ressources."),
    ],
)
def test_what_limits_the_grant_is_named(appel37: Appel, votee: Decimal, taux: Decimal | None, note: str) -> None:
    d = dossier(appel37)
    d.operation.subvention_votee, d.operation.taux_intervention = votee, taux
    assert ligne(d, "solde", "Subvention calculée")[1] == note


def test_the_balance_step_by_step(appel37: Appel) -> None:
    d = dossier(appel37)
    d.operation.subvention_votee, d.operation.avance = D(600), D(200)
    least = "Le plus petit : dépenses retenues − autres ressources."
    assert ligne(d, "solde", "Subvention calculée")[:2] == (D(117), least)
    assert ligne(d, "solde", "Subvention due")[0] == D(117)
    assert ligne(d, "solde", "Solde à verser")[0] == 0
    assert ligne(d, "solde", "Montant à reverser")[0] == D(83)
    d.operation.ajustement, d.operation.motif_ajustement = D("-17.005"), "Objectif non atteint"
    assert ligne(d, "solde", "Ajustement de l'instructeur")[:2] == (D("-17.005"), "Objectif non atteint")
    assert ligne(d, "solde", "Subvention due")[0] == D("99.99")


@pytest.mark.parametrize(
    ("le", "depot", "etat"),
    [
        (date(2026, 1, 31), None, "À venir"),
        (date(2026, 2, 1), None, "En retard"),
        (date(2026, 3, 1), date(2026, 1, 31), "Déposé le 31/01/2026"),
        (date(2026, 3, 1), date(2026, 2, 1), "Déposé le 01/02/2026, en retard"),
    ],
)
def test_deadlines_show_both_ends_and_alert_on_the_earlier(
    appel33: Appel, le: date, depot: date | None, etat: str
) -> None:
    d = dossier(appel33, le=le)
    d.operation.date_fin_convention, d.operation.date_bilan = date(2026, 3, 31), depot
    rows = tableau(d, "echeances").lignes
    assert rows[0][2:] == (date(2026, 1, 31), etat)
    assert rows[1][2:] == (date(2026, 4, 30), None)
    assert rows[2][2:] == (date(2026, 5, 1), "Après l'échéance du bilan : complément à prévoir")


def test_lines_read_are_kept_plus_set_aside(d33: Donnees) -> None:
    assert ligne(d33, "lignes_lues", "Participants") == (7, 5, 2)
    for row in tableau(d33, "lignes_lues").lignes:
        assert row[1] == sum(row[2:])  # type: ignore[arg-type]


def test_missing_evidence_is_listed_by_code(d33: Donnees) -> None:
    [row] = tableau(d33, "pieces_manquantes").lignes
    assert row[:2] == ("P2", "À la sortie")
    assert row[-1] == "Copie du contrat de travail ou Attestation de l'employeur"
    [row] = tableau(d33, "a_qualifier").lignes
    assert row[0] == "P3"
    assert "durée" in str(row[-1])


def test_each_action_and_those_of_no_action(d33: Donnees) -> None:
    first, last = tableau(d33, "actions").lignes
    assert first[:3] == ("A1", "Maçon", "Artois")
    assert first[5:9] == (8, 3, 2, Taux(2, 3))
    assert last[0] == "Sans action connue"
    assert last[6:8] == (1, 1)


def test_written_parts_keep_the_calls_headings_and_the_operators_own(d33: Donnees) -> None:
    rows = tableau(d33, "redactions").lignes
    assert [row[0] for row in rows[:-1]] == [item.libelle for item in d33.appel.rubriques]
    assert rows[-1] == ("Imprévu", "Grève.")


def _cells(donnees: Donnees) -> str:
    rows = (row for found in tableaux(donnees) for row in (*found.lignes, found.total or (), (found.titre, found.note)))
    return " ".join(str(cell) for row in rows for cell in row)


@pytest.mark.parametrize("appel", APPELS, ids=["3.3", "3.7"])
def test_no_name_of_a_person_is_in_the_bilan(appel: Appel) -> None:
    text = _cells(dossier(appel))
    assert not [name for name in NOMS if name in text]


def _empty(appel: Appel) -> Donnees:
    return Donnees(appel, rangee(Operation), {}, date(2025, 6, 1))


def _without_anything(appel: Appel) -> Appel:
    tables = {nom: appel.classeur.tables[nom] for nom in ("charges", "ressources")}
    suivi = variante(appel.operation, suivi_mois=None)
    return variante(
        appel,
        operation=suivi,
        public=None,
        sorties=None,
        heures=None,
        immersions=None,
        comites=None,
        indicateurs=(),
        listes={},
        rubriques=(),
        classeur=variante(appel.classeur, tables=tables, operation=("date_debut",)),
    )


@pytest.mark.parametrize(
    "appel", [*TOUS, *map(_without_anything, APPELS)], ids=["3.3", "3.7", "9.1", "9.2", "bare 3.3", "bare 3.7"]
)
def test_an_empty_workbook_has_tables_whatever_the_call(appel: Appel) -> None:
    found = tableaux(_empty(appel))
    keys = [item.cle for item in found]
    assert len(keys) == len(set(keys))
    assert {"operation", "budget_postes", "solde", "lignes_lues"} <= set(keys)


@pytest.mark.parametrize("changes", [{"public": None}, {"sorties": None}, {"comites": None}, {"heures": None}])
def test_a_call_may_lack_any_part(appel37: Appel, changes: dict[str, None]) -> None:
    assert tableaux(dossier(variante(appel37, **changes)))


# One choice a cell, of values on each side of what matters: hundreds of cells are drawn for one dossier.
LE = (date(2024, 12, 31), date(2025, 1, 1), date(2025, 3, 31), date(2025, 8, 31), date(2025, 12, 31), date(2026, 1, 1))
codes = st.sampled_from(["P1", "p1", "P2", None])
jours = st.sampled_from([None, *LE])
montants = st.sampled_from([None, D(0), D("0.005"), D("12.345"), D(100), D("4999.995")])


def _choix(appel: Appel, liste: str) -> st.SearchStrategy[str | None]:
    return st.sampled_from([None, *(item.code for item in appel.elements.get(liste, ()))])


def _valeurs(appel: Appel, champ: Any) -> st.SearchStrategy[Any]:
    if champ.nature == "choix":
        return _choix(appel, champ.liste)
    return {
        "date": jours,
        "oui ou non": st.sampled_from([None, True, False]),
        "nombre entier": st.sampled_from([None, 0, 1, 30]),
        "montant": montants,
        "nombre": montants,
        "heures": montants,
        "pourcentage": st.sampled_from([None, D(0), D("0.33"), D(1)]),
    }.get(champ.nature, codes)


def _rows(appel: Appel, nom: str) -> st.SearchStrategy[list[Any]]:
    row = TABLES[nom]
    champs = {
        c: _valeurs(appel, row.champs[c]) for c in appel.classeur.tables[nom].colonnes if not row.champs[c].calcule
    }
    return st.lists(st.fixed_dictionaries(champs).map(lambda valeurs: row(**valeurs)), max_size=4)


def dossiers(appel: Appel) -> st.SearchStrategy[Donnees]:
    tables = st.fixed_dictionaries({nom: _rows(appel, nom) for nom in appel.classeur.tables})
    form = {c: _valeurs(appel, Operation.champs[c]) for c in appel.classeur.operation}
    forms = st.fixed_dictionaries(form).map(lambda valeurs: rangee(Operation, **valeurs))
    return st.builds(Donnees, st.just(appel), forms, tables, st.sampled_from(LE))


quelconques = st.one_of(*map(dossiers, TOUS))


@given(quelconques)
@pytest.mark.slow
def test_tables_hold_together_for_any_data(donnees: Donnees) -> None:
    found, empty = tableaux(donnees), {item.cle: item for item in tableaux(_empty(donnees.appel))}
    fixed = [item.fixe for item in found]
    assert fixed == sorted(fixed, reverse=True)
    for item in found:
        rows = [*item.lignes, *([item.total] if item.total else [])]
        assert {len(row) for row in rows} <= {len(item.colonnes)}
        if item.fixe:
            assert [row[0] for row in item.lignes] == [row[0] for row in empty[item.cle].lignes]
            assert item.colonnes == empty[item.cle].colonnes


@given(quelconques)
@pytest.mark.slow
def test_totals_are_the_sums_of_their_lines(donnees: Donnees) -> None:
    for item in tableaux(donnees):
        if item.total is None or item.cle in {"semaines", "immersions"}:
            continue
        for rank, total in enumerate(item.total):
            if isinstance(total, int) or (
                isinstance(total, Decimal) and item.cle in {"budget_postes", "budget_lignes", "ressources"}
            ):
                values = [row[rank] for row in item.lignes]
                numbers = [value for value in values if isinstance(value, int | Decimal)]
                if len(numbers) == len(values) or isinstance(total, int):
                    assert sum(numbers) == total, (item.cle, rank)
