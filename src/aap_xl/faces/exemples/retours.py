"""About twenty invented returns, as an officer receives them: some complete, some with mistakes, some unusable."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from aap_xl.appels.loader import Catalogue
from aap_xl.domain import siret
from aap_xl.euros import arrondi
from aap_xl.faces.exemples import Exemple, exemples
from aap_xl.workbook.ooxml.atomic import write_atomically
from aap_xl.workbook.template.build import build
from aap_xl.workbook.writing.workbooks import remplir

Ligne = dict[str, object]
_PORTEURS = (
    "Tremplin du Littoral",
    "Chantier des Dunes",
    "Passerelle Ternoise",
    "Élan du Bassin",
    "Atelier des Deux Rives",
    "Cap Audomarois",
    "Horizons d'Artois",
    "Relais des Collines",
    "Jardins du Marais",
    "Boussole Emploi",
    "Fabrique Solidaire",
    "Grand Large",
    "Maison des Possibles",
    "Route Neuve",
    "Trait d'Union",
)
_EN_FAUTE = (4, 9)
"""Which returns hold every mistake that the examples can plant."""
_CONTRAT = ("debut_contrat", "fin_contrat", "mois_contrat", "piece", "precision", "metier_vise")
_SIREN = 823_450_00
_PROTEGE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "EncryptedPackage".encode("utf-16-le") + bytes(512)
"""What tells a workbook protected by a password from any other file."""
_ETRANGER = b"Nom;Montant\r\nEXEMPLE;12\r\n"


def ecrire_retours(dossier: Path, catalogue: Catalogue) -> list[Path]:
    """Write the returns, always the same ones.

    Args:   dossier: made if it does not exist; catalogue: the calls at hand, the examples' among them.
    Returns: the files: fifteen operations, then an older version, a copy, and three that can't be read.
    Raises:  EcritureImpossible.
    """
    dossier.mkdir(parents=True, exist_ok=True)
    written = []
    for nom, octets in _retours(catalogue):
        written.append(dossier / nom)
        write_atomically(written[-1], octets)
    return written


def _retours(catalogue: Catalogue) -> Iterator[tuple[str, bytes]]:
    blanks: dict[str, bytes] = {}
    first: tuple[Exemple, bytes] | None = None
    for numero, porteur in enumerate(_PORTEURS):
        exemple = _varie(numero, porteur, catalogue)
        octets = _octets(exemple, catalogue, blanks)
        first = first or (exemple, octets)
        yield f"{exemple.appel} {porteur}.xlsx", octets
    if first:
        exemple, octets = first
        yield f"{exemple.appel} {_PORTEURS[0]} (premier envoi).xlsx", _octets(_anterieur(exemple), catalogue, blanks)
        yield f"Copie de {exemple.appel} {_PORTEURS[0]}.xlsx", octets
        yield "3.3 Envoi interrompu.xlsx", octets[: len(octets) // 2]
    yield "3.7 Avec mot de passe.xlsx", _PROTEGE
    yield "Liste du personnel.xlsx", _ETRANGER


def _octets(exemple: Exemple, catalogue: Catalogue, blanks: dict[str, bytes]) -> bytes:
    appel = catalogue.get(exemple.appel, exemple.millesime)
    if exemple.nom not in blanks:
        blanks[exemple.nom] = build(appel, {}, aujourdhui=exemple.aujourdhui)
    return remplir(blanks[exemple.nom], exemple.operation, exemple.tables, appel)


def _varie(numero: int, porteur: str, catalogue: Catalogue) -> Exemple:
    """The example of one call or the other, as another carrier would have lived it."""
    found = list(exemples(erreurs=numero in _EN_FAUTE))
    exemple = found[numero % 3 == 1]
    appel = catalogue.get(exemple.appel, exemple.millesime)
    operation = dict(exemple.operation) | {
        "porteur": f"EXEMPLE {porteur}",
        "convention": f"EX-2025-{100 + numero}",
        "mds": appel.mds[numero % len(appel.mds)].code,
    }
    if numero not in _EN_FAUTE:
        operation["siret"] = _siret(numero)
    return replace(exemple, operation=operation, tables=_tables(exemple, numero))


def _siret(numero: int) -> str:
    siren = f"{_SIREN + numero}"
    etablissement = f"{siren}{siret.cle(siren)}0001"
    return f"{etablissement}{siret.cle(etablissement)}"


def _tables(exemple: Exemple, numero: int) -> dict[str, list[Ligne]]:
    """Other names, fewer people, fewer jobs, smaller expenses; only the names where mistakes are planted by line."""
    tables = {nom: [dict(row) for row in rows] for nom, rows in exemple.tables.items()}
    people = tables["participants"]
    for rang, person in enumerate(people):
        if "nom" in person and numero + rang:  # the very first one is the same person everywhere
            person["nom"] = f"{person['nom']} {numero}"
    if numero in _EN_FAUTE:
        return tables
    gone = {person["code"] for person in people[len(people) - numero % 4 :]}
    tables["participants"] = [person for person in people if person["code"] not in gone]
    for nom in ("immersions", "heures"):
        if nom in tables:
            tables[nom] = [row for row in tables[nom] if row["participant"] not in gone]
    for person in tables["participants"][numero % 3 :: 5]:
        _sans_solution(person)
    if numero % 5 == 2:
        tables["depenses"][0]["justificatif"] = False
    part = Decimal(100 - 3 * (numero % 7)) / 100
    for row in tables["depenses"]:
        for nom in {"montant", "montant_retenu"} & row.keys():
            row[nom] = arrondi(Decimal(row[nom]) * part)
    return tables


def _sans_solution(person: Ligne) -> None:
    if "situation" in person:
        for nom in _CONTRAT:
            person.pop(nom, None)
        person["situation"] = "sans_solution"


def _anterieur(exemple: Exemple) -> Exemple:
    """The same return a month before, without its last expenses."""
    tables: Mapping[str, list[Ligne]] = exemple.tables
    shorter = {nom: rows[:-3] if nom == "depenses" else rows for nom, rows in tables.items()}
    declared = exemple.operation["a_jour_au"] - timedelta(days=31)
    return replace(exemple, operation={**exemple.operation, "a_jour_au": declared}, tables=shorter)
