"""A folder of returns and its manifest: what each file is, what was planted in it, what it amounts to."""

import datetime as dt
import os
import pickle
import shutil
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from io import BytesIO
from pathlib import Path
from random import Random

from kept import code, kept

from aap_xl.appels.loader import Catalogue
from aap_xl.appels.model import Appel
from retours import (
    fautes,
    noms,
    plantes_argent,
    plantes_fichier,
    plantes_operation,
    plantes_parcours,
    plantes_personnes,
    plantes_sorties,
    plantes_temps,
)
from retours.cadre import LE, Faits
from retours.calcul import Compte, compter
from retours.faits import faits
from retours.moule import moule
from retours.plantes import PLANTES, Attendue, Cellule, Plante, semer
from retours.saisies import Saisi, lu

__all__ = [
    "Fichier",
    "Manifeste",
    "corpus",
    "plantes_argent",
    "plantes_fichier",
    "plantes_operation",
    "plantes_parcours",
    "plantes_personnes",
    "plantes_sorties",
    "plantes_temps",
]
TAILLES = (15, 15, 15, 15, 15, 15, 60, 60, 60, 300)
_PREFIXES = ("suivi", "Suivi aap", "=cmd suivi", "+suivi", "@suivi", "-suivi", "classeur élégant")
_SERVICES = ("arras", "lens", "calais/reçus", "")


@dataclass
class Fichier:
    """One file of the corpus.

    Attributes: nom: as it is to be listed; etat: expected; motif: words of the refusal; par: the file that counts
                instead; attendues: anomalies to be found, no other; compte: totals; siret: of its operation.
    """

    nom: str
    etat: str
    motif: str = ""
    par: str = ""
    attendues: Counter[Cellule] = field(default_factory=Counter)
    compte: Compte | None = None
    appel: str = ""
    siret: str = ""
    plantes: tuple[str, ...] = ()


@dataclass
class Manifeste:
    """What a corpus holds. ``secrets``: what no output shows; ``personnes``: identity → SIRETs of their operations."""

    fichiers: list[Fichier] = field(default_factory=list)
    secrets: set[str] = field(default_factory=set)
    personnes: dict[tuple[object, ...], set[str]] = field(default_factory=dict)

    def communes(self) -> list[tuple[str, ...]]:
        """The operations of each person who is in several."""
        return sorted(tuple(sorted(sirets)) for sirets in self.personnes.values() if len(sirets) > 1)

    def inscrire(self, f: Faits) -> None:
        """Remember who is in an operation that counts."""
        for p in f.tables["participants"]:
            naissance = lu(p.get("date_naissance"))
            if p.get("nom") and p.get("prenom") and naissance:
                who = p["nom"].casefold(), p["prenom"].casefold(), naissance
                self.personnes.setdefault(who, set()).add(str(f.operation["siret"]))

    def retenus(self) -> list[Fichier]:
        """The files that count."""
        return [fichier for fichier in self.fichiers if fichier.etat == "retenu"]


class Semeur:
    """Makes the operations of a corpus, each from its own seed."""

    def __init__(self, catalogue: Catalogue, graine: int, manifeste: Manifeste, tailles: Sequence[int]) -> None:
        self.tailles = tailles
        self.appels = {code: catalogue.get(code, 2025) for code in ("3.3", "3.7")}
        self.graine = graine
        self.manifeste = manifeste
        self.plantes = {
            code: [item for item in PLANTES if not item.code or item.code in appel.regles]
            for code, appel in self.appels.items()
        }
        self.restantes = {code: list(items) for code, items in self.plantes.items()}

    def operation(self, numero: int, *, propre: bool = False) -> tuple[Faits, list[Attendue], tuple[str, ...]]:
        """The facts of one operation and what was planted in it."""
        rng = noms.hasard(f"{self.graine}-{numero}")
        code = "3.3" if rng.random() < 0.55 else "3.7"
        wanted = [] if propre or rng.random() < 0.15 else self._choix(code, rng)
        while True:
            f = self.faits(self.appels[code], noms.hasard(f"{self.graine}-{numero}-{len(wanted)}"), numero)
            found, refused = semer(f, wanted, rng)
            if refused is None:
                break
            wanted.remove(refused)
        self.restantes[code] = [item for item in self.restantes[code] if item not in wanted]
        return f, found, tuple(item.nom for item in wanted)

    def faits(self, appel: Appel, rng: Random, numero: int) -> Faits:
        """Clean facts of a realistic size."""
        if appel.identite.code == "3.3":
            return faits(appel, rng, numero, rng.choice(self.tailles))
        return faits(appel, rng, numero, rng.choice((6, 7, 8, 8, 8, 8, 15, 15, 15, 60)))

    def _choix(self, code: str, rng: Random) -> list[Plante]:
        """Errors never planted yet first, then any; no two of one zone."""
        waiting = self.restantes[code]
        alone = [item for item in waiting if item.seule]
        if alone and rng.random() < 0.25:
            return [rng.choice(alone)]
        candidates = [*rng.sample(waiting, min(12, len(waiting))), *rng.sample(self.plantes[code], 4)]
        chosen: list[Plante] = []
        for item in candidates[: rng.randrange(2, 13)]:
            if item.seule and chosen:
                continue
            if item.zone not in {other.zone for other in chosen}:
                chosen.append(item)
            if item.seule:
                break
        return chosen

    def octets(self, f: Faits) -> bytes:
        """The workbook; what it holds of people is remembered."""
        self._secrets(f)
        return moule(f.appel, LE).remplir(f.operation, f.tables, f.retouches)

    def _secrets(self, f: Faits) -> None:
        keep = self.manifeste.secrets
        for p in f.tables["participants"]:
            keep.update(str(p[nom]).rstrip("x") for nom in ("nom", "prenom", "autre_nom") if p.get(nom))
            naissance = lu(p.get("date_naissance"))
            if naissance:
                keep.update(noms.ecritures(naissance))
        keep.update(row["salarie"].partition("-")[0] for row in f.tables["personnel"])
        keep.update(f.operation[nom] for nom in ("referent", "courriel") if f.operation.get(nom))
        prenom, nom, telephone = f.operation["referent"].split(" ", 2)
        keep.update((prenom, nom, telephone, telephone.replace(" ", "")))
        for row in [*f.tables["partenaires"], *f.tables["depenses"]]:
            for valeur in row.values():
                if isinstance(valeur, Saisi) and valeur.lu == "masqué":
                    keep.add(str(valeur.brut).removeprefix("voir "))
                    keep.add(str(valeur.brut).removeprefix("voir ").replace(" ", ""))


