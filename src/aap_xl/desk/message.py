"""The message that goes with a returned workbook: a draft, in French, the same bytes for the same content."""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from email import policy
from email.message import EmailMessage
from itertools import groupby
from unicodedata import category

from aap_xl.anomalies import Anomalie, Gravite
from aap_xl.desk.dispatch import Envoi, Partie, next_steps
from aap_xl.desk.quoting import Discretion
from aap_xl.domain.calendrier import echeance_bilan, echeances_bilan
from aap_xl.domain.data import Donnees
from aap_xl.domain.nir import masquer
from aap_xl.francais import compte, jour
from aap_xl.texte import visible

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
    lines = [donnees.appel.nom]
    if donnees.operation.intitule:
        lines.append(f"Opération : {une_ligne(donnees.operation.intitule)}")
    lines += ["", *_deadline(donnees), "", *_anomalies(donnees, anomalies, toutes=bool(absence))]
    wanted = a_corriger(comptes(anomalies))
    if absence:
        lines += ["", f"{'Toutes les anomalies sont ci-dessus' if wanted else 'Pour un prochain envoi'} : {absence}"]
    return Partie(
        appel=donnees.appel.nom,
        convention=donnees.operation.convention or "",
        debut=donnees.operation.date_debut,
        fichier=une_ligne(donnees.source),
        a_corriger=wanted,
        texte="\n".join(lines),
        service=donnees.appel.dit("service instructeur {du financeur}"),
    )


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
        yield f"  - d'après la {libelle} : {jour(day)}{mark}"
    yield f"  {_etat(donnees, earliest)}"


def _etat(donnees: Donnees, due: date) -> str:
    filed = donnees.operation.date_bilan
    if filed is not None:
        late = (filed - due).days
        return f"Bilan déposé le {jour(filed)}" + (f", avec {compte(late, 'jour')} de retard." if late > 0 else ".")
    days = (donnees.aujourdhui - due).days
    if days > 0:
        return f"ATTENTION : l'échéance du {jour(due)} est dépassée de {compte(days, 'jour')}."
    return f"Il reste {compte(-days, 'jour')} avant le {jour(due)}." if days else "L'échéance est aujourd'hui."


def comptes(anomalies: Iterable[Anomalie]) -> dict[Gravite, int]:
    """How many anomalies of each severity."""
    found = dict.fromkeys(Gravite, 0)
    for item in anomalies:
        found[item.gravite] += 1
    return found


def a_corriger(nombres: Mapping[Gravite, int]) -> bool:
    """Whether anything is asked for; information alone asks for nothing."""
    return any(n for gravite, n in nombres.items() if gravite is not Gravite.INFORMATION)


def resume(nombres: Mapping[Gravite, int]) -> str:
    """``2 anomalies bloquantes, 1 point à vérifier``."""
    return ", ".join(f"{n} {_TITRES[g][n > 1]}" for g, n in nombres.items() if n) or "aucune anomalie"


def verdict(nombres: Mapping[Gravite, int]) -> str:
    """The same, after « rien à corriger » where nothing is asked for."""
    found = resume(nombres)
    return found if a_corriger(nombres) else f"rien à corriger ({found})"


def _anomalies(donnees: Donnees, anomalies: Sequence[Anomalie], *, toutes: bool) -> Iterator[str]:
    """By severity then by sheet; the count first."""
    counts = comptes(anomalies)
    found = f"a relevé : {resume(counts)}." if anomalies else "n'a relevé aucune anomalie."
    clean = "" if a_corriger(counts) else " Rien n'est à corriger dans ce classeur."
    yield f"Le contrôle du {jour(donnees.aujourdhui)} {found}{clean}"
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


def courriel(porteur: str, destinataires: Sequence[str], commentaire: str, envois: Sequence[Envoi]) -> bytes:
    """The message as a draft that a mail program opens: no date and no identifier, which sending will add.

    Args: destinataires: valid addresses, or none; commentaire: as `des_lignes` gives it.
    """
    message = EmailMessage(policy=policy.SMTP)
    message["Subject"] = _objet(porteur, [item.partie for item in envois])
    if destinataires:
        message["To"] = ", ".join(destinataires)
    message["X-Unsent"] = "1"
    body = visible(_corps(porteur, commentaire, envois))
    message.set_content(body, charset="utf-8", cte="quoted-printable")
    message["Content-Language"] = "fr"  # not before: a new content takes the former one's headers away
    attached = [item for item in envois if item.jointe]
    for item in attached:
        kind = _XLSM if item.jointe.lower().endswith(".xlsm") else _XLSX
        message.add_attachment(item.octets, maintype="application", subtype=kind, filename=item.jointe)
    if attached:
        digest = hashlib.sha256(b"".join([body.encode(), *(item.octets for item in attached)])).hexdigest()
        message.set_boundary(f"=_aap_{digest[:40]}")
    return message.as_bytes()


def _objet(porteur: str, parties: Sequence[Partie]) -> str:
    calls = sorted({item.appel for item in parties})
    total, wanted = len(parties), sum(item.a_corriger for item in parties)
    what = f"{compte(wanted, 'classeur')} de suivi à reprendre sur {total}"
    if not wanted:
        what = (
            f"{'Classeur de suivi vérifié' if total == 1 else f'{total} classeurs de suivi vérifiés'} : rien à corriger"
        )
    elif wanted == total:
        what = f"{'Classeur' if total == 1 else f'{total} classeurs'} de suivi à reprendre"
    who = une_ligne(porteur)
    return une_ligne(" - ".join(part for part in (what, ", ".join(calls), who) if part))[:200]


def _corps(porteur: str, commentaire: str, envois: Sequence[Envoi]) -> str:
    who = une_ligne(porteur)
    several = len(envois) > 1
    done = "ont été vérifiés" if several else "a été vérifié"
    if any(item.partie.a_corriger for item in envois):
        done = "vous sont renvoyés" if several else "vous est renvoyé"
    lines = [
        "Madame, Monsieur,",
        "",
        f"{'Vos classeurs' if several else 'Votre classeur'} de suivi{f' ({who})' if who else ''} {done} par le "
        f"{envois[0].partie.service}, avec ce commentaire :",
        "",
        commentaire,
    ]
    for item in envois:
        copie = f"pièce jointe « {item.jointe} »" if item.jointe else "sans pièce jointe"
        lines += ["", "-" * 72, "", f"Classeur « {item.partie.fichier} » ({copie})", item.partie.texte]
    lines += ["", "-" * 72, "", *next_steps(envois)]
    return "\n".join(lines) + "\n"
