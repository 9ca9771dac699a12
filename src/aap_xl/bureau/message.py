"""The message that goes with a returned workbook: a draft, in French, the same bytes for the same content."""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from email import policy
from email.message import EmailMessage
from itertools import groupby
from unicodedata import category

from aap_xl.anomalies import Anomalie, Gravite
from aap_xl.bureau.discretion import Discretion
from aap_xl.domain.calendrier import echeance_bilan, echeances_bilan
from aap_xl.domain.donnees import Donnees
from aap_xl.domain.nir import masquer
from aap_xl.domain.regles.outils import compte

MONTREES = 5
"""Anomalies told per severity and sheet; the workbook has them all."""
_ADRESSE = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@([A-Za-z0-9-]+\.)+[A-Za-z]{2,}"
)
_PLUS_LONGUE = 254
_CONTROLE = ("Cc", "Cf", "Cs")
_TITRES = {
    Gravite.BLOQUANTE: ("anomalie bloquante", "anomalies bloquantes", "à corriger avant tout"),
    Gravite.A_VERIFIER: ("point à vérifier", "points à vérifier", "à corriger, ou à expliquer"),
    Gravite.INFORMATION: ("information", "informations", "rien à faire si c'est voulu"),
}
_XLSX = "vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_XLSM = "vnd.ms-excel.sheet.macroEnabled.12"


@dataclass(frozen=True, slots=True)
class Partie:
    """What the message says of one workbook.

    Attributes: appel: its call; jointe: whether its annotated copy goes with the message; texte: what is wrong with
                it and when it is due, without what was typed.
    """

    appel: str
    jointe: bool
    texte: str


def une_ligne(texte: str) -> str:
    """A text that fits in a header: no line end, no control character, no NIR."""
    return masquer(" ".join("".join(char if char.isprintable() else " " for char in texte).split()))


def des_lignes(texte: str) -> str:
    """A text as its author laid it out: its lines and what begins them stay, control characters and NIR do not."""
    lines = ["".join(" " if category(char) in _CONTROLE else char for char in line) for line in texte.splitlines()]
    return masquer("\n".join(line.rstrip() for line in lines).strip())


def adresse(texte: str | None) -> str:
    """The e-mail address of a cell if it is exactly one, ``""`` otherwise."""
    found = (texte or "").strip()
    return found if len(found) <= _PLUS_LONGUE and _ADRESSE.fullmatch(found) else ""


def partie(donnees: Donnees, anomalies: Sequence[Anomalie], *, absence: str = "") -> Partie:
    """What the message will say of one workbook.

    Args: absence: why no annotated copy goes with the message, in French; every anomaly is then told.
    """
    lines = [f"Classeur « {une_ligne(donnees.source)} »", donnees.appel.nom]
    if donnees.operation.intitule:
        lines.append(f"Opération : {une_ligne(donnees.operation.intitule)}")
    lines += ["", *_deadline(donnees), "", *_anomalies(donnees, anomalies, toutes=bool(absence))]
    if absence:
        lines += ["", f"Toutes les anomalies sont ci-dessus : {absence}"]
    return Partie(donnees.appel.nom, not absence, "\n".join(lines))


def _deadline(donnees: Donnees) -> Iterator[str]:
    """When the bilan is due, after both ends the call names; the earlier one counts."""
    due = echeances_bilan(donnees.operation, donnees.appel)
    earliest = echeance_bilan(donnees.operation, donnees.appel)
    if earliest is None:
        yield "Échéance du bilan final : inconnue, la fin de l'opération n'est pas saisie (feuille Opération)."
        return
    yield "Échéance du bilan final :"
    for libelle, day in due.items():
        mark = "  ← c'est cette date qui compte, la plus proche" if day == earliest and len(due) > 1 else ""
        yield f"  - d'après la {libelle} : {day:%d/%m/%Y}{mark}"
    yield f"  {_etat(donnees, earliest)}"


def _etat(donnees: Donnees, due: date) -> str:
    filed = donnees.operation.date_bilan
    if filed is not None:
        late = (filed - due).days
        return f"Bilan déposé le {filed:%d/%m/%Y}" + (f", avec {compte(late, 'jour')} de retard." if late > 0 else ".")
    days = (donnees.aujourdhui - due).days
    if days > 0:
        return f"ATTENTION : l'échéance du {due:%d/%m/%Y} est dépassée de {compte(days, 'jour')}."
    return f"Il reste {compte(-days, 'jour')} avant le {due:%d/%m/%Y}." if days else "L'échéance est aujourd'hui."


def comptes(anomalies: Iterable[Anomalie]) -> dict[Gravite, int]:
    """How many anomalies of each severity."""
    found = dict.fromkeys(Gravite, 0)
    for item in anomalies:
        found[item.gravite] += 1
    return found


def resume(nombres: Mapping[Gravite, int]) -> str:
    """``2 anomalies bloquantes, 1 point à vérifier``."""
    return ", ".join(f"{n} {_TITRES[g][n > 1]}" for g, n in nombres.items() if n) or "aucune anomalie"


