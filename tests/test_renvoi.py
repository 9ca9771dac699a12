"""Returning workbooks: each operator gets its own, and nothing of another's; the message quotes nothing typed."""

import email
import email.policy
import json
import re
import shutil
import zipfile
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from email.message import EmailMessage
from io import BytesIO
from pathlib import Path
from typing import Any
from unicodedata import normalize

import libreoffice
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from pieges import par_xlsb
from versions import JOUR, fichier, lu
from zips import parts, rezip

from aap_xl.anomalies import Anomalie, Gravite
from aap_xl.appels.model import Appel
from aap_xl.cells import Cell
from aap_xl.desk import filenames, register
from aap_xl.desk.dispatch import Envoi, Partie
from aap_xl.desk.message import MONTREES, a_corriger, adresse, courriel, partie
from aap_xl.desk.quoting import OMIS, Discretion
from aap_xl.desk.renvoi import MESSAGE, Renvoi, RenvoiImpossible, preparer, versions
from aap_xl.desk.returned import FORMAT, NUMERO, REECRITURE
from aap_xl.dossier import catalogue
from aap_xl.faces.exemples import exemples, remplir_classeur
from aap_xl.francais import cite
from aap_xl.workbook.ooxml.atomic import EcritureImpossible

COMMENTAIRE = "Merci de revoir les dépenses d'avril.\nLe reste est bon."
_UN, _DEUX = "78467169500103", "12345678200002"
NIR = "1 85 05 78 006 084 36"


def gens(marque: str, combien: int = 2) -> list[dict[str, Any]]:
    """People of one operator, visibly invented, with names no other operator has, and faults in their rows."""
    return [
        {
            "code": f"{marque}{n}",
            "nom": f"EXEMPLE-{marque}NOM{n}",
            "prenom": f"Inventé-{marque}-{n}",
            "date_naissance": date(1990, 1, n % 28 + 1),
            "date_entree": date(2025, 5, 2),
            "date_sortie": date(2025, 5, 1),
            "precision": f"Chez EXEMPLE-{marque}EMPLOYEUR",
        }
        for n in range(1, combien + 1)
    ]


def operateur(marque: str, siret: str, **autres: Any) -> dict[str, Any]:
    form = {"porteur": f"EXEMPLE Structure {marque}", "siret": siret, "referent": f"EXEMPLE-{marque}REFERENT"}
    return form | {"courriel": f"{marque.lower()}@exemple.org", "intitule": f"Opération {marque}"} | autres


@pytest.fixture(scope="module")
def recus(tmp_path_factory: pytest.TempPathFactory, appel37: Appel) -> list[Path]:
    """Two workbooks of operator « ZALPHA », one of « ZBETA »."""
    folder = tmp_path_factory.mktemp("recus")
    alpha, beta = operateur("ZALPHA", _UN), operateur("ZBETA", _DEUX)
    return [
        fichier(folder / "suivi.xlsx", appel37, alpha, {"participants": gens("ZALPHA")}),
        fichier(folder / "beta.xlsx", appel37, beta, {"participants": gens("ZBETA")}),
        fichier(folder / "suivi bis.xlsx", appel37, alpha | {"intitule": "Autre"}, {"participants": gens("ZALPHA", 1)}),
    ]


@pytest.fixture
def deux(recus: list[Path], tmp_path: Path) -> list[Path]:
    """The same, for one test alone."""
    (tmp_path / "recus").mkdir()
    return [Path(shutil.copy(path, tmp_path / "recus")) for path in recus]


def prepare(chemins: list[Path], sortie: Path, commentaire: str = COMMENTAIRE, **options: Any) -> list[Renvoi]:
    return preparer(chemins, sortie, commentaire, catalogue(), JOUR, **options)


def ouvrir(renvoi: Renvoi) -> EmailMessage:
    assert renvoi.message
    return email.message_from_bytes(renvoi.message.read_bytes(), policy=email.policy.default)


def corps(message: EmailMessage) -> str:
    part = message.get_body()
    assert part
    return str(part.get_content())


def tout(chemin: Path) -> str:
    """Everything a file says, inside attachments and zips too."""
    if chemin.suffix == ".eml":
        message = email.message_from_bytes(chemin.read_bytes(), policy=email.policy.default)
        parts = [_dedans(part.get_content()) for part in message.iter_attachments()]
        return "\n".join([str(message.items()), corps(message), *parts])
    return _dedans(chemin.read_bytes())


def _dedans(content: bytes) -> str:
    with zipfile.ZipFile(BytesIO(content)) as archive:
        return "\n".join(name + archive.read(name).decode(errors="replace") for name in archive.namelist())


# --- whose is what ---------------------------------------------------------------------------------------------------


def test_each_operator_has_its_folder_its_copies_and_one_message(deux: list[Path], tmp_path: Path) -> None:
    found = prepare(deux, tmp_path / "renvois")
    assert {item.dossier.name for item in found if item.dossier} == {
        f"exemple-structure-zalpha-{_UN}",
        f"exemple-structure-zbeta-{_DEUX}",
    }
    beta, alpha = sorted(found, key=lambda item: item.siret)
    assert len(alpha.classeurs) == 2
    assert len(beta.classeurs) == 1
    for item in found:
        assert item.dossier
        written = {path.name for path in item.dossier.iterdir()}
        copies = {c.copie.name for c in item.classeurs if c.copie}
        assert written == copies | {MESSAGE}
        assert copies == {part.get_filename() for part in ouvrir(item).iter_attachments()}
        for part in ouvrir(item).iter_attachments():
            assert part.get_content() == (item.dossier / str(part.get_filename())).read_bytes()


