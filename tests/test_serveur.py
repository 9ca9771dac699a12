"""The process a spreadsheet's component talks to: buttons and functions, over a closed workbook, in lines of JSON."""

import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hote import Hote, Protegee, cellules
from test_live import JOUR

from aap_xl.dossier import Dossier
from aap_xl.faces.live import functions
from aap_xl.faces.live.__main__ import SERVED
from aap_xl.faces.live.verbs import VERBES
from aap_xl.hosts import server
from aap_xl.hosts.gestures import VERSION, Mark, Protect, Say, Values, from_json
from aap_xl.hosts.received import received
from aap_xl.hosts.results import LISTED_MAX
from aap_xl.workbook import layout
from aap_xl.workbook.formulas import synthese

RACINE = Path(__file__).parent.parent
EXEMPLES = {code: RACINE / "workbooks" / f"2025-{code}-exemple.xlsx" for code in ("3.3", "3.7")}
COMMANDE = [sys.executable, "-P", "-m", "aap_xl.faces.live"]


class Python:
    """The process, as a component sees it."""

    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        self._process, self.id = process, 0
        self.progres: list[str] = []

    def demander(self, **demande: Any) -> dict[str, Any]:
        assert self._process.stdin
        assert self._process.stdout
        self.id += 1
        line = json.dumps({"version": VERSION, "id": self.id, **demande})
        self._process.stdin.write(line.encode() + b"\n")
        self._process.stdin.flush()
        while True:
            answer: dict[str, Any] = json.loads(self._process.stdout.readline())
            assert (answer.pop("id"), answer.pop("version")) == (self.id, VERSION)
            if "progress" not in answer:
                return answer
            self.progres.append(answer["progress"])

    def cliquer(self, hote: Hote, verbe: str, **more: str) -> str:
        """Press a button. Returns: what is said."""
        answer = self.demander(verb=verbe, workbook=hote.classeur(), **more)
        hote.rejouer(from_json(answer["gestures"]))
        return hote.dits[-1].message


@contextmanager
def demarre(command: list[str] = COMMANDE) -> Iterator[Python]:
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe) as process:
        yield Python(process)
        assert process.stdin
        process.stdin.close()
        assert process.wait(60) == 0


def _saisies(hote: Hote) -> dict[str, list[Any]]:
    """What every sheet holds, but those that buttons write."""
    return {
        sheet.title: [cell.value for row in sheet.iter_rows() for cell in row]
        for sheet in hote.livre.worksheets
        if sheet.title not in (layout.CONTROLE, layout.BILAN)
    }


@pytest.mark.parametrize("code", EXEMPLES)
@pytest.mark.slow
def test_the_six_buttons_give_what_the_file_s_commands_give(code: str, tmp_path: Path) -> None:
    chemin = tmp_path / "suivi.xlsx"
    chemin.write_bytes(EXEMPLES[code].read_bytes())
    ferme = Dossier.lire(chemin)
    attendu = ferme.octets_bilan()
    with demarre() as python:
        hote = Hote(chemin.read_bytes(), str(chemin))
        saisies = _saisies(hote)
        protegees = [sheet.title for sheet in hote.livre.worksheets if sheet.protection.sheet]
        assert python.cliquer(hote, "verifier").startswith("Vérification terminée. Anomalies : ")
        assert cellules(hote.octets(), layout.CONTROLE) == cellules(attendu, layout.CONTROLE)
        assert hote.actif == layout.CONTROLE
        assert python.progres == ["lecture du classeur", "contrôle"]
        assert "tableaux dans la feuille « Bilan »" in python.cliquer(hote, "produire_le_bilan")
        for feuille in (layout.CONTROLE, layout.BILAN):
            assert cellules(hote.octets(), feuille) == cellules(attendu, feuille)
        assert hote.marques() == Hote(attendu).marques()
        assert sum(map(len, hote.marques().values())) > 0
        assert [sheet.title for sheet in hote.livre.worksheets if sheet.protection.sheet] == protegees
        assert "Les classes sont calculées dans la feuille « Participants »" in python.cliquer(
            hote, "classer_les_sorties"
        )
        assert hote.calculs == 1
        assert _saisies(hote) == saisies
        assert "Le tableau de bord du jour est prêt" in python.cliquer(hote, "preparer_le_comite")
        assert "est prêt : " in python.cliquer(hote, "preparer_le_renvoi", comment="Merci de corriger.")
        assert "sont réunis" in python.cliquer(hote, "consolider_un_dossier")
    assert len([*tmp_path.glob("*tableau de bord*.xlsx")]) == 1
    assert (tmp_path / "synthese aap_xl" / "synthese.xlsx").is_file()
    assert [*tmp_path.glob("synthese aap_xl/renvois/*/*")]
    assert len(hote.dits) == len(VERBES) == 6
    assert not any(item.failed for item in hote.dits)
    saved = Dossier.lire(chemin, octets=hote.octets())
    assert {item.code for item in saved.anomalies} - {"F08"} == {item.code for item in ferme.anomalies}