def _anomalies(donnees: Donnees, anomalies: Sequence[Anomalie], *, toutes: bool) -> Iterator[str]:
    """By severity then by sheet; the count first."""
    if not anomalies:
        yield "Le contrôle n'a relevé aucune anomalie."
        return
    yield f"Le contrôle du {donnees.aujourdhui:%d/%m/%Y} a relevé : {resume(comptes(anomalies))}."
    discretion = Discretion(donnees)
    for gravite, (one, several, what) in _TITRES.items():
        group = [item for item in anomalies if item.gravite is gravite]
        if not group:
            continue
        title = f"{len(group)} {one if len(group) == 1 else several}".upper()
        yield from ("", f"{title} ({what})")
        for feuille, items in groupby(group, key=discretion.feuille):
            yield from _feuille(feuille, list(items), discretion, limite=len(group) if toutes else MONTREES)


def _feuille(feuille: str, items: Sequence[Anomalie], discretion: Discretion, limite: int) -> Iterator[str]:
    yield f"  {feuille} ({len(items)})"
    for item in items[:limite]:
        place = ", ".join(part for part in (item.cell.adresse, discretion.entete(item)) if part)
        text = discretion.message(item)
        yield f"  - {place + ' : ' if place else ''}{text} [{item.code} ; {item.article}]"
    rest = len(items) - limite
    if rest > 0:
        yield f"    et {rest} {'autre' if rest == 1 else 'autres'} : voir la feuille Contrôle"


def courriel(
    porteur: str, destinataires: Sequence[str], commentaire: str, parties: Sequence[Partie], copies: dict[str, bytes]
) -> bytes:
    """The message as a draft that a mail program opens: no date and no identifier, which sending will add.

    Args: destinataires: valid addresses, or none; commentaire: as `des_lignes` gives it; copies: files, by name.
    """
    message = EmailMessage(policy=policy.SMTP)
    message["Subject"] = _objet(porteur, parties)
    if destinataires:
        message["To"] = ", ".join(destinataires)
    message["X-Unsent"] = "1"
    body = _corps(porteur, commentaire, parties)
    message.set_content(body, charset="utf-8", cte="quoted-printable")
    message["Content-Language"] = "fr"  # not before: a new content takes the former one's headers away
    for nom, content in copies.items():
        kind = _XLSM if nom.lower().endswith(".xlsm") else _XLSX
        message.add_attachment(content, maintype="application", subtype=kind, filename=nom)
    if copies:
        digest = hashlib.sha256(b"".join([body.encode(), *copies.values()])).hexdigest()
        message.set_boundary(f"=_aap_{digest[:40]}")
    return message.as_bytes()


def _objet(porteur: str, parties: Sequence[Partie]) -> str:
    calls = sorted({item.appel for item in parties})
    what = "Classeur de suivi à reprendre" if len(parties) == 1 else f"{len(parties)} classeurs de suivi à reprendre"
    who = une_ligne(porteur)
    return une_ligne(" - ".join(part for part in (what, ", ".join(calls), who) if part))[:200]


def _corps(porteur: str, commentaire: str, parties: Sequence[Partie]) -> str:
    who = une_ligne(porteur)
    several = len(parties) > 1
    lines = [
        "Madame, Monsieur,",
        "",
        f"{'Vos classeurs' if several else 'Votre classeur'} de suivi"
        f"{f' ({who})' if who else ''} {'vous sont renvoyés' if several else 'vous est renvoyé'} par le service "
        "instructeur du Département, avec ce commentaire :",
        "",
        commentaire,
    ]
    for item in parties:
        lines += ["", "-" * 72, "", item.texte]
    lines += ["", "-" * 72, "", *_suite(sum(item.jointe for item in parties))]
    return "\n".join(lines) + "\n"


def _suite(copies: int) -> Iterator[str]:
    yield "Que faire maintenant ?"
    if copies:
        joined = "La copie jointe est votre classeur" if copies == 1 else "Les copies jointes sont vos classeurs"
        yield f"1. {joined}, rien n'y a été retiré. La feuille Contrôle liste toutes les anomalies, avec un lien vers"
        yield "   chaque cellule ; les cellules à revoir y sont colorées."
        here = "cette copie" if copies == 1 else "ces copies"
        yield f"2. Corrigez dans {here}, sans renommer les feuilles ni les colonnes, et sans changer les codes."
    else:
        yield "1. Rouvrez votre classeur et corrigez les cellules indiquées ci-dessus."
        yield "2. Ne renommez ni les feuilles ni les colonnes, et ne changez pas les codes."
    yield "3. Renvoyez le classeur corrigé au service instructeur, par le moyen habituel."
    yield ""
    yield f"Par prudence, ce message ne cite pas les textes saisis : {'« … »'} se lit dans le classeur."
    yield "Le classeur contient des données personnelles : ne le transmettez qu'aux personnes qui en ont besoin."
    yield ""
    yield "Le service instructeur"
