"""Over all the files of a run: which operation each speaks of, which version counts, what changed between them."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any

from aap_xl.consolidation import versions
from aap_xl.consolidation.arrow import deballer
from aap_xl.consolidation.colonnes import LOCALES
from aap_xl.consolidation.etat import Etat
from aap_xl.consolidation.versions import Choix, Version
from aap_xl.euros import format_euros

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

_COMPARES = (
    ("entrees", "participants"),
    ("sorties", "sorties"),
    ("dynamiques", "sorties dynamiques"),
    ("realise", "dépenses"),
    ("retenu", "dépenses retenues"),
    ("du", "subvention due"),
    ("solde", "solde à verser"),
    ("bloquantes", "anomalies bloquantes"),
    ("a_verifier", "anomalies à vérifier"),
)


def choisir(etat: Etat, aujourdhui: date) -> None:
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


def _noter(etat: Etat, operation: str, choix: Choix) -> None:
    gaps = ""
    if choix.etat == versions.REMPLACE and choix.par:
        gaps = ecarts(_figures(etat, choix.version.empreinte), _figures(etat, choix.par.empreinte))
    etat.base.execute(
        "UPDATE entrees SET etat = ?, motif = ?, operation = ?, par = ?, ecarts = ? WHERE id = ?",
        (choix.etat, choix.motif, operation, choix.par and choix.par.nom, gaps, choix.version.entree),
    )


def _figures(etat: Etat, empreinte: str) -> dict[str, Any]:
    """The line of « operations » that a content gives."""
    (octets,) = next(
        etat.lignes(
            "SELECT octets FROM lots JOIN resultats r ON r.id = resultat WHERE r.empreinte = ? "
            "AND tableau = 'operations'",
            empreinte,
        )
    )
    figures: dict[str, Any] = deballer(octets, LOCALES["operations"]).to_pylist()[0]
    return figures


def ecarts(ancien: dict[str, Any], nouveau: dict[str, Any]) -> str:
    """What changed from a version to another: « participants 12 → 15 ; dépenses 1 200,00 € → 1 350,00 € »."""
    return " ; ".join(_changes(ancien, nouveau)) or "aucun écart dans les totaux"


def _changes(ancien: dict[str, Any], nouveau: dict[str, Any]) -> Iterator[str]:
    for nom, libelle in _COMPARES:
        if ancien[nom] != nouveau[nom]:
            yield f"{libelle} {_montre(ancien[nom])} → {_montre(nouveau[nom])}"


def _montre(value: Decimal | int | None) -> str:
    if value is None:
        return "non connu"
    return format_euros(value) if isinstance(value, Decimal) else str(value)
