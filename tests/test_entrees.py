"""What is found among files, folders and archives, friendly or hostile: one line each, and nothing else stops."""

import io
import os
import stat
import struct
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from aap_xl.consolidation import archives
from aap_xl.consolidation.failures import ConsolidationImpossible
from aap_xl.consolidation.inputs import Entries, Entry
from aap_xl.workbook.reading.files.refusals import FichierRefuse, named

CLASSEUR = b"PK\3\4 un classeur"
OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
REELS = Path(__file__).parent / "workbooks"
DECOMPRESSER, PIECE_JOINTE, RENOMMER = "décompressez l'archive", "enregistrez la pièce jointe", "renommez-le avec"
AUTRE = "n'est pas un classeur"


def _zip(membres: dict[str, bytes], *, compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for nom, octets in membres.items():
            info = zipfile.ZipInfo(nom, (2025, 6, 1, 10, 30, 0))
            info.compress_type = compression
            archive.writestr(info, octets)
    return buffer.getvalue()


def _trouver(*chemins: Path, sortie: Path = Path("/nulle/part")) -> list[Entry]:
    return list(Entries(chemins, sortie))


def _noms(*chemins: Path, sortie: Path = Path("/nulle/part")) -> list[str]:
    return [entree.nom for entree in _trouver(*chemins, sortie=sortie) if not entree.etat]


def _fichiers(dossier: Path, *noms: str) -> Path:
    for nom in noms:
        (dossier / nom).parent.mkdir(parents=True, exist_ok=True)
        (dossier / nom).write_bytes(CLASSEUR)
    return dossier


def test_a_folder_is_walked_in_the_order_of_names_without_its_path(tmp_path: Path) -> None:
    _fichiers(tmp_path, "b.xlsx", "a/z.ODS", "a/c/d.xlsm", "e.xls", "f.xlsb")
    assert _noms(tmp_path) == ["a/c/d.xlsm", "a/z.ODS", "b.xlsx", "e.xls", "f.xlsb"]


@pytest.mark.parametrize(
    ("nom", "motif"),
    [
        ("~$suivi.xlsx", "la marque d'un classeur ouvert"),
        (".~lock.suivi.ods#", "la marque d'un classeur ouvert"),
        (".suivi.xlsx", "caché"),
        (".DS_Store", "caché"),
        ("Thumbs.db", "fichier du système"),
        ("desktop.ini", "fichier du système"),
        ("note.docx", AUTRE),
        ("convention.pdf", AUTRE),
        ("__MACOSX/._suivi.xlsx", "fichier du système"),
        ("suivi - tableau de bord 2026-01-20.xlsx", "pour un comité"),
        (".git/suivi.xlsx", "caché"),
    ],
)
def test_what_is_no_workbook_is_told_and_left(tmp_path: Path, nom: str, motif: str) -> None:
    _fichiers(tmp_path, nom, "suivi.xlsx")
    entrees = _trouver(tmp_path)
    assert [e.nom for e in entrees if not e.etat] == ["suivi.xlsx"]
    (ignoree,) = (e for e in entrees if e.etat)
    assert (ignoree.etat, motif in ignoree.motif) == ("ignoré", True)


def _parties(*noms: str) -> bytes:
    """A zip that holds these parts, in this order."""
    return _zip(dict.fromkeys(noms, b"<x/>"))


_OFFICE = ("[Content_Types].xml", "_rels/.rels", "docProps/app.xml")
_ODF = b"application/vnd.oasis.opendocument."
_NATURES: list[tuple[str, str, bytes, str, str]] = [
    *(
        (f"an archive {nom}", nom, b"", "refusé", DECOMPRESSER)
        for nom in ("e.7z", "e.RAR", "e.tar.gz", "e.tgz", "e.bz2")
    ),
    *((f"an archive {nom}", nom, b"", "refusé", DECOMPRESSER) for nom in ("e.tar", "e.xz", "e.7z.001", "e.z01")),
    *((f"a message {nom}", nom, b"", "refusé", PIECE_JOINTE) for nom in ("m.eml", "m.MSG", "m.mbox", "m.emlx")),
    ("a draft of ours", "message.eml", b"Subject: x\r\nX-Unsent: 1\r\n\r\n", "ignoré", "brouillon"),
    ("a message that quotes one", "m.eml", b"Subject: X-Unsent: 1\r\n\r\n", "refusé", PIECE_JOINTE),
    ("Apple's workbook", "suivi.numbers", _parties("Index/Document.iwa"), "refusé", "exportez-le"),
    *(
        (f"{item.name} without extension", "suivi 3.7", item.read_bytes(), "refusé", RENOMMER)
        for item in sorted(REELS.glob("pieges-*"))
    ),
    ("a workbook set aside", "suivi.xlsx.bak", _parties(*_OFFICE, "xl/workbook.xml"), "refusé", RENOMMER),
    ("a workbook, its parts unseen", "suivi", _parties(*_OFFICE), "refusé", RENOMMER),
    ("a former workbook", "suivi", OLE2 + bytes(9), "refusé", RENOMMER),
    ("a former text", "courrier.doc", OLE2 + bytes(9), "ignoré", AUTRE),
    ("a text", "courrier.docx", _parties(*_OFFICE, "word/document.xml"), "ignoré", AUTRE),
    ("a text without extension", "courrier", _parties(*_OFFICE, "word/document.xml"), "ignoré", AUTRE),
    ("an open text", "courrier", _zip({"mimetype": _ODF + b"text"}, compression=0), "ignoré", AUTRE),
    ("an open sheet", "suivi", _zip({"mimetype": _ODF + b"spreadsheet"}, compression=0), "refusé", RENOMMER),
    ("an archive without extension", "envoi", _zip({"suivi.xlsx": CLASSEUR}), "refusé", DECOMPRESSER),
    ("the same, of other programs", "envoi", b"7z\xbc\xaf\x27\x1c", "refusé", DECOMPRESSER),
    ("the same, of other programs", "envoi", b"Rar!\x1a\x07\x00", "refusé", DECOMPRESSER),
    ("the same, as Unix does", "envoi", bytes(257) + b"ustar", "refusé", DECOMPRESSER),
    ("a signature further on", "envoi", bytes(1) + b"7z\xbc\xaf\x27\x1c" + OLE2, "ignoré", AUTRE),
    ("nothing known", "sans extension", b"bonjour", "ignoré", AUTRE),
    ("nothing at all", "vide", b"", "ignoré", AUTRE),
    ("a note", "note.txt", OLE2, "ignoré", AUTRE),
    ("a picture", "photo.JPG", b"\xff\xd8", "ignoré", AUTRE),
    ("a hidden archive", ".envoi.7z", b"", "ignoré", "caché"),
]


@pytest.mark.parametrize("emballe", [False, True])
@pytest.mark.parametrize(("nom", "octets", "etat", "motif"), [r[1:] for r in _NATURES], ids=[r[0] for r in _NATURES])
def test_a_return_that_is_not_opened_is_refused_with_its_remedy(
    tmp_path: Path, nom: str, octets: bytes, etat: str, motif: str, *, emballe: bool
) -> None:
    (tmp_path / ("lot.zip" if emballe else nom)).write_bytes(_zip({nom: octets}) if emballe else octets)
    (entree,) = _trouver(tmp_path)
    assert (entree.nom, entree.etat, entree.source) == (f"lot.zip/{nom}" if emballe else nom, etat, None)
    assert motif in entree.motif
    assert entree.motif.endswith(".")


def test_a_file_whose_extension_tells_is_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _fichiers(tmp_path, "a.xlsx", "b.pdf", "c.7z", "d.msg", ".e")

    def ouvre(*_: object) -> object:
        raise AssertionError

    monkeypatch.setattr(Path, "open", ouvre)
    assert [e.etat for e in _trouver(tmp_path)] == ["ignoré", "", "ignoré", "refusé", "refusé"]


def test_what_can_not_be_looked_into_is_left(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "tube")
    (tmp_path / "mort").symlink_to("absent")
    (tmp_path / "lot.zip").write_bytes(_methode("sans extension"))
    assert {(e.etat, e.motif) for e in _trouver(tmp_path)} == {("ignoré", "ce n'est pas un classeur.")}


def test_a_path_that_begins_here_hides_nothing(tmp_path: Path) -> None:
    (tmp_path / "lot.zip").write_bytes(_zip({"./a.xlsx": CLASSEUR, "./.b.xlsx": CLASSEUR}))
    assert {e.nom: e.etat for e in _trouver(tmp_path)} == {"lot.zip/./a.xlsx": "", "lot.zip/./.b.xlsx": "ignoré"}


def test_an_archive_that_a_system_hides_is_not_opened(tmp_path: Path) -> None:
    (tmp_path / "lot.zip").write_bytes(_zip({"__MACOSX/._envoi.zip": b"x", "a.xlsx": CLASSEUR}))
    assert [(e.nom, e.etat) for e in _trouver(tmp_path)] == [
        ("lot.zip/__MACOSX/._envoi.zip", "ignoré"),
        ("lot.zip/a.xlsx", ""),
    ]


def test_a_file_given_by_name_is_read_whatever_its_extension(tmp_path: Path) -> None:
    _fichiers(tmp_path, "suivi.bak", "~$suivi.xlsx")
    assert _noms(tmp_path / "suivi.bak") == ["suivi.bak"]
    assert _noms(tmp_path / "~$suivi.xlsx") == []
    for nom, motif in (("m.eml", PIECE_JOINTE), ("e.rar", DECOMPRESSER)):
        (refusee,) = _trouver(_fichiers(tmp_path, nom) / nom)
        assert (refusee.etat, motif in refusee.motif) == ("refusé", True)


def test_what_does_not_exist_stops_before_anything(tmp_path: Path) -> None:
    with pytest.raises(ConsolidationImpossible, match="introuvable"):
        _trouver(_fichiers(tmp_path, "a.xlsx"), tmp_path / "absent")


def test_names_do_not_depend_on_the_order_of_the_arguments(tmp_path: Path) -> None:
    un = _fichiers(tmp_path / "janvier" / "lot", "a.xlsx")
    deux = _fichiers(tmp_path / "mars" / "lot", "a.xlsx")
    seul = _fichiers(tmp_path, "seul.xlsx") / "seul.xlsx"
    expected = ["janvier/lot/a.xlsx", "mars/lot/a.xlsx", "seul.xlsx"]
    assert _noms(un, deux, seul) == _noms(seul, deux, un) == expected


def test_an_input_inside_another_is_found_once(tmp_path: Path) -> None:
    _fichiers(tmp_path, "lot/a.xlsx", "b.xlsx")
    (tmp_path / "lien").symlink_to(tmp_path / "lot" / "a.xlsx")
    assert _noms(tmp_path, tmp_path / "lot", tmp_path / "b.xlsx", tmp_path) == ["b.xlsx", "lot/a.xlsx"]


def test_links_do_not_loop(tmp_path: Path) -> None:
    _fichiers(tmp_path, "a/b.xlsx")
    (tmp_path / "a" / "haut").symlink_to(tmp_path)
    (tmp_path / "lui.xlsx").symlink_to("lui.xlsx")
    (tmp_path / "mort.xlsx").symlink_to("absent.xlsx")
    (tmp_path / "bon.xlsx").symlink_to("a/b.xlsx")
    os.mkfifo(tmp_path / "tube.xlsx")
    found = {e.nom: e.motif for e in _trouver(tmp_path)}
    assert {nom for nom, motif in found.items() if not motif} == {"a/b.xlsx", "bon.xlsx"}
    assert "lien vers un dossier" in found["a/haut"]
    assert "ne mène nulle part" in found["mort.xlsx"]
    assert "ne mène nulle part" in found["lui.xlsx"]
    assert "fichier ordinaire" in found["tube.xlsx"]


def test_the_output_folder_is_never_entered(tmp_path: Path) -> None:
    _fichiers(tmp_path, "a.xlsx", "sortie/synthese.xlsx", "sortie/tables/x.parquet", "sortie/.aap-xl/etat.xlsx")
    _fichiers(tmp_path, "sortie/annote.xlsx")
    assert [e.nom for e in _trouver(tmp_path, sortie=tmp_path / "sortie")] == ["a.xlsx"]


def test_an_input_that_is_the_output_only_hides_what_was_written(tmp_path: Path) -> None:
    _fichiers(tmp_path, "a.xlsx", "lot/synthese.xlsx", "synthese.xlsx", "journal.jsonl", "tables/t.xlsx", ".aap-xl/e")
    assert [e.nom for e in _trouver(tmp_path, sortie=tmp_path)] == ["a.xlsx", "lot/synthese.xlsx"]
    assert [e.nom for e in _trouver(tmp_path / "lot", sortie=tmp_path)] == ["synthese.xlsx"]


def test_a_nir_in_a_name_is_masked_and_control_characters_are_spaces(tmp_path: Path) -> None:
    _fichiers(tmp_path, "suivi 255081416802538.xlsx", "a\nb.xlsx")
    assert _noms(tmp_path) == ["a b.xlsx", "suivi [NIR masqué].xlsx"]


def test_members_of_archives_are_found_one_level_deep(tmp_path: Path) -> None:
    inner = _zip({"deux.xlsx": CLASSEUR, "d/trois.ods": CLASSEUR, "photo.jpg": b"x"})
    deep = _zip({"trop.zip": _zip({"a.xlsx": CLASSEUR})})
    (tmp_path / "lot.zip").write_bytes(
        _zip({"z.xlsx": CLASSEUR, "un.xlsx": CLASSEUR, "lot2.zip": inner, "deep.ZIP": deep, "__MACOSX/._un.xlsx": b"x"})
    )
    found = {e.nom: e for e in _trouver(tmp_path)}
    read = ["lot.zip/lot2.zip/d/trois.ods", "lot.zip/lot2.zip/deux.xlsx", "lot.zip/un.xlsx", "lot.zip/z.xlsx"]
    assert [nom for nom, e in found.items() if not e.etat] == read
    assert "archive dans une archive dans une archive" in found["lot.zip/deep.ZIP/trop.zip"].motif
    assert found["lot.zip/__MACOSX/._un.xlsx"].etat == found["lot.zip/lot2.zip/photo.jpg"].etat == "ignoré"
    assert found["lot.zip/un.xlsx"].date == "2025-06-01T10:30:00"
    sources = [found[nom].source for nom in read]
    assert [source.lire() for source in sources if source] == [CLASSEUR] * 4


def _menteur(taille: int) -> bytes:
    """An archive whose directory lies about the size of its member."""
    content = _zip({"a.xlsx": bytes(5_000_000)})
    place = content.index(b"PK\1\2") + 24
    return content[:place] + struct.pack("<I", taille) + content[place + 4 :]


def _lien() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        info = zipfile.ZipInfo("lien.xlsx")
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(info, "/etc/passwd")
    return buffer.getvalue()


def _chiffre() -> bytes:
    content = bytearray(_zip({"a.xlsx": CLASSEUR}))
    content[6] |= 1
    content[content.index(b"PK\1\2") + 8] |= 1
    return bytes(content)


def _methode(nom: str = "a.xlsx") -> bytes:
    content = bytearray(_zip({nom: CLASSEUR}))
    content[8] = content[content.index(b"PK\1\2") + 10] = 99
    return bytes(content)


@pytest.mark.parametrize(
    ("make", "etat", "motif"),
    [
        (lambda: _zip({"../dehors.xlsx": CLASSEUR}), "refusé", "sort de celle-ci"),
        (lambda: _zip({"a/../../dehors.xlsx": CLASSEUR}), "refusé", "sort de celle-ci"),
        (lambda: _zip({"/etc/dehors.xlsx": CLASSEUR}), "refusé", "sort de celle-ci"),
        (lambda: _zip({"C:\\dehors.xlsx": CLASSEUR}), "refusé", "sort de celle-ci"),
        (lambda: _zip({"..\\dehors.xlsx": CLASSEUR}), "refusé", "sort de celle-ci"),
        (lambda: _zip({"a.xlsx": bytes(20_000_000)}), "refusé", "anormalement compressé"),
        (lambda: _zip({"a.xlsx": bytes(31 * 2**20)}), "refusé", "Mio"),
        (lambda: _zip({"b.zip": bytes(20_000_000)}), "refusé", "anormalement compressé"),
        (lambda: _zip({"b.zip": b"PK pas une archive"}), "refusé", "abîmée"),
        (lambda: b"", "refusé", "abîmée"),
        (lambda: b"pas une archive", "refusé", "abîmée"),
        (lambda: _zip({"a.xlsx": CLASSEUR * 999})[:-30], "refusé", "abîmée"),
        (_lien, "ignoré", "lien"),
        (_chiffre, "refusé", "mot de passe"),
    ],
)
def test_a_hostile_archive_costs_one_line(tmp_path: Path, make: Callable[[], bytes], etat: str, motif: str) -> None:
    (tmp_path / "lot.zip").write_bytes(make())
    _fichiers(tmp_path, "suivi.xlsx")
    entrees = _trouver(tmp_path)
    assert [e.nom for e in entrees if not e.etat] == ["suivi.xlsx"]
    (line,) = (e for e in entrees if e.etat)
    assert (line.etat, motif in line.motif) == (etat, True), line


@pytest.mark.parametrize("make", [_methode, lambda: _menteur(100), lambda: _menteur(2**31)])
def test_a_member_that_lies_is_refused_when_it_is_read(tmp_path: Path, make: Callable[[], bytes]) -> None:
    (tmp_path / "lot.zip").write_bytes(make())
    (entree,) = _trouver(tmp_path)
    if entree.source is not None:
        with pytest.raises(FichierRefuse, match="« moi » est abîmé"), named("moi"):
            entree.source.lire()
    else:
        assert entree.etat == "refusé"


def test_too_many_members_or_bytes_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "lot.zip").write_bytes(_zip({f"{n}.xlsx": CLASSEUR for n in range(4)}))
    monkeypatch.setattr(archives, "MEMBRES_MAX", 4)
    assert len(_noms(tmp_path)) == 4
    monkeypatch.setattr(archives, "MEMBRES_MAX", 3)
    (line,) = _trouver(tmp_path)
    assert (line.nom, line.etat, "4 éléments" in line.motif) == ("lot.zip", "refusé", True)
    monkeypatch.setattr(archives, "MEMBRES_MAX", 9)
    monkeypatch.setattr(archives, "TOTAL_MAX", 4 * len(CLASSEUR) - 1)
    (line,) = _trouver(tmp_path)
    assert "anormalement volumineuse" in line.motif


