"""The words of a call, which texts cite between braces: ``"Présence {du slai}"`` → « Présence du SLAI ».

A noun is given once, with its article: ``slai = "le SLAI"``, ``convergence = "la association"`` (the article says the
gender, and elides by itself), ``economie = "les entreprises"``. Cited with an article or not, it agrees: ``{slai}``,
``{le slai}``, ``{du slai}``, ``{au slai}``, ``{un slai}``; a capital in what is cited (``{Slai}``, ``{Le slai}``)
begins with one. Any other text is cited as it is.
"""

from collections.abc import Iterator, Mapping

from aap_xl.patterns import pattern

_CITED = pattern(r"\{(?:([Ll]e|[Dd]u|[Aa]u|[Uu]n) )?(\w+)\}")
_NOUN = pattern(r"(l['’]|les? |la )(.+)")
_VOWELS = "aàâeéèêiîoôuûœ"
_FORMS: Mapping[str, Mapping[str, str]] = {
    "le": {"le ": "le ", "la ": "la ", "l'": "l'", "les ": "les "},
    "du": {"le ": "du ", "la ": "de la ", "l'": "de l'", "les ": "des "},
    "au": {"le ": "au ", "la ": "à la ", "l'": "à l'", "les ": "aux "},
    "un": {"le ": "un ", "la ": "une ", "l'": "un ", "les ": "des "},
}
"""What is written before a noun, by its own article."""

COURANTS: Mapping[str, str] = {
    "mds": "le territoire",
    "mds_long": "le territoire",
    "territoires": "les territoires",
    "slai": "le service référent",
    "financeur": "le financeur",
    "convergence": "l'organisme consulté",
    "economie": "les entreprises",
    "action": "l'action",
    "enveloppe": "l'enveloppe de formation",
}
"""The words that sheets and messages need, for a call that does not say its own."""


def vocabulaire(*tables: Mapping[str, object]) -> dict[str, str]:
    """Every word that may be cited: the usual ones, then those of each table, whose numbers are words too."""
    found = dict(COURANTS)
    for table in tables:
        found |= {
            nom: str(mot) for nom, mot in table.items() if isinstance(mot, (str, int)) and not isinstance(mot, bool)
        }
    return found


def dire(texte: str, mots: Mapping[str, str]) -> str:
    """A text, its words in their places.

    Raises: KeyError for a word that the call does not have.
    """
    return _CITED.sub(lambda found: _mot(found[1] or "", found[2], mots), texte) if "{" in texte else texte


def cites(texte: str) -> Iterator[str]:
    """The words that a text cites."""
    return (found[2].lower() for found in _CITED.finditer(texte))


def inconnus(texte: str, mots: Mapping[str, str]) -> Iterator[str]:
    """The words that a text cites and the call does not have."""
    return (found[2] for found in _CITED.finditer(texte) if found[2].lower() not in mots)


def _mot(article: str, nom: str, mots: Mapping[str, str]) -> str:
    mot = mots[nom.lower()]
    noun = _NOUN.fullmatch(mot)
    if noun is None:
        shown = mot
    else:
        own, bare = noun.groups()
        shown = _precede(article.lower(), own.replace("’", "'"), bare) + bare
    capital = (article or nom)[0].isupper()
    return shown[:1].upper() + shown[1:] if capital else shown


def _precede(article: str, own: str, bare: str) -> str:
    if not article:
        return ""
    elided = own in ("le ", "la ") and bare[0].lower() in _VOWELS and article != "un"
    return _FORMS[article]["l'" if elided else own]
