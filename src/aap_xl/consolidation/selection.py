"""Over all the files of a run: which operation each speaks of, which version counts, what changed between them."""

import json
from datetime import date
from itertools import groupby

from aap_xl.consolidation import versions
from aap_xl.consolidation.cells import euros, unpack
from aap_xl.consolidation.gaps import EUROS, ecarts
from aap_xl.consolidation.state import State
from aap_xl.consolidation.versions import Choix, Version

_LUES = """
SELECT r.appel, r.millesime, COALESCE(
    NULLIF(r.siret, ''),
    (SELECT CASE WHEN COUNT(DISTINCT s.siret) = 1 THEN MIN(s.siret) END FROM resultats s
     WHERE s.appel = r.appel AND s.millesime = r.millesime AND s.qui = r.qui AND s.siret <> ''),
    r.qui) AS porteur,
  e.id, e.nom, e.date, e.empreinte, r.convention, r.debut, r.a_jour_au
FROM entrees e JOIN resultats r USING (empreinte) WHERE r.refusal = '' ORDER BY r.appel, r.millesime, porteur
"""
"""A porteur without a SIRET is the one of the same name, when a single SIRET goes with that name."""


def choisir(etat: State, aujourdhui: date) -> None:
    """Note for each file that was read whether it counts, and what replaces it otherwise."""
    with etat.base:
        for (appel, millesime, porteur), rows in groupby(etat.lignes(_LUES), key=lambda row: row[:3]):
            for choix in versions.choisir([Version(*row[3:]) for row in rows], aujourdhui):
                operation = f"{appel}-{millesime}-{porteur}-{choix.operation}"
                _noter(etat, operation, choix)
        etat.base.execute(
            "UPDATE entrees SET etat = 'refusé', motif = phrase((SELECT refusal FROM resultats r "
            "WHERE r.empreinte = entrees.empreinte), nom) WHERE etat = '' AND empreinte IS NOT NULL"
        )


def _noter(etat: State, operation: str, choix: Choix) -> None:
    gaps = None
    if choix.etat == versions.REMPLACE and choix.par:
        changes = ecarts(_figures(etat, choix.version.empreinte), _figures(etat, choix.par.empreinte))
        gaps = json.dumps(changes, default=str)
    etat.base.execute(
        "UPDATE entrees SET etat = ?, motif = ?, operation = ?, par = ?, ecarts = ? WHERE id = ?",
        (choix.etat, choix.motif, operation, choix.par and choix.par.nom, gaps, choix.version.entree),
    )


def _figures(etat: State, empreinte: str) -> dict[str, object]:
    """The line of « operations » that a content gives."""
    (octets,) = next(
        etat.lignes(
            "SELECT octets FROM lots JOIN resultats r ON r.id = resultat WHERE r.empreinte = ? "
            "AND tableau = 'operations'",
            empreinte,
        )
    )
    return {nom: euros(value) if nom in EUROS else value for nom, (value,) in unpack(octets).items()}
