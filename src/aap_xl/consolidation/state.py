"""What is already known of the files, so that a run goes on where another stopped: one SQLite file, a cache.

SQLite rather than a file per result: one commit per batch survives a kill at any moment, and sorting, grouping and
matching across files use the disk, not memory. Nothing nominative is in it: places are hashed, results are the
pseudonymised lines.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from aap_xl.consolidation.failures import ABIME, code_sqlite
from aap_xl.consolidation.inputs import Entry
from aap_xl.consolidation.one_file import Outcome
from aap_xl.workbook.reading.files.refusals import Refusal, unpacked

_SCHEMA = """
CREATE TABLE IF NOT EXISTS programme (empreinte TEXT);
CREATE TABLE IF NOT EXISTS lieux (lieu TEXT PRIMARY KEY, cachet TEXT, empreinte TEXT, taille INT);
CREATE TABLE IF NOT EXISTS resultats (
  id INTEGER PRIMARY KEY, empreinte TEXT UNIQUE, taille INT, refusal TEXT, appel TEXT, millesime INT, porteur TEXT,
  qui TEXT, siret TEXT, mds TEXT, convention TEXT, debut TEXT, intitule TEXT, a_jour_au TEXT, bloquantes INT,
  a_verifier INT, informations INT);
CREATE INDEX IF NOT EXISTS resultats_par_porteur ON resultats (appel, millesime, qui);
CREATE TABLE IF NOT EXISTS lots (resultat INT, tableau TEXT, octets BLOB);
CREATE INDEX IF NOT EXISTS lots_par_resultat ON lots (resultat, tableau);
CREATE TABLE IF NOT EXISTS entrees (
  id INTEGER PRIMARY KEY, nom TEXT, lieu TEXT, taille INT, date TEXT, cachet TEXT, empreinte TEXT, etat TEXT,
  motif TEXT, operation TEXT, par TEXT, ecarts TEXT);
CREATE INDEX IF NOT EXISTS entrees_par_empreinte ON entrees (empreinte);
CREATE INDEX IF NOT EXISTS entrees_par_nom ON entrees (nom, empreinte, date);
CREATE INDEX IF NOT EXISTS entrees_par_operation ON entrees (etat, operation);
CREATE TABLE IF NOT EXISTS personnes (pseudonyme TEXT, operation TEXT);
CREATE TABLE IF NOT EXISTS traits (
  rang INT, cle TEXT, operation TEXT, convention TEXT, entree INT, nom TEXT);