def test_nothing_of_one_operator_reaches_another(deux: list[Path], tmp_path: Path) -> None:
    for item in prepare(deux, tmp_path / "renvois"):
        assert item.dossier
        other = ("ZBETA", _DEUX) if item.siret == _UN else ("ZALPHA", _UN)
        mine = "ZALPHA" if item.siret == _UN else "ZBETA"
        for path in item.dossier.iterdir():
            said = path.name + tout(path)
            assert mine.casefold() in said.casefold()
            for word in other:
                assert word.casefold() not in said.casefold()


def test_one_siret_under_two_names_is_two_operators(tmp_path: Path, appel37: Appel) -> None:
    """A wrong SIRET typed by two structures must not send the people of one to the other."""
    files = [
        fichier(tmp_path / f"{n}.xlsx", appel37, operateur(marque, _UN), {"participants": gens(marque)})
        for n, marque in enumerate(("ZALPHA", "ZBETA"))
    ]
    assert len({item.dossier for item in prepare(files, tmp_path / "renvois")}) == 2


@pytest.mark.slow
def test_without_siret_the_name_groups_and_without_either_a_file_stays_alone(tmp_path: Path, appel37: Appel) -> None:
    forms: list[dict[str, Any]] = [
        {"siret": None},
        {"siret": "123"},
        {"porteur": None, "siret": None},
        {"porteur": None, "siret": None, "intitule": "Autre"},
    ]
    files = [fichier(tmp_path / f"{n}.xlsx", appel37, operateur("A", _UN) | form) for n, form in enumerate(forms)]
    found = prepare(files, tmp_path / "renvois")
    assert sorted(len(item.classeurs) for item in found) == [1, 1, 2]
    assert [len(group) for group in versions(found)] == [2]


def test_two_names_alike_on_disk_do_not_share_a_folder() -> None:
    taken: set[str] = set()
    first = filenames.dossier("Association Ω", _UN, "a", taken)
    second = filenames.dossier("Association Ψ", _UN, "b", taken)
    assert first == f"association-{_UN}"
    assert second.startswith(f"association-{_UN}-")


# --- the message -----------------------------------------------------------------------------------------------------


def test_the_draft_is_addressed_and_says_who_what_and_when(deux: list[Path], tmp_path: Path) -> None:
    alpha = next(item for item in prepare(deux, tmp_path / "renvois") if item.siret == _UN)
    message = ouvrir(alpha)
    assert message["To"] == "zalpha@exemple.org"
    assert message["X-Unsent"] == "1"
    assert (message["Date"], message["Message-ID"], message["From"]) == (None, None, None)
    assert "EXEMPLE Structure ZALPHA" in message["Subject"]
    text = corps(message)
    assert COMMENTAIRE in text.replace("\r\n", "\n")
    assert text.startswith("Madame, Monsieur,")
    part = message.get_body()
    assert part is not None
    assert part["Content-Language"] == "fr"
    assert "2. Corrigez dans ces copies," in text
    for words in (
        "Classeur « suivi.xlsx » (pièce jointe « suivi - à corriger.xlsx »)",
        "Classeur « suivi bis.xlsx » (pièce jointe « suivi bis - à corriger.xlsx »)",
        "Renvoyez les classeurs corrigés",
        "Que faire maintenant ?",
        "Le service inst",
    ):
        assert words in text


def test_the_same_return_gives_the_same_bytes(deux: list[Path], tmp_path: Path) -> None:
    first, second = tmp_path / "un", tmp_path / "deux"
    prepare(deux, first)
    prepare(list(reversed(deux)), second)
    files = sorted(path.relative_to(first) for path in first.rglob("*") if path.is_file())
    assert files == sorted(path.relative_to(second) for path in second.rglob("*") if path.is_file())
    assert all((first / path).read_bytes() == (second / path).read_bytes() for path in files)


def test_many_anomalies_are_counted_and_the_first_told(tmp_path: Path, appel37: Appel) -> None:
    path = fichier(tmp_path / "a.xlsx", appel37, operateur("ZALPHA", _UN), {"participants": gens("ZALPHA", 40)})
    dossier = lu(path)
    blocking = [item for item in dossier.anomalies if item.gravite is Gravite.BLOQUANTE]
    people = [item for item in blocking if item.cell.feuille == "Participants"]
    text = partie(dossier.donnees, dossier.anomalies).texte
    assert f"{len(blocking)} anomalies bloquantes" in text
    assert f"{len(blocking)} ANOMALIES BLOQUANTES" in text
    assert f"Participants ({len(people)})" in text
    assert f"et {len(people) - MONTREES} autres : voir la feuille Contrôle" in text
    group = text.split(f"Participants ({len(people)})")[1].split("    et ")[0]
    assert group.count("\n  - ") == MONTREES
    first = people[0]
    assert f"{first.cell.adresse}, {first.cell.entete} : " in group
    assert f"[{first.code} ; {first.article}]" in group
    whole = partie(dossier.donnees, dossier.anomalies, absence=FORMAT).texte
    assert whole.count("\n  - ") >= len(dossier.anomalies)
    assert "voir la feuille Contrôle" not in whole