def test_a_folder_that_can_not_be_listed_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _fichiers(tmp_path, "a/x.xlsx", "b.xlsx")
    real = os.scandir

    def refuse(chemin: Path) -> object:
        if Path(chemin).name == "a":
            raise PermissionError(13, "Permission denied")
        return real(chemin)

    monkeypatch.setattr(os, "scandir", refuse)
    entrees = _trouver(tmp_path)
    assert [(e.nom, e.etat) for e in entrees] == [("a/", "refusé"), ("b.xlsx", "")]


def test_a_file_too_large_or_gone_is_refused_when_it_is_read(tmp_path: Path) -> None:
    gros = tmp_path / "gros.xlsx"
    with gros.open("wb") as file:
        file.truncate(31 * 2**20)
    (entree,) = _trouver(tmp_path)
    assert entree.source is not None
    with pytest.raises(FichierRefuse, match="« moi » pèse 31 Mio"), named("moi"):
        entree.source.lire()
    gros.unlink()
    with pytest.raises(FichierRefuse, match="« moi » ne peut pas être lu"), named("moi"):
        entree.source.lire()


def test_what_is_kept_of_a_place_says_nothing_of_it(tmp_path: Path) -> None:
    _fichiers(tmp_path, "dossier-de-untel/a.xlsx")
    (entree,) = _trouver(tmp_path / "dossier-de-untel")
    assert "untel" not in f"{entree.nom}{entree.lieu}{entree.cachet}"


