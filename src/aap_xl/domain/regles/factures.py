"""D, continued: documents — those counted twice, shared between lines, and credit notes."""

from collections.abc import Hashable, Iterator
from datetime import date
from decimal import Decimal

from aap_xl.anomalies import Constat, Dit, rule
from aap_xl.appels.model import Decision
from aap_xl.domain.data import Donnees, once
from aap_xl.domain.eligibilite import avoir, montant
from aap_xl.domain.regles.tools import constat, doublons, groupes, utilise
from aap_xl.euros import ZERO, arrondi, format_euros, somme
from aap_xl.francais import cite, enumere
from aap_xl.rows import Depense
from aap_xl.texte import normaliser

_Piece = tuple[Hashable, ...]


def _piece(x: Depense) -> _Piece | None:
    """One document: its reference, its supplier, its period or its date; ``None`` when it can't be told apart."""
    if not x.document or x.montant is None:
        return None
    service = sorted(day for day in (x.prestation_du, x.prestation_au) if day)
    days: tuple[date | None, ...] = tuple(service) or (x.date_piece,)
    return normaliser(x.document), normaliser(x.fournisseur), days


def _ligne(x: Depense) -> str:
    return (x.ligne_budget or "").casefold()


@rule("D05", on=Donnees)
def piece_en_double(d: Donnees, _: Donnees) -> Iterator[Constat]:
    """A document is counted once: same reference, supplier, date or period, amount and budget line."""

    def same(x: Depense) -> _Piece | None:
        piece = _piece(x)
        return piece and (*piece, x.montant, _ligne(x))

    for x, premiere in doublons(d.depenses, same):
        texte = f"la pièce {cite(x.document or '')} est déjà comptée à la ligne {premiere.ligne} pour le même montant"
        yield constat(x, "document", Dit(texte, "retirez l'une des deux"), d)


@rule("D14", on=Donnees)
def piece_sur_deux_lignes(d: Donnees, _: Donnees) -> Iterator[Constat]:
    """The same amount of one document on two budget lines is two named halves, or a mistake."""
    for rows in _pieces(d):
        for euros, same in groupes(rows, lambda x: x.montant).items():
            parts = list({_ligne(x): x for x in reversed(same)}.values())[::-1]
            for x in parts[1:]:
                texte = f"la pièce {cite(x.document or '')} est aussi à la ligne {parts[0].ligne}, sur une autre ligne "
                texte += f"de budget, pour le même montant ({format_euros(_euros(euros))})"
                numero = f"{x.document} (1/2)"
                remede = f"retirez l'une des deux, ou numérotez les parts ({cite(numero)}…)"
                yield constat(x, "document", Dit(texte, remede), d)


@rule("D15", on=Donnees)
def piece_partagee(d: Donnees, _: Donnees) -> Iterator[Constat]:
    """A document shared between several rows is told, with its total."""
    for rows in _pieces(d):
        parts = list({(x.montant, _ligne(x)): x for x in rows}.values())
        if len({x.montant for x in parts}) > 1 and parts[0].fournisseur:
            total = somme(map(montant, parts))
            places = enumere(str(x.ligne) for x in parts)
            texte = f"la pièce {cite(parts[-1].document or '')} est partagée entre les lignes {places}, "
            texte += f"{format_euros(total)} en tout"
            yield constat(parts[-1], "document", Dit(texte, "vérifiez que c'est bien le total de la pièce"), d)


def _pieces(d: Donnees) -> Iterator[list[Depense]]:
    """The rows of each document that has several, credit notes left out."""
    found = groupes((x for x in d.depenses if not avoir(x)), _piece)
    return (rows for rows in found.values() if len(rows) > 1)


def _euros(value: object) -> Decimal:
    return value if isinstance(value, Decimal) else ZERO


@once
def _factures(d: Donnees) -> dict[Hashable, list[Depense]]:
    """The invoices by their reference."""
    return groupes((x for x in d.depenses if not avoir(x)), lambda x: normaliser(x.document) if x.document else None)


def _liees(x: Depense, d: Donnees) -> list[Depense]:
    """The rows of the invoice that a row names, of the same supplier when both say theirs."""
    wanted = normaliser(x.fournisseur)
    named = _factures(d).get(normaliser(x.facture_liee), ())
    return [y for y in named if not (wanted and y.fournisseur) or normaliser(y.fournisseur) == wanted]


@rule("D12", on=Depense)
def avoir_sans_facture(x: Depense, d: Donnees) -> Iterator[Constat]:
    """A negative amount is a credit note, which names an invoice of the sheet; an invoice names none."""
    if x.montant is None or not (avoir(x) or x.facture_liee):
        return
    euros = format_euros(arrondi(x.montant))
    if not avoir(x):
        texte = Dit(f"{euros} avec une facture liée : un avoir s'inscrit en négatif", "mettez le signe −, ou videz-la")
        yield constat(x, "facture_liee", texte, d)
    elif not utilise(x, "facture_liee", d):
        texte = Dit(f"{euros} est négatif : un avoir se rattache à sa facture", "vérifiez le signe, citez la facture")
        yield constat(x, "montant", texte, d)
    elif not x.facture_liee:
        texte = Dit(f"{euros} : cet avoir ne nomme pas la facture qu'il réduit", "inscrivez son n°, ou ôtez le signe −")
        yield constat(x, "facture_liee", texte, d)
    elif not _liees(x, d):
        texte = Dit(f"la facture {cite(x.facture_liee)} n'est pas dans la feuille", "reprenez son n° de pièce")
        yield constat(x, "facture_liee", texte, d)


@rule("D13", on=Donnees)
def avoir_incoherent(d: Donnees, _: Donnees) -> Iterator[Constat]:
    """Credit notes do not exceed their invoice, are on its budget line, and follow its refusal."""
    rendus: dict[Hashable, list[Depense]] = {}
    for x in d.depenses:
        factures = _liees(x, d) if avoir(x) and x.facture_liee else []
        if not factures:
            continue
        key = normaliser(x.facture_liee), normaliser(factures[0].fournisseur)
        rendus.setdefault(key, []).append(x)
        rendu, facture = -somme(map(montant, rendus[key])), somme(map(montant, factures))
        if rendu > facture and all(y.montant is not None for y in factures):
            texte = f"{format_euros(rendu)} d'avoirs pour une facture de {format_euros(facture)}"
            yield constat(x, "montant", Dit(texte, "corrigez le montant, ou la facture liée"), d)
        elif _ligne(x) not in {_ligne(y) for y in factures}:
            autre = cite(factures[0].ligne_budget or "")
            texte = f"l'avoir n'est pas sur la ligne de budget de sa facture ({autre})"
            yield constat(x, "ligne_budget", Dit(texte, "mettez-le sur la même ligne"), d)
        elif x.decision != Decision.REFUSEE and all(y.decision == Decision.REFUSEE for y in factures):
            texte = "la facture de cet avoir est refusée, il serait déduit sans elle"
            yield constat(x, "decision", Dit(texte, "refusez-le aussi"), d)