_FIN = date(2026, 2, 28)
ECHEANCES: dict[str, tuple[dict[str, Any], list[str], list[str]]] = {
    "after the operation's end alone": (
        {"date_fin": _FIN},
        ["d'après la fin de l'opération : 28/03/2026", "Il reste 8 jours avant le 28/03/2026."],
        ["c'est cette date"],
    ),
    "both ends: the convention's is earlier": (
        {"date_fin": _FIN, "date_fin_convention": date(2026, 1, 31)},
        [
            "d'après la fin de l'opération : 28/03/2026\n",
            "d'après la fin effective de la convention : 28/02/2026  ← c'est cette date",
            "est dépassée de 20 jours",
        ],
        [],
    ),
    "one day late": ({"date_fin": date(2026, 2, 19)}, ["est dépassée de 1 jour."], []),
    "today": ({"date_fin": date(2026, 2, 20)}, ["L'échéance est aujourd'hui."], ["dépassée"]),
    "deposited in time": (
        {"date_fin": _FIN, "date_bilan": date(2026, 3, 28)},
        ["Bilan déposé le 28/03/2026."],
        ["retard", "dépassée"],
    ),
    "deposited late": (
        {"date_fin": date(2026, 1, 31), "date_bilan": date(2026, 3, 2)},
        ["Bilan déposé le 02/03/2026, avec 2 jours de retard."],
        [],
    ),
    "no end": ({"date_fin": None}, ["inconnue, la fin de l'opération n'est pas saisie"], []),
}


@pytest.mark.parametrize("nom", ECHEANCES)
def test_the_deadline_is_reminded(tmp_path: Path, appel37: Appel, nom: str) -> None:
    form, said, unsaid = ECHEANCES[nom]
    dossier = lu(fichier(tmp_path / "a.xlsx", appel37, operateur("ZALPHA", _UN, **form)), JOUR)
    text = partie(dossier.donnees, dossier.anomalies).texte
    assert all(words in text for words in said)
    assert not [words for words in unsaid if words in text]


@pytest.mark.parametrize(
    ("texte", "attendue"),
    [
        ("a.b@exemple.org", "a.b@exemple.org"),
        (" a@exemple.org ", "a@exemple.org"),
        ("a@exemple.org, b@autre.org", ""),
        ("a@exemple.org;b@autre.org", ""),
        ("a@exemple.org\nBcc: b@autre.org", ""),
        ("Nom <a@exemple.org>", ""),
        ("a@exemple", ""),
        ("é@exemple.org", ""),
        (".a@exemple.org", ""),
        ("a" * 250 + "@exemple.org", ""),
        (None, ""),
    ],
)
def test_an_address_is_one_address_or_nothing(texte: str | None, attendue: str) -> None:
    assert adresse(texte) == attendue


def test_no_header_can_be_added(tmp_path: Path, appel37: Appel) -> None:
    form = operateur("ZALPHA", _UN, porteur="EXEMPLE\r\nBcc: autre@exemple.org", courriel="a@exemple.org\nBcc: b@x.org")
    [found] = prepare([fichier(tmp_path / "a.xlsx", appel37, form)], tmp_path / "r", "ok\r\n.\r\nBcc: c@x.org")
    message = ouvrir(found)
    assert set(message.keys()) == {"Subject", "X-Unsent", "MIME-Version", "Content-Type"}
    assert "EXEMPLE Bcc: autre@exemple.org" in message["Subject"]
    assert found.destinataires == ()


# --- nothing to correct ----------------------------------------------------------------------------------------------


PROPRE = next(item for item in exemples(erreurs=False) if item.appel == "3.3")
"""A filled workbook with no anomaly at all."""