@pytest.mark.slow
def test_erased_formulas_come_back_and_an_edited_workbook_is_read_as_it_stands() -> None:
    hote = Hote(EXEMPLES["3.3"].read_bytes())
    row = Dossier.lire(EXEMPLES["3.3"]).donnees.participants[0]
    place = hote.livre["Participants"].cell(row.ligne, row.origin.colonnes["classe"])
    before = place.value
    place.value = hote._vus["Participants"].cell(place.row, place.column).value = None
    with demarre() as python:
        assert "1 formule effacée a été remise." in python.cliquer(hote, "classer_les_sorties")
    assert place.value == before


@pytest.mark.parametrize("code", EXEMPLES)
def test_a_snapshot_reads_as_its_file(code: str) -> None:
    octets = EXEMPLES[code].read_bytes()
    ferme = Dossier.lire(EXEMPLES[code], aujourdhui=JOUR)
    ouvert = Dossier.ouvert(received(Hote(octets, "suivi.xlsx").classeur()), aujourdhui=JOUR)
    assert ouvert.anomalies == ferme.anomalies
    assert ouvert.tableaux == ferme.tableaux
    feuille, cell = layout.BUDGET, next(c for c in synthese.cellules(ferme.appel) if c.feuille == layout.BUDGET)
    hote = Hote(octets)
    hote.livre[feuille].cell(cell.ligne, cell.colonne).value = 12
    found = Dossier.ouvert(received(hote.classeur()), aujourdhui=JOUR)
    assert {a.code for a in found.anomalies} - {a.code for a in ferme.anomalies} == {"F09"}


@pytest.mark.slow
def test_functions_answer_by_batch_and_understand_bare_numbers() -> None:
    titles = ["Code participant", "Nom", "Prénom", "Date de naissance", "Date d'entrée", "Date de sortie"]
    plage = [titles, ["P1", "EXEMPLE", "Ana", 32944, 45728, 45700]]
    with demarre() as python:
        ages = python.demander(function="AAP_AGE", calls=[[[["12/03/1990"], [32944], [0]], 45728], [0, 45728], ["x"]])
        assert ages["values"] == [[[35], [35], [None]], "À compléter", functions.AAP_AGE("x", None)]
        due = python.demander(function="AAP_DATE_BILAN", calls=[["3.3", 46022, None]])
        assert due == {"values": [{"date": "2026-01-31"}]}
        (found,) = python.demander(function="AAP_ANOMALIES", calls=[["3.3", "Participants", plage]])["values"]
        assert "F10" not in {line[-1] for line in found}
        assert "P03" in {line[-1] for line in found}
        assert python.demander(function="AAP_ANOMALIES", calls=[["9.9", "Participants", plage], []])["values"] == [
            functions.AAP_ANOMALIES("9.9", "Participants", plage),
            functions.AAP_ANOMALIES(None, None, None),
        ]
        book = Hote(EXEMPLES["3.3"].read_bytes(), "suivi.xlsx").classeur()
        listed, one, none = python.demander(function="AAP_BILAN", calls=[[], ["solde"], ["sodle"]], workbook=book)[
            "values"
        ]
    tableaux = Dossier.lire(EXEMPLES["3.3"]).tableaux
    assert listed[1:] == [[tableau.cle, tableau.titre] for tableau in tableaux]
    assert len(one) > 2
    assert none == "Tableau du bilan : « sodle » est inconnu ; essayez « solde »"