CREATE INDEX IF NOT EXISTS traits_par_cle ON traits (rang, cle, operation);
"""
_GARDER = "INSERT INTO resultats VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_REGLAGES = (
    "locking_mode=EXCLUSIVE",
    "journal_mode=WAL",
    "synchronous=NORMAL",
    "temp_store=FILE",
    "secure_delete=ON",
    "wal_autocheckpoint=10000",
)
_ATTENTE = 0.5
_RECENT = 2.0
"""Seconds: a file written so shortly before it was read may change again without its stamp telling."""


Brute = tuple[Any, ...]
"""A row as SQLite gives it."""


class State:
    """The state of one output folder, held by one run at a time."""

    def __init__(self, chemin: Path, programme: str) -> None:
        """Open it; one that is damaged, or that another version made, is emptied.

        Raises: sqlite3.Error if the disk refuses, or if another run holds it.
        """
        self._chemin = chemin
        try:
            self.base = self._ouvrir()
        except sqlite3.DatabaseError as error:
            if code_sqlite(error) not in ABIME:
                raise
            self._effacer()
            self.base = self._ouvrir()
        self._meme_programme(programme)
        with self.base:
            self.base.execute("DELETE FROM entrees")
            self.base.execute("DELETE FROM personnes")
            self.base.execute("DELETE FROM traits")
        self.vierge = self.base.execute("SELECT 1 FROM resultats LIMIT 1").fetchone() is None

    def _ouvrir(self) -> sqlite3.Connection:
        base = sqlite3.connect(self._chemin, timeout=_ATTENTE)
        try:
            for setting in _REGLAGES:
                base.execute(f"PRAGMA {setting}")
            base.executescript(_SCHEMA)
            base.create_function("phrase", 2, _phrase, deterministic=True)
            base.execute("SELECT empreinte, taille, refusal, qui, intitule, informations FROM resultats LIMIT 1")
            base.execute("SELECT par, ecarts FROM entrees LIMIT 1")
        except BaseException:
            base.close()
            raise
        return base

    def _effacer(self) -> None:
        for suffix in ("", "-wal", "-shm", "-journal"):
            self._chemin.with_name(self._chemin.name + suffix).unlink(missing_ok=True)

    def _meme_programme(self, programme: str) -> None:
        with self.base:
            if self.base.execute("SELECT empreinte FROM programme").fetchall() != [(programme,)]:
                for table in ("programme", "resultats", "lots"):
                    self.base.execute(f"DELETE FROM {table}")  # noqa: S608 - names written just above
                self.base.execute("INSERT INTO programme VALUES (?)", (programme,))

    def close(self) -> None:
        """Release it."""
        with suppress(sqlite3.Error):
            self.base.close()

    def inscrire(self, entree: Entry) -> int | None:
        """Note what was found.

        Returns: its number, if it is to be read.
        """
        known = None if entree.source is None else self._deja_lu(entree)
        cursor = self.base.execute(
            "INSERT INTO entrees (nom, lieu, taille, date, cachet, empreinte, etat, motif) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                entree.nom,
                entree.lieu,
                entree.taille,
                entree.date,
                entree.cachet,
                known,
                entree.etat,
                entree.motif,
            ),
        )
        return cursor.lastrowid if entree.source is not None and known is None else None

    def _deja_lu(self, entree: Entry) -> str | None:
        row = self.base.execute(
            "SELECT empreinte FROM lieux JOIN resultats USING (empreinte) WHERE lieu = ? AND cachet = ?",
            (entree.lieu, entree.cachet),
        ).fetchone()
        return row[0] if row else None

    def connu(self, empreinte: str) -> bool:
        """Whether that content was already treated."""
        found = self.base.execute("SELECT 1 FROM resultats WHERE empreinte = ?", (empreinte,)).fetchone()
        return found is not None

    def reconnaitre(self, entree: int, empreinte: str, debut: float) -> None:
        """Note that an entry is a content already treated.

        Args: debut: when its reading began, seconds since the epoch.
        """
        self.base.execute("UPDATE entrees SET empreinte = ? WHERE id = ?", (empreinte, entree))
        self._retenir_le_lieu(entree, empreinte, debut)

    def garder(self, outcomes: Iterable[Outcome], debut: float) -> int:
        """Keep what several files gave, all or nothing.

        Args:    debut: when their reading began, seconds since the epoch.
        Returns: how many were refused.
        """
        refused = 0
        with self.base:
            for outcome in outcomes:
                refused += outcome.refusal is not None
                self._garder(outcome, debut)
        return refused

    def _garder(self, outcome: Outcome, debut: float) -> None:
        if outcome.refusal and not outcome.empreinte:
            self.refuser(outcome.entree, outcome.refusal)
            return
        if not self.connu(outcome.empreinte):
            i = outcome.identite
            why = outcome.refusal.packed() if outcome.refusal else ""
            values = (outcome.empreinte, outcome.taille, why, i.appel, i.millesime, i.porteur, i.qui)
            cursor = self.base.execute(
                _GARDER,
                (*values, i.siret, i.mds, i.convention, i.debut, i.intitule, i.a_jour_au, *i.severites),
            )
            rows = ((cursor.lastrowid, table, octets) for table, octets in outcome.lots.items())
            self.base.executemany("INSERT INTO lots VALUES (?, ?, ?)", rows)
        self.reconnaitre(outcome.entree, outcome.empreinte, debut)

    def _retenir_le_lieu(self, entree: int, empreinte: str, debut: float) -> None:
        lieu, cachet, taille = self.base.execute(
            "SELECT lieu, cachet, taille FROM entrees WHERE id = ?", (entree,)
        ).fetchone()
        written = int(cachet.split("-")[1]) / 1e9
        if written < debut - _RECENT:
            self.base.execute("INSERT OR REPLACE INTO lieux VALUES (?, ?, ?, ?)", (lieu, cachet, empreinte, taille))

    def refuser(self, entree: int, refusal: Refusal) -> None:
        """Note a refusal that says nothing of the content: it is tried again next time."""
        self.base.execute(
            "UPDATE entrees SET etat = 'refusé', motif = phrase(?, nom) WHERE id = ?", (refusal.packed(), entree)
        )

    def oublier_les_absents(self) -> None:
        """Drop the results and the places of files that are no longer among the inputs."""
        with self.base:
            self.base.execute(
                "DELETE FROM resultats WHERE empreinte NOT IN "
                "(SELECT empreinte FROM entrees WHERE empreinte IS NOT NULL)"
            )
            self.base.execute("DELETE FROM lots WHERE resultat NOT IN (SELECT id FROM resultats)")
            self.base.execute("DELETE FROM lieux WHERE lieu NOT IN (SELECT lieu FROM entrees)")

    def lignes(self, requete: str, *valeurs: object) -> Iterator[Brute]:
        """Rows of a query, one at a time, on a cursor of its own."""
        return iter(self.base.execute(requete, valeurs))


def _phrase(refusal: str, nom: str) -> str:
    """A refusal that was kept, worded for an entry; its name is its path."""
    return unpacked(refusal).phrase(nom.rsplit("/", 1)[-1])
