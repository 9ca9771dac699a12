"""The clean dossier of a call with one thing changed: each cell of its form and of each table's first and last line.

A date moves about every other date of its line, of the operation and the day of reading; a choice takes each item of
its list; a number becomes zero, negative, larger; anything goes blank, unreadable, without its column; a line is
cleared or repeated, a table emptied, its sheet lost.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import chain
from random import Random
from typing import Any

import cas as cases
from besoins import possibles, sans
from cas import Cas
from modeles import variante

from aap_xl.appels.model import Appel
from aap_xl.appels.models import modele, operation
from aap_xl.cells import Cell
from aap_xl.domain import facts
from aap_xl.domain.expected import Attendu, Doute
from aap_xl.domain.facts import Fait
from aap_xl.rows import Nature, Operation, Row
from aap_xl.rows.fields import Champ

_DAY = timedelta(days=1)
_DECIMALS = {Nature.MONTANT, Nature.NOMBRE, Nature.HEURES, Nature.TAUX}
_CHANGES = 2
"""Of each case."""
_TEXT = "Autre-Test"

_NEEDED = {"depenses.motif", "charges.poste", "participants.contact_suivi"}
"""Columns without which the summaries of the calls have no formula."""

_ADDED: dict[str, dict[str, Any]] = {
    "salaires": {
        "ligne_budget": "P1",
        "mois": date(2025, 4, 1),
        "brut": Decimal(2000),
        "cotisations": Decimal(800),
        "aides": Decimal(100),
        "quotite": Decimal("0.5"),
        "date_paiement": date(2025, 4, 30),
        "justificatif": True,
    }
}

Named = tuple[str, Cas]
"""What is changed, and the case."""


def variations(appel: Appel) -> Iterator[Named]:
    """Every change of one thing."""
    texte = cases.base_texte(appel.identite.code)
    yield from _form(appel, texte)
    for table in appel.classeur.tables:
        yield from _table(appel, table, texte["tables"].get(table, []), _marks(texte))
    yield from _twins(appel, texte["tables"]["participants"])
    for jour in sorted({day for mark in _marks(texte) for day in _about(mark)}):
        yield f"le {jour:%d/%m/%Y}", _cas(appel, aujourdhui=jour)


def crossed(appel: Appel) -> Iterator[Named]:
    """Every case of the call's, with a change of one cell drawn by its name, and on the day after the operation's."""
    fin = cases.base_texte(appel.identite.code)["operation"]["date_fin"]
    changes = list(variations(appel))
    cells = [(nom, cas) for nom, cas in changes if (cas.modifier or cas.operation) and not cas.absentes]
    for cas in cases.tous():
        if cas.appel == appel.identite.code and not (cas.vider or cas.retirer or cas.absentes):
            rng = Random(cas.nom)  # noqa: S311 - drawn to be the same each time
            tables = {change["table"] for change in (*cas.modifier, *cas.ajouter)}
            columns = [(nom, other) for nom, other in changes if any(x["table"] in tables for x in other.absentes)]
            for nom, other in (*rng.sample(cells, _CHANGES), *rng.sample(columns, min(_CHANGES, len(columns)))):
                yield f"{cas.regle} {cas.nom}, {nom}", _both(cas, other)
            yield f"{cas.regle} {cas.nom}, le lendemain de la fin", replace(cas, aujourdhui=fin + _DAY)


def _both(cas: Cas, other: Cas) -> Cas:
    lost = {(item["table"], nom) for item in other.absentes for nom in item["champs"]}
    return replace(
        cas,
        ajouter=[{nom: "" if (row["table"], nom) in lost else row[nom] for nom in row} for row in cas.ajouter],
        operation=cas.operation | other.operation,
        modifier=[*cas.modifier, *other.modifier],
        illisibles=[*cas.illisibles, *other.illisibles],
        absentes=other.absentes,
    )


def _cas(appel: Appel, **changed: Any) -> Cas:
    return Cas("", appel.identite.code, "", [], **changed)


def _marks(texte: Mapping[str, Any]) -> set[date]:
    """The days that count for everyone."""
    return {texte["aujourdhui"], texte["operation"]["date_debut"], texte["operation"]["date_fin"]}


def _about(day: date) -> Iterator[date]:
    return (day + shift * _DAY for shift in (-1, 0, 1))


def _form(appel: Appel, texte: Mapping[str, Any]) -> Iterator[Named]:
    form = texte["operation"]
    for nom in appel.classeur.operation:
        champ = operation(appel).champs[nom]
        for value in _values(appel, champ, form.get(nom), form.values(), _marks(texte)):
            yield f"{nom} = {_told(value)}", _cas(appel, operation={nom: value})
        yield f"{nom} illisible", _cas(appel, operation={nom: ""}, illisibles=[{"table": "operation", "champs": [nom]}])
    yield "sans formulaire", _cas(appel, formulaire=False)
    yield _lost(appel, Operation)


def _lost(appel: Appel, row: type[Row]) -> Named:
    fait = {"fait": "FeuilleAbsente", "feuille": row.feuille}
    vider = [] if row is Operation else [row.table]
    return f"{row.feuille} absente", _cas(appel, vider=vider, faits=[fait])


def _table(appel: Appel, table: str, rows: list[dict[str, Any]], marks: set[date]) -> Iterator[Named]:
    row = modele(appel, table)
    yield f"{table} vide", _cas(appel, vider=[table])
    yield _lost(appel, row)
    champs = [champ for champ in row.champs.values() if champ.nom in appel.classeur.tables[table].colonnes]
    typed = [champ for champ in champs if not champ.calcule]
    for champ in typed:
        yield f"{table} sans {champ.nom}", _without(appel, table, champ.nom, rows)
    for rank in sorted({1, len(rows)} if rows else ()):
        cells = rows[rank - 1]
        place = f"{table} {cells.get('code') or cells.get('participant') or rank}"
        yield f"{place} ôtée", _cas(appel, retirer=[{"table": table, "ligne": rank}])
        yield f"{place} répétée", _cas(appel, ajouter=[{"table": table, **cells}])
        for champ in typed:
            where = {"table": table, "ligne": rank}
            for value in _values(appel, champ, cells.get(champ.nom), cells.values(), marks):
                yield f"{place} {champ.nom} = {_told(value)}", _cas(appel, modifier=[{**where, champ.nom: value}])
            unread = [{**where, "champs": [champ.nom]}]
            yield (
                f"{place} {champ.nom} illisible",
                _cas(appel, modifier=[{**where, champ.nom: ""}], illisibles=unread),
            )
    if table in _ADDED and not rows:
        yield from _added(appel, table, typed, marks)


def _added(appel: Appel, table: str, typed: list[Champ], marks: set[date]) -> Iterator[Named]:
    """The same of a line that the clean dossier does not have."""
    cells = {"table": table, **_ADDED[table]}
    yield f"{table} ajoutée", _cas(appel, ajouter=[cells])
    for champ in typed:
        for value in _values(appel, champ, cells.get(champ.nom), cells.values(), marks):
            yield f"{table} {champ.nom} = {_told(value)}", _cas(appel, ajouter=[{**cells, champ.nom: value}])
        unread = [{"table": table, "ligne": 1, "champs": [champ.nom]}]
        yield f"{table} {champ.nom} illisible", _cas(appel, ajouter=[{**cells, champ.nom: ""}], illisibles=unread)


def _twins(appel: Appel, rows: list[dict[str, Any]]) -> Iterator[Named]:
    """One more line of « Participants » that looks like the first one, under its code, another, or none."""
    first, *_, last = rows
    nom, prenom, ne = first["nom"], first["prenom"], first["date_naissance"]
    alike = {
        "la même": {},
        "écrite autrement": {"nom": f" {nom.lower().replace('-', ' ')} ", "prenom": prenom.upper()},
        "nom et prénom inversés": {"nom": prenom, "prenom": nom},
        "jour et mois inversés": {"date_naissance": ne.replace(month=ne.day, day=ne.month)},
        "née le lendemain": {"date_naissance": ne + _DAY},
        "sans naissance": {"date_naissance": ""},
        "sans prénom": {"prenom": ""},
        "nom d'usage": {"nom": "AUTRE-TEST", "autre_nom": nom},
        "autre nom d'usage": {"nom": nom, "autre_nom": "AUTRE-TEST"},
        "un autre prénom": {"prenom": "Anne"},
        "deux lettres changées": {"nom": f"XX{nom[2:]}"},
        **{f"lettre {n} perdue": {"nom": nom[:n] + nom[n + 1 :]} for n in (0, 3, len(nom) - 1)},
        **{f"lettre {n} ajoutée": {"nom": f"{nom[:n]}B{nom[n:]}"} for n in (0, 3, len(nom))},
        **{f"lettre {n} changée": {"nom": f"{nom[:n]}B{nom[n + 1 :]}"} for n in (0, 3, len(nom) - 1)},
        "tiret changé": {"nom": nom.replace("-", "B")},
        "prénom d'une lettre de plus": {"prenom": f"{prenom}B"},
        "lettre et prénom changés": {"nom": f"B{nom[1:]}", "prenom": f"B{prenom[1:]}"},
    }
    entree, sortie = first["date_entree"], first["date_sortie"]
    stays = {
        "revenue le lendemain": {"date_entree": sortie + _DAY},
        "revenue le jour même": {"date_entree": sortie},
        "entrée la veille de sa sortie": {"date_entree": sortie - _DAY},
        "sortie avant": {"date_entree": entree - 9 * _DAY, "date_sortie": entree - _DAY},
        "sans entrée": {"date_entree": ""},
    }
    for code in (first["code"], first["code"].lower(), "K99", ""):
        for quoi, changed in (alike | stays).items():
            model = last | {"nom": nom, "prenom": prenom, "date_naissance": ne, "sexe": first["sexe"]}
            line = {"table": "participants", **model, "code": code, **changed}
            yield f"{quoi}, code {code or 'vide'}", _cas(appel, ajouter=[line])


def _without(appel: Appel, table: str, nom: str, rows: list[dict[str, Any]]) -> Cas:
    blank = [{"table": table, "ligne": rank, nom: ""} for rank in range(1, len(rows) + 1)]
    return _cas(appel, modifier=blank, absentes=[{"table": table, "champs": [nom]}])


def _values(appel: Appel, champ: Champ, held: Any, line: Iterable[Any], marks: set[date]) -> list[Any]:
    """What a cell may hold instead."""
    found: Iterable[Any]
    if champ.liste:
        found = [item.code for item in appel.elements.get(champ.liste, ())]
    elif champ.nature is Nature.OUINON:
        found = (True, False)
    elif champ.nature is Nature.DATE:
        days = {item for item in line if isinstance(item, date)} | marks
        found = sorted({day for mark in days for day in _about(mark)})
    elif champ.nature is Nature.ENTIER:
        found = (0, -1, 1, (held or 0) + 1, 1000)
    elif champ.nature in _DECIMALS:
        found = (Decimal(0), Decimal(-1), Decimal(held or 0) + Decimal("0.005"), Decimal(1), Decimal(1_000_000))
    else:
        found = (_TEXT,)
    return [value for value in dict.fromkeys(chain(found, ("",) if held is not None else ())) if value != held]


def _told(value: Any) -> str:
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    return f"{value}" or "rien"


def noticed() -> Iterator[Fait]:
    """Every kind of fact that reading may notice, in every wording."""
    cell = Cell("Participants", "B7", "Nom")
    names: tuple[dict[str, Any], ...] = (
        {"proche": "Autre"},
        {"autres": ("Un", "Deux")},
        {"autres": tuple("ABCDEFGHIJ")},
        {},
    )
    for own in names:
        yield facts.FeuilleAbsente(Cell("Comités"), **own)
        yield facts.ColonneAbsente(cell, "Prénom", **own)
        yield facts.FeuilleInconnue(Cell("Feuil1"), **own)
        yield facts.ColonneInconnue(cell, "Remarque", **own)
    yield facts.EntetesAbsents(cell, ("Code", "Nom"))
    yield from (facts.CelluleIllisible(cell, "a;b", attendu) for attendu in Attendu)
    for table, champ in (("personnel", "role"), ("participants", "mds"), ("operation", "mds"), ("actions", "mds")):
        yield facts.HorsListe(cell, "Zumba", ("A", "B"), table=table, champ=champ)
        yield facts.HorsListe(cell, "Zumba", tuple("ABCDEFGHIJ"), table=table, champ=champ)
    yield facts.HorsListe(cell, "Stage", (), "un stage n'est pas un emploi", "choisissez autre chose")
    yield from (facts.CelluleEnErreur(cell, saisi) for saisi in ("#N/A", ""))
    yield facts.FormuleSansValeur(cell, "")
    yield from (facts.CalculEcrase(cell, "35", table=table, champ="indirectes") for table in ("budget", "charges"))
    yield from (facts.FormulesPerdues(cell, entetes) for entetes in (("Âge",), ("Âge", "Classe")))
    for saisi, compris, compte in (
        *(("12,5", "12,5", ""), (" F1", "F1", ""), ("1 234", "1234", "")),
        *(("35:30", "35,5 h", "1,48"), ("28416:00", "1184", "1184")),
    ):
        yield facts.ComprisAutrement(cell, saisi, compris, compte)
    yield from (facts.MotCompris(cell, "CDDI", "SIAE", sauf) for sauf in ("", "sauf si c'est un CDD"))
    for nombre in (1, 2):
        yield facts.LignesSousLeTableau(cell, nombre, (5, 1, 6, 3))
        yield facts.LignesMasquees(cell, nombre)
        yield facts.CalculEnErreur(cell, "#REF!", nombre)
        yield facts.CalculEnErreur(cell, "", nombre)
    yield facts.CellulesFusionnees(cell, (5, 1, 6, 3))
    yield facts.EnteteEnDouble(cell, "BRSA")
    yield from (facts.IdentiteDouteuse(Cell(), doute) for doute in Doute)
    yield facts.IdentitesContraires(Cell(), "3.3 (2025)", "3.7 (2025)")
    yield from (facts.AutreVersion(Cell(), version, 2) for version in (None, 1))
    yield from (
        facts.VersionAnterieure(Cell(), 1, 2, colonnes, feuilles)
        for colonnes, feuilles in (((), ()), (("Dépenses : Prestation du",), ("Salaires",)), ((), ("Salaires",)))
    )
    yield facts.EnteteAutrementEcrit(cell, "BRSA ?", "BRSA")
    yield facts.LigneDeTotal(cell, "TOTAL")
    yield facts.PartieAbimee(Cell(), "xl/styles.xml")
    yield facts.PartieTropRiche(Cell(), "xl/styles.xml", 1000, "styles")
    yield facts.NirSaisi(cell, "[NIR masqué]")
    yield facts.NirDansUnNom(Cell("[NIR masqué]"), "[NIR masqué]")


def lessened(appel: Appel) -> Iterator[tuple[str, Appel]]:
    """The call without one of its tables, columns, lines of its form, or parts; those that it can't do without left."""
    tables = appel.classeur.tables
    for nom in tables:
        left = {other: feuille for other, feuille in tables.items() if other != nom}
        yield nom, variante(appel, classeur=variante(appel.classeur, tables=left))
    yield from ((besoin, sans(appel, besoin)) for besoin in possibles(appel) if besoin not in _NEEDED)