def test_a_file_is_opened_from_the_output_folder_without_an_absolute_path(tmp_path: Path) -> None:
    un = _fichiers(tmp_path / "un", "a b/é#.xlsx")
    deux = _fichiers(tmp_path / "deux", "seul.xlsx")
    (un / "lot.zip").write_bytes(_zip({"a.xlsx": CLASSEUR}))
    sortie = tmp_path / "sortie" / "out"
    entrees = Entries([un], sortie)
    assert {e.nom: entrees.adresse(e.nom) for e in entrees} == {
        "a b/é#.xlsx": "../../un/a b/é#.xlsx",
        "lot.zip/a.xlsx": None,
    }
    entrees = Entries([un, deux / "seul.xlsx", un / "lot.zip"], sortie)
    assert entrees.adresse("un/a b/é#.xlsx") == "../../un/a b/é#.xlsx"
    assert entrees.adresse("seul.xlsx") == "../../deux/seul.xlsx"
    assert entrees.adresse("absent.xlsx") is None
    assert Entries([un], Path("/nulle/part")).adresse("a b/é#.xlsx") is None


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="becomes someone who has no right")
def test_what_may_not_be_read_is_refused_and_the_rest_is_found(tmp_path: Path) -> None:
    _fichiers(tmp_path, "a/x.xlsx", "b.xlsx", "c.xlsx")
    (tmp_path / "d.zip").write_bytes(_zip({"y.xlsx": b"x"}))
    (tmp_path / "a").chmod(0o444)
    (tmp_path / "c.xlsx").chmod(0)
    (tmp_path / "d.zip").chmod(0)
    for parent in (tmp_path, *tmp_path.parents[:3]):
        parent.chmod(0o755)
    code = (
        "import os, sys; from pathlib import Path; import aap_xl.consolidation.archives\n"
        "from aap_xl.consolidation.inputs import Entries; os.setuid(65534)\n"
        "for e in Entries([Path(sys.argv[1])], Path('/nulle/part')): print(e.nom, e.etat, e.motif, sep=' | ')\n"
        "try: next(e for e in Entries([Path(sys.argv[1])], Path('/x')) if e.nom == 'c.xlsx').source.lire()\n"
        "except Exception as refus: print(refus.refusal.phrase('c.xlsx'))\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=False)
    assert done.stdout.splitlines() == [
        "a/x.xlsx | refusé | ce fichier ne peut pas être lu ; vérifiez vos droits.",
        "b.xlsx |  | ",
        "c.xlsx |  | ",
        "d.zip | refusé | cette archive ne peut pas être lue ; vérifiez vos droits.",
        "« c.xlsx » ne peut pas être lu : vous n'avez pas le droit de le lire, ou un autre programme le tient ; "
        "vérifiez vos droits, ou fermez-le.",
    ], done.stderr


def test_the_only_folder_that_can_not_be_read_has_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: object) -> object:
        raise PermissionError

    _fichiers(tmp_path / "reçus", "a.xlsx")
    monkeypatch.setattr("os.scandir", refuse)
    (found,) = _trouver(tmp_path / "reçus")
    assert (found.nom, found.etat) == ("reçus/", "refusé")