@pytest.fixture(scope="module")
def propre(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("propre") / "suivi.xlsx"
    assert not remplir_classeur(path, PROPRE, catalogue().get("3.3"), catalogue()).anomalies
    return path


@pytest.mark.parametrize(
    ("nombres", "attendu"),
    [
        ({}, False),
        ({Gravite.INFORMATION: 3}, False),
        ({Gravite.A_VERIFIER: 1}, True),
        ({Gravite.BLOQUANTE: 1, Gravite.INFORMATION: 3}, True),
        (dict.fromkeys(Gravite, 0), False),
    ],
)
def test_information_alone_asks_for_nothing(nombres: dict[Gravite, int], attendu: bool) -> None:
    assert a_corriger(nombres) is attendu


def test_a_clean_workbook_is_verified_not_to_be_corrected(propre: Path, tmp_path: Path) -> None:
    [found] = preparer([propre], tmp_path / "r", COMMENTAIRE, catalogue(), PROPRE.aujourdhui)
    message = ouvrir(found)
    text = corps(message).replace("\r\n", "\n")
    assert message["Subject"].startswith("Classeur de suivi vérifié : rien à corriger - 3.3 ")
    assert [part.get_filename() for part in message.iter_attachments()] == ["suivi - vérifié.xlsx"]
    for words in (
        f"a été vérifié par le service instructeur du Département, avec ce commentaire :\n\n{COMMENTAIRE}",
        "Classeur « suivi.xlsx » (pièce jointe « suivi - vérifié.xlsx »)",
        "n'a relevé aucune anomalie. Rien n'est à corriger dans ce classeur.",
        "1. Vous n'avez rien à corriger.",
        "continuez dans cette copie.",
    ):
        assert words in text
    for words in ("Corrigez", "classeur corrigé", "à reprendre", "ne cite pas les textes"):
        assert words not in text


NIVEAUX = {
    "no anomaly, no copy": (
        (),
        ["Rien n'est à corriger dans ce classeur.", "Pour un prochain envoi : ce format"],
        ["Toutes les anomalies"],
    ),
    "an information, no copy": (
        (Gravite.INFORMATION,),
        [
            "a relevé : 1 information. Rien n'est à corriger",
            "(rien à faire si c'est voulu)",
            "Pour un prochain envoi :",
        ],
        ["Toutes les anomalies"],
    ),
    "a point, no copy": (
        (Gravite.A_VERIFIER,),
        ["a relevé : 1 point à vérifier.\n", "Toutes les anomalies sont ci-dessus : ce format"],
        ["Rien n'est à corriger", "Pour un prochain envoi"],
    ),
}


@pytest.mark.parametrize("nom", NIVEAUX)
def test_what_is_said_of_a_format_agrees_with_what_was_found(tmp_path: Path, appel37: Appel, nom: str) -> None:
    levels, said, unsaid = NIVEAUX[nom]
    dossier = lu(fichier(tmp_path / "a.xlsx", appel37, operateur("ZALPHA", _UN)))
    items = [Anomalie("F03", level, Cell("", "", ""), "une feuille de plus", "", "") for level in levels]
    text = partie(dossier.donnees, items, absence=FORMAT).texte
    assert [words for words in said if words not in text] == []
    assert [words for words in unsaid if words in text] == []


_AUTRE = "Appel inventé"
ENVOIS: dict[str, tuple[str, str, list[str], list[str]]] = {
    "one to correct": (
        "c",
        "Classeur de suivi à reprendre",
        ["vous est renvoyé", "2. Corrigez dans cette copie,", "3. Renvoyez le classeur corrigé"],
        ["Rien n'est à corriger", "autre"],
    ),
    "two to correct": (
        "cc",
        "2 classeurs de suivi à reprendre",
        ["vous sont renvoyés", "2. Corrigez dans ces copies,", "3. Renvoyez les classeurs corrigés"],
        ["Rien n'est à corriger", "autre"],
    ),
    "one clean": (
        "v",
        "Classeur de suivi vérifié : rien à corriger",
        ["a été vérifié", "La copie jointe est", "continuez dans cette copie."],
        ["Corrigez", "corrigé ", "Rouvrez"],
    ),
    "two clean": (
        "vv",
        "2 classeurs de suivi vérifiés : rien à corriger",
        ["ont été vérifiés", "Les copies jointes sont", "continuez dans ces copies."],
        ["Corrigez", "corrigés", "Rouvrez"],
    ),
    "one clean, without a copy": (
        "V",
        "Classeur de suivi vérifié : rien à corriger",
        ["(sans pièce jointe)", "1. Vous n'avez rien à corriger."],
        ["Corrigez", "Rouvrez", "jointe est", "continuez"],
    ),
    "one of two": (
        "cv",
        "1 classeur de suivi à reprendre sur 2",
        [
            "Corrigez dans la copie dont le nom finit par « à corriger »,",
            "3. Rien n'est à corriger dans l'autre classeur.",
            "4. Renvoyez le classeur corrigé",
        ],
        ["cette copie"],
    ),
    "two of four": (
        "cvcv",
        "2 classeurs de suivi à reprendre sur 4",
        [
            "Corrigez dans les copies dont le nom finit par « à corriger »,",
            "Rien n'est à corriger dans les 2 autres classeurs.",
        ],
        ["ces copies"],
    ),
    "the clean one without a copy": (
        "cV",
        "1 classeur de suivi à reprendre sur 2",
        ["Corrigez dans cette copie,", "Rien n'est à corriger dans l'autre classeur."],
        ["dont le nom finit", "Rouvrez"],
    ),
    "one to correct with a copy, one without": (
        "cC",
        "2 classeurs de suivi à reprendre",
        [
            "2. Corrigez dans cette copie,",
            "3. Là où rien n'est joint, rouvrez votre classeur",
            "4. Renvoyez les classeurs",
        ],
        ["Rien n'est à corriger"],
    ),
    "two to correct without a copy": (
        "CC",
        "2 classeurs de suivi à reprendre",
        ["1. Rouvrez vos classeurs", "2. Ne renommez", "3. Renvoyez les classeurs corrigés"],
        ["La feuille Contrôle", "Là où"],
    ),
    "the only copy is clean": (
        "Cv",
        "1 classeur de suivi à reprendre sur 2",
        ["1. Rouvrez votre classeur", "3. Rien n'est à corriger dans l'autre classeur."],
        ["La feuille Contrôle", "Corrigez dans"],
    ),
}
"""Workbooks of a message: c to correct, v verified, in capitals when no copy goes with it."""


@pytest.mark.parametrize("nom", ENVOIS)
def test_the_message_asks_for_what_is_to_be_corrected(nom: str) -> None:
    kinds, subject, said, unsaid = ENVOIS[nom]
    envois = [
        Envoi(
            Partie(_AUTRE, "", None, f"{n}.xlsx", kind in "cC", "Texte."),
            f"{n} - {filenames.A_CORRIGER if kind == 'c' else filenames.VERIFIE}.xlsx" if kind.islower() else "",
            b"",
        )
        for n, kind in enumerate(kinds)
    ]
    content = courriel("EXEMPLE Structure", ["a@exemple.org"], COMMENTAIRE, envois)
    message = email.message_from_bytes(content, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    text = corps(message).replace("\r\n", "\n")
    assert message["Subject"] == f"{subject} - {_AUTRE} - EXEMPLE Structure"
    assert COMMENTAIRE in text
    assert [words for words in said if words not in text] == []
    assert [words for words in unsaid if words in text] == []


# --- copies and versions ---------------------------------------------------------------------------------------------


def test_identical_files_are_returned_once(deux: list[Path], tmp_path: Path) -> None:
    copy = Path(shutil.copy(deux[0], deux[0].with_name("suivi - Copie.xlsx")))
    alpha = prepare([copy, deux[0]], tmp_path / "r")
    assert [(c.source, c.identiques) for item in alpha for c in item.classeurs] == [(deux[0], (copy,))]
    assert corps(ouvrir(alpha[0])).count("Classeur « ") == 1
    assert versions(alpha) == []


def test_two_files_of_one_name_are_told_apart_by_their_attachments(deux: list[Path], tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    other = Path(shutil.copy(deux[2], tmp_path / "b" / "suivi.xlsx"))
    [found] = prepare([deux[0], other], tmp_path / "r")
    text = corps(ouvrir(found))
    assert text.count("Classeur « suivi.xlsx » (pièce jointe « ") == 2
    for part in ouvrir(found).iter_attachments():
        assert f"Classeur « suivi.xlsx » (pièce jointe « {part.get_filename()} »)" in text


_JOUR_UN, _JOUR_DEUX = date(2025, 3, 1), date(2025, 3, 2)
VERSIONS: dict[str, tuple[list[dict[str, Any]], list[list[int]]]] = {
    "one convention, written otherwise": (
        [{"convention": "2025-012"}, {"convention": "N° 2025/012"}, {"convention": "2025 012", "intitule": "x"}],
        [[0, 1, 2]],
    ),
    "and on another day": (
        [{"convention": "2025-012"}, {"convention": "2025 012", "date_debut": _JOUR_DEUX}],
        [[0, 1]],
    ),
    "two conventions on one day": ([{"convention": "2025-012"}, {"convention": "2025-013"}], []),
    "no convention, one day": ([{}, {"intitule": "x"}], [[0, 1]]),
    "no convention, the next day": ([{}, {"date_debut": _JOUR_DEUX}], []),
    "no convention but that of the day": ([{"convention": "2025-012"}, {}], [[0, 1]]),
    "nor of another day": ([{"convention": "2025-012"}, {"date_debut": _JOUR_DEUX}], []),
    "which of two conventions is not known": ([{"convention": "2025-012"}, {"convention": "2025-013"}, {}], []),
    "words are no convention": (
        [{"convention": "en cours"}, {"convention": "en cours", "date_debut": _JOUR_DEUX}],
        [],
    ),
    "neither convention nor day": ([{"date_debut": None}, {"date_debut": None, "intitule": "x"}], []),
    "another SIRET": ([{"convention": "2025-012"}, {"convention": "2025-012", "siret": _DEUX}], []),
    "one SIRET under two names": (
        [{"convention": "2025-012"}, {"convention": "2025-012", "porteur": "EXEMPLE Autre"}],
        [[0, 1]],
    ),
    "two operations, two versions each": (
        [{"convention": f"2025-{n}", "intitule": marque} for marque in "xy" for n in (12, 13)],
        [[0, 2], [1, 3]],
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("nom", VERSIONS)
def test_versions_of_an_operation_are_known(tmp_path: Path, appel37: Appel, nom: str) -> None:
    forms, expected = VERSIONS[nom]
    base = operateur("ZALPHA", _UN, date_debut=_JOUR_UN)
    files = [fichier(tmp_path / f"{n}.xlsx", appel37, base | form) for n, form in enumerate(forms)]
    found = prepare(files, tmp_path / "r")
    assert sum(len(item.classeurs) for item in found) == len(files)
    assert sorted(sorted(int(c.source.stem) for c in group) for group in versions(found)) == expected


def test_one_convention_number_in_two_calls_is_two_operations(tmp_path: Path, appel33: Appel, appel37: Appel) -> None:
    form = operateur("ZALPHA", _UN, convention="2025-012")
    files = [fichier(tmp_path / f"{n}.xlsx", appel, form) for n, appel in enumerate((appel33, appel37))]
    [found] = prepare(files, tmp_path / "r")
    assert len(found.classeurs) == 2
    assert versions([found]) == []


# --- personal data ---------------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("code", ["3.3", "3.7"])
def test_the_message_names_nobody(tmp_path: Path, code: str) -> None:
    """The demonstration's workbooks with every planted mistake: no name, birth date or typed text in the message."""
    exemple = next(item for item in exemples(erreurs=True) if item.appel == code)
    path = tmp_path / "faux.xlsx"
    dossier = remplir_classeur(path, exemple, catalogue().get(code), catalogue())
    [found] = preparer([path], tmp_path / "r", COMMENTAIRE, catalogue(), exemple.aujourdhui)
    text = corps(ouvrir(found))
    donnees = dossier.donnees
    words = {word for p in donnees.participants for word in (p.nom, p.precision, p.precision_suivi) if word}
    words |= {f"{p.date_naissance:%d/%m/%Y}" for p in donnees.participants if p.date_naissance}
    words |= {p.salarie for p in donnees.personnel if p.salarie}
    words |= {d.fournisseur for d in donnees.depenses if d.fournisseur}
    words |= {str(donnees.operation.referent)}
    assert len(words) > 20
    words = {word.casefold() for word in words} - {"exemple tremplin"}  # a supplier, but the operator's name too
    assert not [word for word in words if word in text.casefold()]
    assert len(dossier.a_corriger) > 10


DISCRETION = {
    "a header is told": ("« Date de sortie » est rempli", "", "« Date de sortie » est rempli"),
    "an item of a list is told": ("« Boulonnais » n'est pas permis", "", "« Boulonnais » n'est pas permis"),
    "a row's code is told": ("l'action « A12 » n'existe pas", "", "l'action « A12 » n'existe pas"),
    "what was typed is not": ("« EXEMPLE Zoé » ne se lit pas", "EXEMPLE Zoé", f"{OMIS} ne se lit pas"),
    "nor what was understood of it": ("la feuille « EXEMPLE Zoé » est lue", "", f"la feuille {OMIS} est lue"),
    "even with quotes inside": (f"{cite('a » EXEMPLE « b')} ne se lit pas", "a » EXEMPLE « b", f"{OMIS} ne se lit pas"),
    "nor a code that is a name": ("déjà inscrite (Exemple-Zoé, ligne 5)", "", "déjà inscrite (…, ligne 5)"),
    "however short": ("déjà inscrite (zoe1, ligne 5)", "", "déjà inscrite (…, ligne 5)"),
    "nor a NIR": (f"lu {NIR} ici", "", "lu [NIR masqué] ici"),
}


@given(st.text())
def test_nothing_quoted_gets_out_of_its_quotes(texte: str) -> None:
    message = f"avant {cite(texte)} après"
    assert re.sub("« [^«»]* »", "", message) == "avant  après"
    assert message.count("«") == message.count("»") == 1


@pytest.mark.parametrize("nom", DISCRETION)
def test_only_the_calls_words_and_the_codes_are_quoted(tmp_path: Path, appel37: Appel, nom: str) -> None:
    message, valeur, attendu = DISCRETION[nom]
    people = [{"code": code, "nom": "EXEMPLE", "prenom": "Zoé"} for code in ("A12", "Exemple-Zoé", "Zoe1")]
    dossier = lu(fichier(tmp_path / "a.xlsx", appel37, operateur("ZALPHA", _UN), {"participants": people}))
    item = Anomalie("F05", Gravite.BLOQUANTE, Cell("EXEMPLE Dupont", "A1", "EXEMPLE Dupont"), message, "", valeur)
    discretion = Discretion(dossier.donnees)
    assert discretion.message(item) == attendu
    assert discretion.feuille(item) == "Autre feuille"
    assert discretion.entete(item) == ""


def test_a_nir_is_never_echoed_nor_sent(tmp_path: Path, appel37: Appel) -> None:
    people = [gens("ZALPHA")[0] | {"precision": f"n° {NIR}"}]
    form = operateur("ZALPHA", _UN, porteur=f"EXEMPLE {NIR}", intitule=f"Opération {NIR}")
    path = fichier(tmp_path / f"suivi {NIR}.xlsx", appel37, form, {"participants": people})
    [found] = prepare([path], tmp_path / "r", f"Effacez {NIR} de votre classeur.")
    message = ouvrir(found)
    assert not list(message.iter_attachments())
    assert found.classeurs[0].absence == NUMERO
    assert found.classeurs[0].copie
    assert found.classeurs[0].copie.exists()
    assert NUMERO.partition(".")[0] in corps(message)
    said = "\n".join(
        [
            str(message.items()),
            corps(message),
            *(str(p.relative_to(tmp_path / "r")) for p in (tmp_path / "r").rglob("*")),
        ]
    )
    said += (tmp_path / "r" / register.FICHIER).read_text(encoding="utf-8")
    digits = "".join(char for char in said if char.isdigit())
    assert NIR not in said
    assert "".join(NIR.split()) not in digits


def test_the_register_names_no_participant(deux: list[Path], tmp_path: Path) -> None:
    prepare(deux, tmp_path / "r")
    text = (tmp_path / "r" / register.FICHIER).read_text(encoding="utf-8")
    lines = [json.loads(line) for line in text.splitlines()]
    assert [line["siret"] for line in lines] == [_DEUX, _UN]
    assert {line["date"] for line in lines} == {"2026-03-20"}
    assert {line["commentaire"] for line in lines} == {COMMENTAIRE}
    assert [len(line["classeurs"]) for line in lines] == [1, 2]
    assert lines[0]["destinataires"] == ["zbeta@exemple.org"]
    assert all(len(c["sha256"]) == 64 and c["anomalies"]["bloquante"] for line in lines for c in line["classeurs"])
    assert "NOM1" not in text
    assert "Inventé" not in text


# --- files -----------------------------------------------------------------------------------------------------------


def test_the_copy_is_the_operators_workbook_with_its_control(deux: list[Path], tmp_path: Path) -> None:
    found = prepare(deux[:1], tmp_path / "r")[0]
    assert found.classeurs[0].copie
    book = load_workbook(found.classeurs[0].copie)
    assert book["Participants"]["B5"].value == "EXEMPLE-ZALPHANOM1"
    control = "\n".join(str(cell.value) for row in book["Contrôle"].iter_rows() for cell in row if cell.value)
    assert "précède l'entrée" in control
    again = lu(found.classeurs[0].copie)
    assert [row.nom for row in again.donnees.participants] == [row.nom for row in lu(deux[0]).donnees.participants]


@pytest.mark.parametrize(
    ("source", "attendu"),
    [
        ("suivi.xlsx", "suivi - à corriger.xlsx"),
        ("SUIVI.XLSM", "SUIVI - à corriger.xlsm"),
        ("a:b*c?.xlsx", "a b c - à corriger.xlsx"),
        ("con.xlsx", "classeur con - à corriger.xlsx"),
        ("....xlsx", "classeur - à corriger.xlsx"),
        ("a\nb\u202e.xlsx", "a b - à corriger.xlsx"),
        ("é" * 300 + ".xlsx", "é" * 60 + " - à corriger.xlsx"),
        ("suivi - à corriger.xlsx", "suivi - à corriger.xlsx"),
        ("suivi - vérifié - à corriger.xlsx", "suivi - à corriger.xlsx"),
        (normalize("NFD", "suivi - à corriger.xlsx"), "suivi - à corriger.xlsx"),
        ("à corriger.xlsx", "à corriger - à corriger.xlsx"),
    ],
)
def test_copies_have_names_that_any_system_accepts(source: str, attendu: str) -> None:
    taken: set[str] = set()
    assert filenames.copie(source, filenames.A_CORRIGER, taken) == attendu
    assert filenames.copie(source, filenames.A_CORRIGER, taken) != attendu
    assert filenames.copie(source, filenames.VERIFIE, taken) == attendu.replace("- à corriger.", "- vérifié.")


@pytest.mark.parametrize(
    ("porteur", "attendu"),
    [
        ("Association « Les Passerelles » & Cie", f"association-les-passerelles-cie-{_UN}"),
        ("../../etc", f"etc-{_UN}"),
        ("", f"porteur-{_UN}"),
        ("x" * 200, f"{'x' * 40}-{_UN}"),
    ],
)
def test_folders_have_names_that_any_system_accepts(porteur: str, attendu: str) -> None:
    assert filenames.dossier(porteur, _UN, "", set()) == attendu


@pytest.mark.slow
def test_nothing_is_replaced_unless_asked_and_the_register_remembers(deux: list[Path], tmp_path: Path) -> None:
    out = tmp_path / "r"
    prepare(deux[:2], out)
    before = {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}
    with pytest.raises(RenvoiImpossible, match="existe déjà"):
        prepare(deux, out, "Autre commentaire")
    assert {path: path.read_bytes() for path in out.rglob("*") if path.is_file()} == before
    prepare(deux, out, "Autre commentaire", forcer=True)
    lines = [json.loads(line) for line in (out / register.FICHIER).read_text(encoding="utf-8").splitlines()]
    assert [line["commentaire"] for line in lines] == [COMMENTAIRE] * 2 + ["Autre commentaire"] * 2


def test_a_workbook_to_return_is_never_replaced(deux: list[Path], tmp_path: Path, appel37: Appel) -> None:
    [first] = prepare(deux[1:2], tmp_path / "r")
    copie = first.classeurs[0].copie
    assert copie
    with pytest.raises(RenvoiImpossible, match="est un des classeurs à renvoyer"):
        prepare([copie], tmp_path / "r", forcer=True)
    twin = copie.with_name("beta.xlsx")
    twin.write_bytes(copie.read_bytes())
    with pytest.raises(RenvoiImpossible, match=r"beta - à corriger.xlsx » est un des classeurs à renvoyer"):
        prepare([twin, copie], tmp_path / "r", forcer=True)


def test_a_file_is_no_folder_to_write_in(deux: list[Path], tmp_path: Path) -> None:
    (tmp_path / "r").write_text("déjà là")
    with pytest.raises(RenvoiImpossible, match=r"« .*r » est un fichier ; indiquez un dossier"):
        prepare(deux, tmp_path / "r", forcer=True)


def test_a_full_disk_is_one_sentence_and_leaves_no_piece(
    deux: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(EcritureImpossible, match="plus de place"):
        prepare(deux, tmp_path / "r")
    assert not [path for path in (tmp_path / "r").rglob("*") if path.is_file()]


@pytest.mark.libreoffice
@pytest.mark.parametrize("format_", [libreoffice.ODS, "xls"])
def test_another_format_gets_every_anomaly_in_the_message(deux: list[Path], tmp_path: Path, format_: str) -> None:
    other = libreoffice.convertir({"beta.xlsx": deux[1].read_bytes()}, tmp_path / "lo", format_)["beta.xlsx"]
    _without_a_copy(other, tmp_path / "r")


def test_an_xlsb_too(deux: list[Path], tmp_path: Path) -> None:
    other = tmp_path / "beta.xlsb"
    other.write_bytes(par_xlsb(deux[1].read_bytes()))
    _without_a_copy(other, tmp_path / "r")


def test_a_workbook_that_can_t_be_written_is_told_as_such(deux: list[Path], tmp_path: Path) -> None:
    found = parts(deux[1].read_bytes())
    found["xl/styles.xml"] = found["xl/styles.xml"].replace(b"<cellXfs", b"<cellXfs <")
    other = tmp_path / "beta.xlsx"
    other.write_bytes(rezip(found))
    [done] = prepare([other], tmp_path / "r")
    assert (done.classeurs[0].copie, done.classeurs[0].absence) == (None, REECRITURE)
    text = corps(ouvrir(done))
    assert "aap-xl bilan ne pourra pas y écrire" in text
    assert "xl/styles" not in text
    assert "enregistrez-le de nouveau avant de nous le renvoyer" in text
    assert "au format .xlsx" not in text


def _without_a_copy(path: Path, folder: Path) -> None:
    [found] = prepare([path], folder)
    assert found.classeurs[0].copie is None
    assert found.classeurs[0].absence == FORMAT
    text = corps(ouvrir(found))
    assert text.count("\n  - ") >= len(lu(path).anomalies)
    assert "au format .xlsx" in text
    assert f"Classeur « {path.name} » (sans pièce jointe)" in text
    assert "Toutes les anomalies sont ci-dessus" in text
    assert "1. Rouvrez votre classeur" in text


# --- the command -----------------------------------------------------------------------------------------------------


Aap = Callable[..., tuple[int, str, str]]


def test_the_command_tells_what_was_prepared(aap: Aap, deux: list[Path], tmp_path: Path) -> None:
    out_folder = tmp_path / "r"
    code, out, err = aap("renvoyer", *deux, "-o", out_folder, "--commentaire", "Merci", "--date", "20/03/2026")
    assert code == 0
    assert err.startswith("Attention : « suivi bis.xlsx » et « suivi.xlsx » sont des versions d'une même opération")
    assert err.count("\n") == 1
    for words in ("Renvois préparés : 2", "zalpha@exemple.org", "suivi bis.xlsx", "jointe", "Rien n'est envoyé"):
        assert words in out
    assert "rien à corriger" not in out
    assert "Copies laissées de côté" not in out


def test_the_command_tells_copies_versions_and_what_needs_nothing(
    aap: Aap, propre: Path, deux: list[Path], tmp_path: Path
) -> None:
    (tmp_path / "a").mkdir()
    again = [Path(shutil.copy(deux[1], tmp_path / "a" / name)) for name in ("beta.xlsx", "beta - Copie.xlsx")]
    options = ("-o", tmp_path / "r", "--commentaire", "Merci", "--date", f"{PROPRE.aujourdhui:%d/%m/%Y}")
    code, out, err = aap("renvoyer", propre, deux[1], *again, *options)
    assert (code, err) == (0, "")
    flat = " ".join(out.split())
    for words in (
        "Renvois préparés : 2",
        "rien à corriger (aucune",
        "Copies laissées de côté : 2",
        f"« beta - Copie.xlsx » est une copie de « {again[0]} »",
        f"« {deux[1]} » est une copie de « {again[0]} »",
    ):
        assert words in flat


def test_a_message_too_heavy_for_mail_servers_is_said(
    aap: Aap, deux: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aap_xl.faces.commands.renvoyer._LOURD", 1000)
    code, _, err = aap("renvoyer", deux[0], "-o", tmp_path / "r", "--commentaire", "Merci")
    assert code == 0
    assert "trop lourd pour bien des messageries" in err


def test_a_refused_file_is_one_line_and_the_rest_goes_on(aap: Aap, deux: list[Path], tmp_path: Path) -> None:
    broken = tmp_path / "casse.xlsx"
    broken.write_bytes(deux[0].read_bytes()[:500])
    refused = [broken, tmp_path / "absent.xlsx", tmp_path]
    code, out, _ = aap("renvoyer", *deux, *refused, "-o", tmp_path / "r", "--commentaire", "Merci")
    assert code == 1
    assert "Renvois préparés : 2" in out
    assert "Fichiers refusés : 3" in out
    assert "casse.xlsx" in out
    assert "absent.xlsx" in out
    code, out, _ = aap("renvoyer", *refused, "-o", tmp_path / "vide", "--commentaire", "Merci")
    assert code == 2
    assert "Renvois préparés" not in out
    assert not (tmp_path / "vide").exists()


@pytest.mark.parametrize("commentaire", ["", "   ", "\n\t", "\u200b"])
def test_a_comment_is_mandatory(aap: Aap, deux: list[Path], tmp_path: Path, commentaire: str) -> None:
    code, out, err = aap("renvoyer", *deux, "-o", tmp_path / "r", "--commentaire", commentaire)
    assert (code, out) == (2, "")
    assert "le commentaire est vide" in err
    assert not (tmp_path / "r").exists()


COMMENTAIRES = {
    "lines stay": ("Bonjour,\n\nmerci.", "Bonjour,\n\nmerci."),
    "and the list they make": ("À revoir :\n  - avril\n  - mai", "À revoir :\n  - avril\n  - mai"),
    "whatever ends them": ("un\r\ndeux\rtrois\u2028quatre", "un\ndeux\ntrois\nquatre"),
    "trimmed": ("\n\n  Merci. \t\n fin  \n", "Merci.\n fin"),
    "no control character": ("a\x00b\x1b[31mc\td\u202ee\u200b", "a b [31mc d e"),
    "nor half a character": ("a\udce9b", "a b"),
    "no NIR": (f"voir\n{NIR}", "voir\n[NIR masqué]"),
    "a header is but a line": ("Merci\nBcc: exemple@exemple.org", "Merci\nBcc: exemple@exemple.org"),
}


@pytest.mark.slow
@pytest.mark.parametrize("nom", COMMENTAIRES)
def test_the_comment_keeps_its_lines(aap: Aap, deux: list[Path], tmp_path: Path, nom: str) -> None:
    typed, kept = COMMENTAIRES[nom]
    code, _, err = aap("renvoyer", deux[0], "-o", tmp_path / "r", "--commentaire", typed, "--date", "20/03/2026")
    assert code == 0, err
    [path] = (tmp_path / "r").glob("*/message.eml")
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    assert message["Bcc"] is None
    assert f"avec ce commentaire :\n\n{kept}\n\n----" in corps(message).replace("\r\n", "\n")
    [line] = (tmp_path / "r" / "renvois.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["commentaire"] == kept


def test_an_amount_of_money_in_the_comment_stays_as_written(deux: list[Path], tmp_path: Path) -> None:
    text = f"Il manque {Decimal('1234.50'):n} € ; « voir » — merci : 100 %."
    [found] = prepare(deux[1:2], tmp_path / "r", text)
    assert text in corps(ouvrir(found))