def test_a_batch_of_bilans_reads_its_workbook_once(monkeypatch: pytest.MonkeyPatch) -> None:
    opened, ouvrir = [], Dossier.ouvert

    def compter(*args: Any) -> Dossier:
        opened.append(args[0])
        return ouvrir(*args)

    monkeypatch.setattr(Dossier, "ouvert", compter)
    book = Hote(EXEMPLES["3.3"].read_bytes(), "suivi.xlsx").classeur()
    (answer,) = repondu(ligne(function="AAP_BILAN", calls=[["solde"], ["ressources"], ["solde"]], workbook=book))
    assert answer["values"][0] == answer["values"][2] != answer["values"][1]
    assert len(opened) == 1
    repondu(ligne(function="AAP_BILAN", calls=[["solde"]], workbook=book))
    assert len(opened) == 2


def repondu(*lines: bytes) -> list[dict[str, Any]]:
    """What is answered to some lines, in this process."""
    out = io.BytesIO()
    server.serve(io.BytesIO(b"".join(lines)), out, SERVED)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def ligne(**demande: Any) -> bytes:
    return json.dumps({"version": VERSION, "id": 1, **demande}).encode() + b"\n"


_VIDE = {"name": "x.xlsx", "sheets": []}
INCOMPRISES: dict[str, bytes] = {
    "rien": b"\n",
    "du texte": b"verifier\n",
    "une liste": b"[]\n",
    "trop de crochets": b"[" * 100_000 + b"\n",
    "un nombre sans fin": b'{"version": 1, "id": NaN}\n',
    "des octets": b"\xff\xfe{}\n",
    "une autre version": json.dumps({"version": 99, "id": 1, "verb": "verifier", "workbook": _VIDE}).encode() + b"\n",
    "aucun verbe": ligne(workbook=_VIDE),
    "un verbe inconnu": ligne(verb="supprimer", workbook=_VIDE),
    "un attribut pour verbe": ligne(verb="__class__", workbook=_VIDE),
    "une fonction du système": ligne(function="os.system", calls=[["calc"]]),
    "une fonction de Python": ligne(function="eval", calls=[["1+1"]]),
    "trop d'arguments": ligne(function="AAP_AGE", calls=[[None] * 9]),
    "des appels qui n'en sont pas": ligne(function="AAP_AGE", calls=["x"]),
    "le bilan sans classeur": ligne(function="AAP_BILAN", calls=[[]]),
    "aucun classeur": ligne(verb="verifier"),
    "un classeur sans nom": ligne(verb="verifier", workbook={"sheets": []}),
    "une valeur qui est un objet": ligne(
        verb="verifier", workbook=_VIDE | {"sheets": [{"name": "F", "values": [[{}]]}]}
    ),
    "une zone à l'envers": ligne(
        verb="verifier",
        workbook=_VIDE | {"sheets": [{"name": "F", "values": [[1]], "shown": [["date", [[2, 1, 1, 1]]]]}]},
    ),
    "un format inconnu": ligne(
        verb="verifier", workbook=_VIDE | {"sheets": [{"name": "F", "values": [[1]], "shown": [["macro", []]]}]}
    ),
    "une ligne zéro": ligne(verb="verifier", workbook=_VIDE | {"sheets": [{"name": "F", "row": 0, "values": []}]}),
}


