"""What a consolidation must never do: lose its work when it is killed, half-write, name someone, run a formula."""

import base64
import os
import re
import resource
import shutil
import signal
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import libreoffice
import openpyxl
import pyarrow.parquet as pq
import pytest
from retours import noms
from retours.commande import consolider, contenu, environnement, ligne
from retours.corpus import Manifeste, corpus
from retours.fuites import fuites, texte, textes

from aap_xl.appels.loader import Catalogue

pytestmark = pytest.mark.slow

MORTS = 20
CLASSEURS = 300
CLE = bytes(range(7, 39))


@pytest.fixture(scope="module")
def lot(catalogue: Catalogue, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """300 returns."""
    dossier = tmp_path_factory.mktemp("lot")
    corpus(dossier, catalogue, graine=3, nombre=CLASSEURS, fautes_aussi=False, tailles=(15,))
    return dossier


@pytest.fixture(scope="module")
def reference(lot: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    """What an undisturbed run writes."""
    sortie = tmp_path_factory.mktemp("reference") / "sortie"
    consolider(lot, sortie)
    return contenu(sortie)


@pytest.fixture(scope="module")
def partie(lot: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Fifty of them."""
    dossier = tmp_path_factory.mktemp("partie")
    for path in sorted(lot.rglob("*.xlsx"))[:50]:
        shutil.copy2(path, dossier)
    return dossier


@pytest.fixture(scope="module")
def reference_partie(partie: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    """What an undisturbed run writes of these."""
    sortie = tmp_path_factory.mktemp("reference") / "sortie"
    consolider(partie, sortie)
    return contenu(sortie)


def _saine(sortie: Path) -> None:
    """Whatever product is there is whole."""
    if (sortie / "synthese.xlsx").exists():
        assert zipfile.ZipFile(sortie / "synthese.xlsx").testzip() is None
    for table in (sortie / "tables").glob("*.parquet"):
        pq.read_table(table)


def _tuer(lot: Path, sortie: Path, delai: float) -> bool:
    """Start a run and kill its first process after some seconds; whether it was still running. No other survives."""
    process = subprocess.Popen(
        ligne(lot, sortie),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=environnement(),
        start_new_session=True,
    )
    try:
        process.wait(delai)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        process.wait(delai + 60)
        return True
    return False


def test_killed_twenty_times_and_resumed_it_writes_the_same(
    lot: Path, reference: dict[str, object], tmp_path: Path
) -> None:
    rng = noms.hasard(2025)
    sortie, killed = tmp_path / "sortie", 0
    for _ in range(10 * MORTS):
        if killed == MORTS:
            break
        if _tuer(lot, sortie, rng.uniform(0.05, 2.4)):
            killed += 1
            _saine(sortie)
        else:
            assert contenu(sortie) == reference
            shutil.rmtree(sortie)
    assert killed == MORTS
    consolider(lot, sortie)
    assert contenu(sortie) == reference


def test_the_order_and_the_number_of_processes_change_nothing(
    partie: Path, reference_partie: dict[str, object], tmp_path: Path
) -> None:
    shuffled = sorted(partie.iterdir(), key=lambda path: path.stat().st_size)
    consolider(shuffled, tmp_path / "sortie", "--processus", "1")
    assert contenu(tmp_path / "sortie") == reference_partie


def _echec(commande: list[str], avant: Callable[[], None] | None = None) -> str:
    """The one sentence of a run that fails."""
    done = subprocess.run(
        commande, capture_output=True, text=True, env=environnement(), check=False, preexec_fn=avant, timeout=300
    )
    assert done.returncode == 2, done.stderr + done.stdout
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    assert "erreur du programme" not in done.stderr
    [sentence] = done.stderr.strip().splitlines()
    return sentence


def _petite_limite() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))


@contextmanager
def _petit_disque(dossier: Path, octets: int) -> Iterator[None]:
    """A disk of some bytes mounted on a folder; skips where it can't be."""
    dossier.mkdir()
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={octets}", "tmpfs", str(dossier)], capture_output=True, check=False
    )
    if done.returncode:
        pytest.skip("no disk can be mounted here")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(dossier)], check=True)