def corpus(
    dossier: Path,
    catalogue: Catalogue,
    graine: int = 1,
    nombre: int = 150,
    *,
    fautes_aussi: bool = True,
    tailles: Sequence[int] = TAILLES,
) -> Manifeste:
    """Write a folder of returns, or copy the one that the same code wrote in an earlier run.

    Args: nombre: operations; fautes_aussi: with damaged files, duplicates, older versions, archives and noise;
          tailles: numbers of participants in 3.3, each as likely.
    """

    def make(folder: Path) -> None:
        made = _corpus(folder / "recus", catalogue, graine, nombre, fautes_aussi=fautes_aussi, tailles=tailles)
        (folder / "manifeste").write_bytes(pickle.dumps(made))

    found = kept("corpus", (code(), graine, nombre, fautes_aussi, tailles), make)
    if found is None:
        return _corpus(dossier, catalogue, graine, nombre, fautes_aussi=fautes_aussi, tailles=tailles)
    shutil.copytree(found / "recus", dossier, dirs_exist_ok=True)
    manifeste: Manifeste = pickle.loads((found / "manifeste").read_bytes())  # noqa: S301 - written above
    return manifeste


def _corpus(
    dossier: Path, catalogue: Catalogue, graine: int, nombre: int, *, fautes_aussi: bool, tailles: Sequence[int]
) -> Manifeste:
    manifeste = Manifeste()
    manifeste.secrets.add(noms.MARQUE)
    semeur = Semeur(catalogue, graine, manifeste, tailles)
    rng = noms.hasard(graine)
    packed: list[tuple[str, bytes, dt.datetime, Fichier]] = []
    previous: Faits | None = None
    for numero in range(nombre):
        f, attendues, planted = semeur.operation(numero, propre=not fautes_aussi and numero % 2 == 0)
        if fautes_aussi and previous is not None and numero % 9 == 0:
            _meme_personne(previous, f)
        previous = f
        manifeste.inscrire(f)
        octets = semeur.octets(f)
        le = dt.datetime(2025, 11, 1, 9, 0) + numero * dt.timedelta(minutes=7)  # noqa: DTZ001 - a file's local time
        fichier = fiche(f, attendues, planted, f"{rng.choice(_PREFIXES)} {numero:05}.xlsx")
        manifeste.fichiers.append(fichier)
        if fautes_aussi and numero % 10 == 7:
            packed.append((fichier.nom, octets, le, fichier))
            continue
        service = rng.choice(_SERVICES)
        fichier.nom = f"{service}/{fichier.nom}".lstrip("/")
        ecrire(dossier / fichier.nom, octets, le)
        if fautes_aussi:
            manifeste.fichiers += _voisins(dossier, semeur, f, fichier, octets=octets, le=le, numero=numero)
    if fautes_aussi:
        manifeste.fichiers += _archives(dossier, packed)
        manifeste.fichiers += _refuses(dossier, semeur, nombre)
        manifeste.fichiers += _bruit(dossier)
    manifeste.secrets.discard("")
    return manifeste


def fiche(f: Faits, attendues: Sequence[Attendue], planted: tuple[str, ...], nom: str) -> Fichier:
    """The manifest's line of a return that counts."""
    expected = [*attendues, *(Attendue(*item) for item in f.inevitables)]
    places = Counter(item.place(f) for item in expected)
    siret = str(f.operation["siret"])
    return Fichier(nom, "retenu", "", "", places, compter(f), f.appel.identite.code, siret, planted)


