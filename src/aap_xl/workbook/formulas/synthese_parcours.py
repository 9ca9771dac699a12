"""The blocks of « Tableau de bord » about what changed for people: objectives, attendance, before and after."""

from collections.abc import Sequence
from typing import Any

from aap_xl.appels.model import Frein
from aap_xl.domain.parcours import EN_PROGRES, EN_RECUL, STABLE
from aap_xl.domain.tableau import Ligne, Tableau
from aap_xl.texte import normaliser
from aap_xl.workbook.formulas.blocks import nombre, sorties_comptees, tableau, trio
from aap_xl.workbook.formulas.refs import Refs, texte
from aap_xl.workbook.layout import nom_defini as n

_P = "participants"
_PONCTUATION = "'’-."


def blocs(r: Refs) -> list[Tableau]:
    """The blocks, top to bottom; those the call does not need have no line."""
    return [_objectives(r), _attendance(r), _housing(r), _obstacles(r), _employability(r)]


def _out(r: Refs, *criteria: tuple[str, str]) -> str:
    """How many exits that count meet every criterion."""
    pairs = [("date_sortie", '"<>"'), *sorties_comptees(r), *criteria]
    return f"COUNTIFS({','.join(f'{r.col(_P, champ)},{value}' for champ, value in pairs)})"


def _objectives(r: Refs) -> Tableau:
    if not r.a(_P, "objectif", "resultat", "date_sortie"):
        return tableau("objectifs", "", (), ())
    whole = n("bord.avec_objectif")
    lignes: list[Ligne] = [
        ("Sorties avec un objectif individuel", nombre("bord.avec_objectif", _out(r, ("objectif", '"<>"'))))
    ]
    for item in r.appel.elements.get("resultats", ()):
        count = _out(r, ("objectif", '"<>"'), ("resultat", texte(item.libelle)))
        lignes.append((f"dont {item.libelle.lower()}", *trio("resultat", count, whole, item.code)))
    return tableau("objectifs", "Objectifs individuels", ("Nombre", "Fraction", "Part"), tuple(lignes))


def _attendance(r: Refs) -> Tableau:
    if not r.a(_P, "demi_journees_prevues", "demi_journees_emargees"):
        return tableau("assiduite", "", (), ())
    planned, signed = r.col(_P, "demi_journees_prevues"), r.col(_P, "demi_journees_emargees")

    def total(column: str) -> str:
        return f'SUMIFS({column},{planned},">0",{signed},">=0")'

    lignes = (
        ("Demi-journées prévues", nombre("bord.demi_journees", total(planned))),
        ("dont émargées", *trio("emargees", total(signed), n("bord.demi_journees"))),
    )
    note = "Parcours dont les demi-journées prévues et émargées sont connues."
    return tableau("assiduite", "Assiduité", ("Nombre", "Fraction", "Taux"), lignes, note)


def _housing(r: Refs) -> Tableau:
    both = ("hebergement", "hebergement_sortie")
    if not r.a(_P, "date_sortie", *both):
        return tableau("logement", "", (), ())
    lignes: list[Ligne] = []
    for item in r.appel.elements.get("hebergements", ()):
        values = []
        for cle, champ, other in (("avant", *both), ("apres", *both[::-1])):
            count = _out(r, (champ, texte(item.libelle)), (other, '"<>"'))
            values.append(nombre(f"bord.logement_{cle}:{item.code}", count))
        lignes.append((item.libelle, *values))
    note = "Sorties pour lesquelles les deux situations sont connues."
    return tableau("logement", "Logement des personnes sorties", ("À l'entrée", "À la sortie"), tuple(lignes), note)


def _obstacles(r: Refs) -> Tableau:
    both = ("freins_entree", "freins_sortie")
    if not r.a(_P, "date_sortie", *both):
        return tableau("freins", "", (), ())
    items = r.appel.elements.get("freins", ())
    texts = [_folded(r.col(_P, champ), items) for champ in both]
    out = [("date_sortie", '<>""'), *((champ, f"={value}") for champ, value in sorties_comptees(r))]
    known = "*".join(f"({r.col(_P, champ)}{test})" for champ, test in (*out, *((champ, '<>""') for champ in both)))
    lignes: list[Ligne] = [
        ("Sorties dont les freins sont connus", nombre("bord.freins_connus", f"SUMPRODUCT({known})"))
    ]
    for item in items:
        if item.code == Frein.AUCUN:
            continue
        before, after = (_names(text, item) for text in texts)
        counts = {"avant": before, "apres": after, "leves": f"{before}*(1-{after})"}
        values = [nombre(f"bord.freins_{cle}:{item.code}", f"SUMPRODUCT({known}*{c})") for cle, c in counts.items()]
        lignes.append((item.libelle, *values))
    note = "Sorties pour lesquelles les deux situations sont connues ; levé : cité à l'entrée, plus à la sortie."
    return tableau(
        "freins", "Freins des personnes sorties", ("À l'entrée", "À la sortie", "Levés"), tuple(lignes), note
    )


def _folded(column: str, items: Sequence[object]) -> str:
    """Cells that name several items, as « ;acces aux droits;sante; »: what `domain.parcours.cites` compares.

    Of accents, those that the list has are folded.
    """
    written = {*_PONCTUATION, *(char for item in items for word in _words(item) for char in word.casefold())}
    plain = {char: normaliser(char) or " " for char in sorted(written - {" "}) if char != normaliser(char)}
    folds = {**plain, "CHAR(160)": " ", "CHAR(10)": ";", ",": ";"}
    text = f"LOWER({column})"
    for old, new in folds.items():
        text = f"SUBSTITUTE({text},{old if old.startswith('CHAR(') else texte(old)},{texte(new)})"
    text = f"TRIM({text})"
    for spaced in (" ;", "; "):
        text = f'SUBSTITUTE({text},"{spaced}",";")'
    return f'";"&{text}&";"'


def _words(item: Any) -> tuple[str, ...]:
    """What names an item of a list."""
    return item.libelle, item.code, *item.alias


def _names(text: str, item: Any) -> str:
    """Whether folded cells name an item: they are shorter without its words."""
    without = text
    for word in sorted({normaliser(word) for word in _words(item)}):
        without = f'SUBSTITUTE({without},";{word};","")'
    return f"(LEN({text})>LEN({without}))"


def _employability(r: Refs) -> Tableau:
    if not r.a(_P, "evolution", "date_sortie"):
        return tableau("evolution", "", (), ())
    words = (EN_PROGRES, STABLE, EN_RECUL)
    counts = [_out(r, ("evolution", texte(word))) for word in words]
    lignes: list[Ligne] = [("Sorties dont l'évolution est connue", nombre("bord.evolutions", "+".join(counts)))]
    for word, count in zip(words, counts, strict=True):
        lignes.append((f"dont {word.lower()}", *trio("evolution", count, n("bord.evolutions"), word)))
    return tableau("evolution", "Évolution de l'employabilité", ("Nombre", "Fraction", "Part"), tuple(lignes))
