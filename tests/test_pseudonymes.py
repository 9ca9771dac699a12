"""Pseudonyms and their key: the same person is recognised, nobody is named, the key is never shown."""

import datetime as dt
import hashlib
import hmac
import os
import pickle
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from modeles import rangee

from aap_xl.appels.model import Appel
from aap_xl.consolidation import pseudonymes
from aap_xl.consolidation.failures import ConsolidationImpossible
from aap_xl.consolidation.pseudonymes import Cle
from aap_xl.domain.data import Donnees
from aap_xl.faces.cli import main
from aap_xl.rows import Operation, Participant

CLE, AUTRE = Cle(bytes(32)), Cle(bytes(range(32)))
NE = dt.date(1990, 5, 17)


def _lues(appel: Appel, people: list[Participant]) -> Donnees:
    """The people of a file, a code each."""
    for rank, p in enumerate(people, 1):
        p.code = f"C{rank}"
    return Donnees(appel, rangee(Operation), {"participants": people}, dt.date(2025, 6, 1))


def _une(nom: str | None = "EXEMPLE-DURAND", prenom: str | None = "Zoé", ne: dt.date | None = NE) -> Participant:
    return rangee(Participant, code="C1", nom=nom, prenom=prenom, date_naissance=ne)


@pytest.mark.parametrize(
    ("nom", "prenom"),
    [("exemple-durand", "ZOE"), ("Exemple Durand", "Zoé "), ("  EXEMPLE’DURAND", "zoé"), ("EXEMPLE--DURAND", "Zoe.")],
)
def test_the_same_person_written_otherwise_has_the_same_pseudonym(nom: str, prenom: str) -> None:
    assert CLE.pseudonyme(nom, prenom, NE) == CLE.pseudonyme("EXEMPLE-DURAND", "Zoé", NE)


@pytest.mark.parametrize(
    ("nom", "prenom", "ne"),
    [
        ("EXEMPLE-DURANT", "Zoé", NE),
        ("EXEMPLE-DURAND", "Zélie", NE),
        ("EXEMPLE-DURAND", "Zoé", dt.date(1990, 5, 18)),
        ("EXEMPLE", "Durand Zoé", NE),
        ("Zoé", "EXEMPLE-DURAND", NE),
    ],
)
def test_another_person_has_another_one(nom: str, prenom: str, ne: dt.date) -> None:
    assert CLE.pseudonyme(nom, prenom, ne) != CLE.pseudonyme("EXEMPLE-DURAND", "Zoé", NE)


def test_another_key_gives_other_pseudonyms_and_another_fingerprint() -> None:
    assert CLE.pseudonyme("EXEMPLE", "Zoé", NE) != AUTRE.pseudonyme("EXEMPLE", "Zoé", NE)
    assert CLE.empreinte() != AUTRE.empreinte()


def test_a_pseudonym_keeps_128_bits_and_is_what_the_standard_library_computes() -> None:
    found = AUTRE.pseudonyme("EXEMPLE-DURAND", "Zoé", NE)
    message = b"aap_xl pseudonyme 1\0exemple durand\0zoe\x001990-05-17"
    assert found == hmac.new(bytes(range(32)), message, hashlib.sha256).hexdigest()[:32]


def test_the_stays_of_a_person_share_a_pseudonym_whatever_they_lack(appel33: Appel) -> None:
    d = _lues(appel33, [_une(ne=None), _une(), _une("EXEMPLE-MARTIN"), _une()])
    d.participants[0].code = d.participants[1].code
    for cle, name in ((CLE, CLE.pseudonyme("EXEMPLE-DURAND", "Zoé", NE)), (None, "P001")):
        found = pseudonymes.pseudonymes(d, cle)
        assert found[0] == found[1] == found[3] == name != found[2]


@given(st.text(max_size=30), st.text(max_size=30), st.dates())
def test_no_part_of_a_name_is_read_in_a_pseudonym(nom: str, prenom: str, ne: dt.date) -> None:
    assert re.fullmatch(r"[0-9a-f]{32}", CLE.pseudonyme(nom, prenom, ne))


def test_without_a_key_people_are_numbered_in_their_file(appel33: Appel) -> None:
    people = [_une(), _une("EXEMPLE-MARTIN"), _une("Exemple Durand", "zoé"), _une(None), _une(None)]
    assert pseudonymes.pseudonymes(_lues(appel33, people), None) == ["P001", "P002", "P001", "P003", "P004"]


def test_with_a_key_whoever_is_incomplete_is_numbered_and_told_apart(appel33: Appel) -> None:
    people = [_une(), _une(nom=None), _une(prenom=None), _une(ne=None), _une()]
    found = pseudonymes.pseudonymes(_lues(appel33, people), CLE)
    assert found[0] == found[4] == CLE.pseudonyme("EXEMPLE-DURAND", "Zoé", NE)
    assert found[1:4] == ["P002", "P003", "P004"]
    assert [pseudonymes.partage(name) for name in found] == [True, False, False, False, True]


def test_nothing_shows_the_key() -> None:
    cle = Cle(b"secret-secret-secret-secret-secr")
    assert "secret" not in f"{cle!r} {cle} {[cle]}"
    assert pickle.loads(pickle.dumps(cle)).empreinte() == cle.empreinte()  # noqa: S301 - our own