@pytest.fixture(scope="module")
def quelques_uns(lot: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four of the returns."""
    dossier = tmp_path_factory.mktemp("quelques")
    for path in sorted(lot.rglob("*.xlsx"))[:4]:
        shutil.copy2(path, dossier)
    return dossier


def _poids(dossier: Path) -> int:
    return sum(path.stat().st_size for path in dossier.rglob("*") if path.is_file())


def test_a_full_disk_is_one_sentence_the_former_output_stays_and_room_is_enough_to_go_on(
    partie: Path, reference_partie: dict[str, object], quelques_uns: Path, tmp_path: Path
) -> None:
    consolider(quelques_uns, tmp_path / "essai")
    room = 2 * _poids(tmp_path / "essai") + 2**17
    with _petit_disque(tmp_path / "disque", room):
        sortie = tmp_path / "disque"
        consolider(quelques_uns, sortie)
        former = contenu(sortie)
        sentence = _echec(ligne(partie, sortie))
        assert re.search("plein|place", sentence), sentence
        assert contenu(sortie) == former
        subprocess.run(["mount", "-o", "remount,size=64m", str(tmp_path / "disque")], check=True)
        consolider(partie, sortie)
        assert contenu(sortie) == reference_partie


def test_files_that_can_not_grow_are_one_sentence_too(partie: Path, tmp_path: Path) -> None:
    sentence = _echec(ligne(partie, tmp_path / "sortie"), _petite_limite)
    assert sentence.endswith(".") or ";" in sentence
    assert contenu(tmp_path / "sortie") == {}


def test_a_read_only_output_is_one_sentence(quelques_uns: Path, tmp_path: Path) -> None:
    with _petit_disque(tmp_path / "disque", 2**24) if os.geteuid() == 0 else _interdit(tmp_path / "disque"):
        sortie = tmp_path / "disque" / "sortie"
        consolider(quelques_uns, sortie)
        former = contenu(sortie)
        _fermer(tmp_path / "disque", sortie)
        sentence = _echec(ligne(quelques_uns, sortie, "--seuil", "0"))
        assert re.search("lecture seule|droit|écri", sentence), sentence
        assert contenu(sortie) == former


@contextmanager
def _interdit(dossier: Path) -> Iterator[None]:
    dossier.mkdir()
    yield
    for path in dossier.rglob("*"):
        path.chmod(0o700)


def _fermer(disque: Path, sortie: Path) -> None:
    if os.geteuid() == 0:
        subprocess.run(["mount", "-o", "remount,ro", str(disque)], check=True)
        return
    for path in [*sortie.rglob("*"), sortie]:
        path.chmod(0o500 if path.is_dir() else 0o400)


class Secrets:
    """A corpus with everything in it, consolidated with and without a key, and all that was written."""

    def __init__(self, catalogue: Catalogue, dossier: Path) -> None:
        self.recus = dossier / "recus"
        self.manifeste: Manifeste = corpus(self.recus, catalogue, graine=11, nombre=60)
        cle = dossier / "cle.txt"
        cle.write_text(CLE.hex() + "\n", encoding="ascii")
        cle.chmod(0o600)
        self.ecrits = dossier / "ecrits"
        for nom, options in (("avec", ["--cle", str(cle)]), ("sans", [])):
            journaux = self.ecrits / f"journaux {nom}"
            journaux.mkdir(parents=True)
            done = subprocess.run(
                ligne(self.recus, self.ecrits / nom, *options),
                capture_output=True,
                env=environnement(TMPDIR=str(journaux)),
                check=False,
                timeout=300,
            )
            assert done.returncode == 1, done.stderr
            (self.ecrits / f"{nom}.out").write_bytes(done.stdout + done.stderr)


@pytest.fixture(scope="module")
def secrets(catalogue: Catalogue, tmp_path_factory: pytest.TempPathFactory) -> Secrets:
    return Secrets(catalogue, tmp_path_factory.mktemp("secrets"))


def test_the_search_finds_people_in_what_was_received(secrets: Secrets) -> None:
    """Or finding nobody in the outputs would prove nothing."""
    received = [secrets.recus / item.nom for item in secrets.manifeste.retenus() if ".zip/" not in item.nom][:6]
    read = (found for path in received for found in texte(path.name, path.read_bytes()))
    found = {secret for _, secret in fuites(read, secrets.manifeste.secrets)}
    assert noms.MARQUE.casefold() in found
    assert sum(secret.startswith("<v>") for secret in found) > 50
    assert sum(secret.isalpha() for secret in found) > 50


def test_no_byte_written_names_anyone(secrets: Secrets) -> None:
    assert fuites(textes(secrets.ecrits), secrets.manifeste.secrets) == set()


def test_the_key_is_nowhere(secrets: Secrets) -> None:
    forms = (CLE, CLE.hex().encode(), CLE.hex().upper().encode(), base64.b64encode(CLE), CLE.hex().encode("utf-16-le"))
    for path in secrets.ecrits.rglob("*"):
        content = path.read_bytes() if path.is_file() else b""
        assert not any(form in content for form in forms), path
    assert not [where for where, text in textes(secrets.ecrits) if CLE.hex() in text]


@pytest.mark.parametrize("nom", ["avec", "sans"])
def test_no_formula_is_made_of_what_was_received(secrets: Secrets, nom: str) -> None:
    words = re.compile(
        "cmd|calc|Brumelune|Clairtraverse|Hautequille|Rivebleue|Montpassage|Vertépi|Longsillon|suivi|http"
    )
    with zipfile.ZipFile(secrets.ecrits / nom / "synthese.xlsx") as archive:
        parts = archive.namelist()
        assert not [part for part in parts if "externalLink" in part or "connections" in part]
        formulas = [
            formula
            for part in parts
            if part.endswith(".xml")
            for formula in re.findall(
                r"<(?:f|formula|formula1|definedName)\b[^>]*>([^<]*)<", archive.read(part).decode()
            )
        ]
    assert [formula for formula in formulas if words.search(formula)] == []
    book = openpyxl.load_workbook(secrets.ecrits / nom / "synthese.xlsx")
    texts = [(str(cell.value), cell.data_type) for sheet in book for row in sheet.iter_rows() for cell in row]
    attacks = {(text, kind) for text, kind in texts if text[:1] in "=+-@" and words.search(text)}
    assert {text[:4] for text, _ in attacks} >= {"=cmd", "=1+1", "=HYP"}
    assert {kind for _, kind in attacks} == {"s"}


@pytest.mark.libreoffice
def test_libreoffice_shows_the_attacks_as_text(secrets: Secrets, tmp_path: Path) -> None:
    source = (secrets.ecrits / "sans" / "synthese.xlsx").read_bytes()
    [saved] = libreoffice.convertir({"synthese.xlsx": source}, tmp_path).values()
    values = {
        cell.value
        for sheet in openpyxl.load_workbook(saved).worksheets
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell.value, str) and cell.data_type == "s"
    }
    assert any(value.startswith("=cmd|' /C calc'!A0 ") for value in values)
    assert not [value for value in values if "#" in value[:2]]