@pytest.mark.parametrize("demande", INCOMPRISES.values(), ids=INCOMPRISES)
def test_what_is_not_understood_gets_one_sentence_and_the_next_line_its_answer(demande: bytes) -> None:
    refused, fine = repondu(demande, ligne(function="AAP_AGE", calls=[]))
    (said,) = from_json(refused["gestures"])
    assert isinstance(said, Say)
    assert said.failed
    assert said.message.startswith("Le tableur et aap-xl ne se comprennent pas (")
    assert "aap-xl addin installer" in said.message
    assert fine["values"] == []


def test_a_line_without_end_is_not_kept_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "LINE_MAX", 1000)
    refused, fine = repondu(b'{"id": "' + b"a" * 5000 + b'"}\n', ligne(function="AAP_AGE", calls=[]))
    assert refused["id"] is None
    assert refused["gestures"][0]["failed"]
    assert fine["values"] == []
    assert len(repondu(b"a" * 5000)) == 1


TROP_GRANDS = {
    "trop de cellules": {"values": [[0] * 1025] * 1024},
    "loin": {"row": 2**40, "values": [[1]]},
    "trop de formats": {"values": [[0] * 100] * 100, "shown": [["date", [[1, 1, 100, 100]] * 200]]},
    "trop de fusions": {"values": [[0]], "merges": [[1, 1, 1, 1]] * 5000},
    "trop de commentaires": {"values": [[0]], "notes": [[1, 1, "x"]] * 20_000},
}


@pytest.mark.parametrize("feuille", TROP_GRANDS.values(), ids=TROP_GRANDS)
def test_a_workbook_too_large_is_refused_by_its_name(feuille: dict[str, Any]) -> None:
    (refused,) = repondu(ligne(verb="verifier", workbook=_VIDE | {"sheets": [{"name": "F", **feuille}]}))
    (said,) = from_json(refused["gestures"])
    assert isinstance(said, Say)
    assert said.failed
    assert "« x.xlsx »" in said.message
    assert "\n" not in said.message


def test_another_s_workbook_is_left_alone() -> None:
    stream = io.BytesIO()
    openpyxl.Workbook().save(stream)
    hote = Hote(stream.getvalue(), "/dossiers/recettes.xlsx")
    for verbe in VERBES:
        answers = repondu(ligne(verb=verbe, comment="À corriger.", workbook=hote.classeur()))
        (said,) = from_json(answers[-1]["gestures"])
        assert isinstance(said, Say)
        assert said.failed


HOSTILES = {
    "un nom de classeur": {"name": "a^&calc.xlsx", "path": "/dossiers/$(calc)/a^&calc.xlsx"},
    "un chemin de programme": {"path": sys.executable},
    "des propriétés": {
        "properties": {"aap_xl_appel": "../../etc/passwd", "aap_xl_command": "calc", "PATH": "/dossiers"}
    },
    "des noms": {"names": {"PYTHONPATH": "/dossiers", "INTERPRETER_WIN": "calc", "par_classe": "=cmd|' /C calc'!A0"}},
    "une feuille de réglages": {"sheets": [{"name": "aap_xl.conf", "values": [["INTERPRETER_WIN", "calc"]]}]},
    "un module": {"sheets": [{"name": "os.py", "values": [["import os; os.system('calc')"]]}]},
    "des formules": {"sheets": [{"name": "F", "values": [["x"]], "formulas": [['=DDE("cmd";"/C calc")']]}]},
}


@pytest.mark.parametrize("ajout", HOSTILES.values(), ids=HOSTILES)
def test_nothing_in_a_workbook_chooses_what_runs(ajout: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: Any, **__: Any) -> Any:
        raise AssertionError("a program was started")

    for module, nom in ((subprocess, "Popen"), (os, "system"), (os, "execv"), (os, "posix_spawn")):
        monkeypatch.setattr(module, nom, refused)
    path = list(sys.path)
    book = Hote(EXEMPLES["3.3"].read_bytes(), "/nulle/part/suivi.xlsx").classeur()
    hostile = book | ajout | {"sheets": book["sheets"] + ajout.get("sheets", [])}
    for verbe in ("verifier", "classer_les_sorties", "produire_le_bilan"):
        *_, answer = repondu(ligne(verb=verbe, workbook=hostile))
        assert "erreur du programme" not in json.dumps(answer, ensure_ascii=False)
        assert from_json(answer["gestures"])
    assert sys.path == path