def test_a_key_is_created_for_its_owner_alone_and_read_back(tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        pseudonymes.creer(tmp_path / "cle.txt")
    finally:
        os.umask(old)
    assert stat.S_IMODE((tmp_path / "cle.txt").stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [tmp_path / "cle.txt"]
    read = pseudonymes.charger(tmp_path / "cle.txt", tmp_path / "sortie")
    assert read.empreinte() == pseudonymes.charger(tmp_path / "cle.txt", tmp_path / "sortie").empreinte()


def test_two_keys_differ(tmp_path: Path) -> None:
    for nom in ("a", "b"):
        pseudonymes.creer(tmp_path / nom)
    assert len({pseudonymes.charger(tmp_path / nom, tmp_path / "s").empreinte() for nom in ("a", "b")}) == 2


@pytest.mark.parametrize("kind", ["fichier", "lien", "lien mort", "dossier"])
def test_nothing_is_ever_replaced_by_a_key(tmp_path: Path, kind: str) -> None:
    cible, autre = tmp_path / "cle.txt", tmp_path / "autre"
    if kind in ("fichier", "lien"):
        (cible if kind == "fichier" else autre).write_text("à garder")
    if kind.startswith("lien"):
        cible.symlink_to(autre)
    if kind == "dossier":
        cible.mkdir()
    with pytest.raises(ConsolidationImpossible, match="existe déjà"):
        pseudonymes.creer(cible)
    assert autre.exists() == (kind == "lien")
    assert {p.read_text() for p in tmp_path.iterdir() if p.is_file()} <= {"à garder"}


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644, 0o610])
def test_a_key_that_others_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    pseudonymes.creer(tmp_path / "cle.txt")
    (tmp_path / "cle.txt").chmod(mode)
    with pytest.raises(ConsolidationImpossible, match="chmod 600"):
        pseudonymes.charger(tmp_path / "cle.txt", tmp_path / "sortie")


@pytest.mark.parametrize("mode", [0o600, 0o400])
def test_a_key_that_only_its_owner_reads_is_accepted(tmp_path: Path, mode: int) -> None:
    pseudonymes.creer(tmp_path / "cle.txt")
    (tmp_path / "cle.txt").chmod(mode)
    assert pseudonymes.charger(tmp_path / "cle.txt", tmp_path / "sortie")


@pytest.mark.parametrize(
    ("contenu", "mots"),
    [
        ("", "n'est pas une clé"),
        ("zz" * 32, "n'est pas une clé"),
        ("ab" * 31, "n'est pas une clé"),
        ("ab" * 33, "n'est pas une clé"),
        (f"{'ab' * 32}\n{'cd' * 32}\n", "n'est pas une clé"),
        ("é" * 32, "n'est pas une clé"),
        ("ab" * 100_000, "n'est pas une clé"),
    ],
)
def test_what_is_no_key_is_refused_without_being_quoted(tmp_path: Path, contenu: str, mots: str) -> None:
    (tmp_path / "cle.txt").write_text(contenu, encoding="utf-8")
    (tmp_path / "cle.txt").chmod(0o600)
    with pytest.raises(ConsolidationImpossible, match=mots) as refusal:
        pseudonymes.charger(tmp_path / "cle.txt", tmp_path / "sortie")
    assert "abab" not in str(refusal.value)


@pytest.mark.parametrize("lieu", ["cle.txt", "sortie/cle.txt"])
def test_what_is_no_key_is_told_so_wherever_it_lies_and_whoever_may_read_it(tmp_path: Path, lieu: str) -> None:
    (tmp_path / "sortie").mkdir()
    (tmp_path / lieu).write_text("un tout autre fichier")
    (tmp_path / lieu).chmod(0o644)
    with pytest.raises(ConsolidationImpossible, match="n'est pas une clé"):
        pseudonymes.charger(tmp_path / lieu, tmp_path / "sortie")


def test_a_key_in_the_output_is_to_be_moved_before_it_is_protected(tmp_path: Path) -> None:
    pseudonymes.creer(tmp_path / "cle.txt")
    (tmp_path / "cle.txt").chmod(0o644)
    with pytest.raises(ConsolidationImpossible, match="rangez-la ailleurs"):
        pseudonymes.charger(tmp_path / "cle.txt", tmp_path)


@pytest.mark.parametrize("nom", ["absente.txt", ".", "sortie/absente.txt"])
def test_a_key_that_is_not_there_is_told(tmp_path: Path, nom: str) -> None:
    with pytest.raises(ConsolidationImpossible, match="ne peut pas être lue"):
        pseudonymes.charger(tmp_path / nom, tmp_path / "sortie")


def test_a_key_kept_in_the_output_is_refused(tmp_path: Path) -> None:
    sortie = tmp_path / "sortie"
    sortie.mkdir()
    pseudonymes.creer(sortie / "cle.txt")
    (tmp_path / "lien").symlink_to(sortie)
    for chemin in (sortie / "cle.txt", tmp_path / "lien" / "cle.txt"):
        with pytest.raises(ConsolidationImpossible, match="dossier de sortie"):
            pseudonymes.charger(chemin, sortie)


def test_the_command_creates_a_key_and_shows_nothing_of_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    chemin = tmp_path / "cle.txt"
    assert main(["cle", "creer", str(chemin)]) == 0
    shown = capsys.readouterr()
    secret = chemin.read_text(encoding="utf-8").splitlines()[-1]
    assert secret not in shown.out + shown.err
    assert str(chemin) in shown.out
    assert main(["cle", "creer", str(chemin)]) == 2
    assert "existe déjà" in capsys.readouterr().err
    assert chemin.read_text(encoding="utf-8").splitlines()[-1] == secret


def test_a_full_disk_leaves_no_piece_of_a_key(tmp_path: Path) -> None:
    code = (
        "import resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (10, 10));"
        "from aap_xl.faces.cli import main; sys.exit(main(['cle', 'creer', sys.argv[1]]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "cle.txt")], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "ne peut pas être créé" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "cle.txt").exists()
