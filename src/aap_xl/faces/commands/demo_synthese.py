"""The end of the demonstration: about twenty invented returns, some unusable, and what an officer gets of them."""

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from aap_xl.consolidation.aggregates import NOMBRE, lots, nom_appel, somme_par
from aap_xl.consolidation.gaps import Ecart, phrase
from aap_xl.consolidation.output import SYNTHESE, TABLES
from aap_xl.dossier import catalogue
from aap_xl.euros import format_euros
from aap_xl.faces import display
from aap_xl.faces.commands import consolider
from aap_xl.faces.exemples.retours import ecrire_retours

RECUS, SORTIE = "classeurs reçus", "synthèse"
_MONTANTS = ("realise", "retenu", "solde", "a_reverser")


def reunir(folder: Path, dossiers: Sequence[Path] | None, aujourdhui: date) -> Path:
    """Write the returns, consolidate them, and show what came of it.

    Args:    dossiers: other folders of calls; aujourdhui: the day the returns are looked at.
    Returns: the synthesis.
    """
    recus, sortie = folder / RECUS, folder / SORTIE
    ecrire_retours(recus, catalogue(dossiers or ()))
    display.titre("La consolidation de vingt classeurs reçus")
    consolider.run(consolider.Request([recus], sortie, dossiers=dossiers, jour=aujourdhui))
    display.phrase("")
    display.tableau(
        ["Appel", "Opérations", "Réalisé", "Retenu", "Solde à verser", "À reverser"],
        _appels(sortie),
        droites=range(1, 6),
    )
    display.phrase("")
    display.tableau(["Fichier", "État", "Pourquoi"], _ecartes(sortie))
    return sortie / SYNTHESE


def _appels(sortie: Path) -> Iterator[list[str]]:
    for row in somme_par(sortie / TABLES, "operations", ["appel", "millesime"], _MONTANTS):
        amounts = (format_euros(row[nom]) for nom in _MONTANTS)
        yield [nom_appel(row["appel"], row["millesime"]), str(row[NOMBRE]), *amounts]


def _ecartes(sortie: Path) -> Iterator[list[str]]:
    """The files that do not count, and the reason."""
    for lot in lots(sortie / TABLES, "fichiers", ["nom", "etat", "motif", "remplace_par", "ecarts"]):
        for row in lot.to_pylist():
            if row["etat"] != "retenu":
                counted = f"« {row['remplace_par']} » compte à sa place" if row["remplace_par"] else ""
                gaps = "" if row["ecarts"] is None else phrase(Ecart(**item) for item in row["ecarts"])
                yield [row["nom"], row["etat"], " ; ".join(filter(None, (row["motif"], counted, gaps)))]