def test_a_protected_sheet_is_opened_and_given_back_around_what_is_written() -> None:
    hote = Hote(EXEMPLES["3.3"].read_bytes(), "suivi.xlsx")
    *_, answer = repondu(ligne(verb="verifier", workbook=hote.classeur()))
    gestes = from_json(answer["gestures"])
    lifted = [item.sheet for item in gestes if isinstance(item, Protect) and not item.on]
    assert lifted == [item.sheet for item in gestes if isinstance(item, Protect) and item.on]
    assert layout.CONTROLE in lifted
    assert layout.LISTES not in lifted
    with pytest.raises(Protegee):
        hote.rejouer(item for item in gestes if not isinstance(item, Protect))
    hote.rejouer(gestes)
    unlocked = hote.classeur()
    for sheet in unlocked["sheets"]:
        sheet["locked"] = False
    *_, answer = repondu(ligne(verb="verifier", workbook=unlocked))
    assert not [item for item in from_json(answer["gestures"]) if isinstance(item, Protect)]


@pytest.mark.slow
def test_xlwings_is_never_loaded_and_nothing_else_is_written_on_the_output() -> None:
    code = (
        "import sys\n"
        "from aap_xl.faces.live import __main__ as program, verbs\n"
        "def bavard(_):\n"
        "    print('bavardage', flush=True)\n"
        "    sys.__stdout__.write('encore'); sys.__stdout__.flush()\n"
        "    return [verbs.Say(str([nom for nom in sys.modules if 'xlwings' in nom]))]\n"
        "verbs.VERBES['verifier'] = bavard\n"
        "program.main()"
    )
    with demarre([sys.executable, "-P", "-c", code]) as python:
        assert python.cliquer(Hote(EXEMPLES["3.3"].read_bytes()), "verifier") == "[]"


@pytest.mark.slow
def test_3000_people_and_30000_anomalies_are_a_bounded_list() -> None:
    """As many gestures as for 20 people; what has no line is said, in the sheet and in the message."""
    book = Hote(EXEMPLES["3.3"].read_bytes(), "suivi.xlsx").classeur()
    sheet = next(item for item in book["sheets"] if item["name"] == "Participants")
    top = next(rank for rank, row in enumerate(sheet["values"]) if "Code participant" in row)
    head = sheet["values"][top]
    dates: dict[str, Any] = {"Date de naissance": 32944, "Date d'entrée": 45800}
    before: dict[str, Any] = {"Date de sortie": 45700}
    people = [
        {"Code participant": f"P{n}", "Nom": f"EXEMPLE{n}"} | dates | ({} if n % 4 else before) for n in range(3000)
    ]
    sheet["values"] = [*sheet["values"][: top + 1], *([person.get(title, "") for title in head] for person in people)]
    zones = [[top + 2, head.index(title) + 1, top + 3001, head.index(title) + 1] for title in dates]
    sheet |= {"formulas": [], "shown": [["date", zones]]}
    for verbe, most in (("verifier", 90), ("produire_le_bilan", 150)):
        *_, answer = repondu(ligne(verb=verbe, workbook=book))
        gestes = from_json(answer["gestures"])
        controle = next(item for item in gestes if isinstance(item, Values) and item.sheet == layout.CONTROLE)
        assert len(controle.values) == 7 + LISTED_MAX
        assert str(controle.values[5][0]).startswith(f"{LISTED_MAX} anomalies sur ")
        assert int(str(controle.values[5][0]).split()[3]) > 27_000
        said = gestes[-1]
        assert isinstance(said, Say)
        assert said.message.endswith(f"Elle liste les {LISTED_MAX} plus graves : corrigez-les, puis recommencez.")
        assert len(gestes) <= most
        assert sum(len(item.zones) for item in gestes if isinstance(item, Mark)) <= LISTED_MAX