def ecrire(chemin: Path, octets: bytes, le: dt.datetime) -> None:
    """A file with its date."""
    chemin.parent.mkdir(parents=True, exist_ok=True)
    chemin.write_bytes(octets)
    os.utime(chemin, (le.timestamp(), le.timestamp()))


def _meme_personne(ancien: Faits, nouveau: Faits) -> None:
    """Someone of an operation also comes to another one, the name written otherwise."""
    here = [p for p in ancien.tables["participants"] if p["brsa"] is True and p["date_naissance"].year < 1993]
    here = [p for p in here if p["date_naissance"].year > 1955 and p.get("prenom") and p.get("date_entree")]
    there = [p for p in nouveau.tables["participants"] if p["brsa"] is True and p["date_naissance"].year < 1993]
    there = [p for p in there if p["date_naissance"].year > 1955 and p["code"].isupper() and p.get("prenom")]
    there = [p for p in there if (p["date_naissance"].day, p["date_naissance"].month) != (1, 1)]
    names = Counter((p["nom"], p.get("prenom")) for p in nouveau.tables["participants"])
    there = [p for p in there if names[p["nom"], p.get("prenom")] == 1 and p["code"] not in nouveau.revenus]
    if here and there:
        one = here[0]
        there[0] |= {"nom": one["nom"].upper(), "prenom": one["prenom"], "date_naissance": one["date_naissance"]}


def _voisins(
    dossier: Path, semeur: Semeur, f: Faits, fichier: Fichier, *, octets: bytes, le: dt.datetime, numero: int
) -> Iterator[Fichier]:
    """The same bytes under another name; an older version, by its declared day or by its date."""
    if numero % 12 == 3:
        nom = f"copies/Copie de {numero:05}.xlsx"
        ecrire(dossier / nom, octets, le + dt.timedelta(days=3))
        yield Fichier(nom, "doublon", par=fichier.nom, appel=fichier.appel, siret=fichier.siret)
    if numero % 12 in (5, 9):
        older = replace(f, operation=dict(f.operation))
        declared = older.operation.get("a_jour_au")
        if declared is not None and declared <= LE:
            older.operation["a_jour_au"] = declared - dt.timedelta(days=31)
            date = le + dt.timedelta(days=9)
        else:
            date = le - dt.timedelta(days=20)
        older.operation["objectif_dynamiques"] = 1
        nom = f"anciens/version {numero:05}.xlsx"
        ecrire(dossier / nom, semeur.octets(older), date)
        yield Fichier(nom, "remplacé", par=fichier.nom, appel=fichier.appel, siret=fichier.siret)


def _archives(dossier: Path, packed: Sequence[tuple[str, bytes, dt.datetime, Fichier]]) -> Iterator[Fichier]:
    """Half of them in an archive, the others in an archive within it; one member's path leads out of it."""
    half = len(packed) // 2
    inner = BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        for nom, octets, le, fichier in packed[half:]:
            archive.writestr(_membre(nom, le), octets)
            fichier.nom = f"envoi.zip/lots/autres.zip/{nom}"
    with zipfile.ZipFile(dossier / "envoi.zip", "w") as archive:
        for nom, octets, le, fichier in packed[:half]:
            archive.writestr(_membre(f"lots/{nom}", le), octets)
            fichier.nom = f"envoi.zip/lots/{nom}"
        archive.writestr("lots/autres.zip", inner.getvalue())
        archive.writestr("../dehors.xlsx", packed[0][1] if packed else b"")
        archive.writestr("lots/~$ouvert.xlsx", b"x")
    yield Fichier("envoi.zip/../dehors.xlsx", "refusé", motif="chemin")
    yield Fichier("envoi.zip/lots/~$ouvert.xlsx", "ignoré")


def _membre(nom: str, le: dt.datetime) -> zipfile.ZipInfo:
    return zipfile.ZipInfo(nom, (le.year, le.month, le.day, le.hour, le.minute, 0))


def _refuses(dossier: Path, semeur: Semeur, premier: int) -> Iterator[Fichier]:
    for rang, (motif, gater) in enumerate(fautes.REFUS.items()):
        f, _, _ = semeur.operation(premier + rang, propre=True)
        nom = f"refusés/{gater.__name__} {rang}.xlsx"
        octets = gater(semeur.octets(f), noms.hasard(rang))
        ecrire(dossier / nom, octets, dt.datetime(2025, 11, 20, 9, 0))  # noqa: DTZ001
        yield Fichier(nom, "refusé", motif=motif.replace("abimé", "abîmé"))


def _bruit(dossier: Path) -> Iterator[Fichier]:
    for nom in fautes.BRUIT:
        ecrire(dossier / "bruit" / nom, b"quelque chose", dt.datetime(2025, 11, 20, 9, 0))  # noqa: DTZ001
        yield Fichier(f"bruit/{nom}", "ignoré")
