"""``aap-xl regle``: what a rule checks, which calls ask for it, two cases, how to correct and who can lift it.

``docs/regles.md`` is the same for every rule, drawn here too (`page`) and written by ``python tests/explications.py``.
"""

from collections.abc import Iterable, Iterator, Sequence

from aap_xl.appels.model import Appel, ReglageRegle
from aap_xl.domain.regles.explications import Exemple, Explication, dites, exemples, mots
from aap_xl.faces import display
from aap_xl.faces.as_json import imprimer
from aap_xl.faces.common import OnCalls
from aap_xl.faces.results.regle import code_demande, corriger, resultat
from aap_xl.records import record

_Reglage = tuple[str, str, str, str]
"""Severity, severity once over, article, what it says."""
_QUOI, _POURQUOI, _DEFAUT, _ADMIS, _CORRIGER, _QUI = (
    "Ce qui est vérifié",
    "Pourquoi",
    "Un cas en défaut",
    "Un cas admis",
    "Comment corriger",
    "Qui peut lever l'anomalie",
)


@record
class Request(OnCalls):
    """What ``regle`` takes."""

    code: str | None = None
    json: bool = False


def run(request: Request) -> int:
    """Explain one rule, or list them all.

    Returns: 0.
    Raises:  Refus for a code that no rule has.
    """
    appels = list(request.appels)
    code = code_demande(request.code) if request.code else ""
    if request.json:
        imprimer(resultat(code, appels))
    elif code:
        _montrer(code, appels)
    else:
        _lister(appels)
    return 0


def _lister(appels: Sequence[Appel]) -> None:
    """One table for each family; the severity of each call that switches the rule on."""
    known = dites(appels)
    for lettre, famille in mots("familles").items():
        codes = [code for code in known if code[0] == lettre]
        if codes:
            display.titre(f"{famille} ({len(codes)})")
            display.tableau(
                ("Code", "Règle", "Gravité"),
                [(code, known[code].titre, " ; ".join(_gravites(code, appels))) for code in codes],
                etroites=1,
            )
    display.phrase("\nPour en comprendre une : aap-xl regle CODE")


def _gravites(code: str, appels: Sequence[Appel]) -> Iterator[str]:
    for reglage, noms in _reglages(code, appels, article=False).items():
        yield f"{_gravite(reglage)} ({', '.join(noms)})"


def _reglages(code: str, appels: Sequence[Appel], *, article: bool = True) -> dict[_Reglage, list[str]]:
    """How the calls set a rule; the calls that agree are together."""
    found: dict[_Reglage, list[str]] = {}
    for appel in appels:
        reglage: ReglageRegle | None = appel.regles.get(code)
        if reglage:
            why = (reglage.article, reglage.citation) if article else ("", "")
            key = (str(reglage.gravite), str(reglage.gravite_finale or ""), *why)
            found.setdefault(key, []).append(appel.identite.code)
    return found


def _gravite(reglage: _Reglage) -> str:
    gravite, finale, *_ = reglage
    return f"{gravite}, puis {finale} une fois l'opération terminée" if finale else gravite


def _montrer(code: str, appels: Sequence[Appel]) -> None:
    display.titre(f"{code} · {dites(appels)[code].titre}")
    for titre, lignes in _sections(code, appels):
        display.titre(titre)
        for ligne in lignes:
            display.phrase(ligne)


def _sections(code: str, appels: Sequence[Appel]) -> Iterator[tuple[str, list[str]]]:
    """Everything about a rule, heading by heading."""
    explication, cas = dites(appels)[code], exemples()[code]
    yield _QUOI, [explication.quoi]
    yield _POURQUOI, list(_pourquoi(code, appels)) or ["Aucun des appels connus ne demande cette règle."]
    yield _DEFAUT, list(_exemple(cas.defaut))
    yield _ADMIS, list(_exemple(cas.admis))
    yield _CORRIGER, [f"{remede[:1].upper()}{remede[1:]}." for remede in corriger(code, explication)]
    yield _QUI, [explication.leve]


def _pourquoi(code: str, appels: Sequence[Appel]) -> Iterator[str]:
    for reglage, noms in _reglages(code, appels).items():
        *_, article, citation = reglage
        yield f"{', '.join(noms)} : {_gravite(reglage)} [{article}]"
        if citation:
            yield f"  « {citation} »"
    graves = dict.fromkeys(g for reglage in _reglages(code, appels) for g in reglage[:2] if g)
    for gravite in graves:
        yield f"{gravite[:1].upper()}{gravite[1:]} : {mots('gravites')[gravite]}."


def _exemple(cas: Exemple) -> Iterator[str]:
    yield f"{cas.appel} : {cas.nom}"
    for saisie in cas.saisies:
        yield f"  {saisie}"
    for dit in cas.dit:
        yield f"  → {dit}"


_ENTREE = """# Les règles de contrôle

<!-- Écrit par « python tests/explications.py » : ne pas modifier à la main. -->

Chaque anomalie de la feuille « Contrôle » porte le code de la règle qui l'a trouvée. Cette page dit ce que chaque règle
vérifie, quel article de quel appel le demande et avec quelle gravité, montre un cas en défaut et un cas admis, et dit
comment corriger et qui peut lever l'anomalie. `aap-xl regle CODE` dit la même chose d'une règle.

Un code ne change jamais de sens. « Règle du classeur » : aucun article ne le demande, mais sans cela le classeur ne
pourrait pas être lu sans deviner. « [I] » : notre lecture, là où le texte se tait.
"""


def page(appels: Iterable[Appel]) -> str:
    """Every rule, in Markdown: the text of ``docs/regles.md``."""
    appels = list(appels)
    known = dites(appels)
    lines = [_ENTREE]
    lines += [f"- **{gravite.capitalize()}** : {texte}." for gravite, texte in mots("gravites").items()]
    for lettre, famille in mots("familles").items():
        codes = [code for code in known if code[0] == lettre and code in exemples()]
        if codes:
            lines += ["", f"## {famille}", ""]
            lines += [f"- [{code}](#{code.lower()}) {known[code].titre}" for code in codes]
            for code in codes:
                lines += _en_markdown(code, appels, known[code])
    return "\n".join(lines) + "\n"


def _en_markdown(code: str, appels: Sequence[Appel], explication: Explication) -> Iterator[str]:
    cas = exemples()[code]
    yield from ("", f"### {code}", "", f"**{explication.titre}.** {explication.quoi}", "")
    for reglage, noms in _reglages(code, appels).items():
        *_, article, citation = reglage
        quoted = f" : « {citation} »" if citation else ""
        yield f"- {_POURQUOI} ({', '.join(noms)}, {_gravite(reglage)}) : {article}{quoted}."
    for titre, exemple in ((_DEFAUT, cas.defaut), (_ADMIS, cas.admis)):
        yield f"- {titre} ({exemple.appel}) : {exemple.nom}."
        yield from (f"  - {saisie}" for saisie in exemple.saisies)
        yield from (f"  - → {dit}" for dit in exemple.dit)
    yield f"- {_CORRIGER} : {' ; '.join(corriger(code, explication))}."
    yield f"- {_QUI} : {explication.leve[:1].lower()}{explication.leve[1:]}"
