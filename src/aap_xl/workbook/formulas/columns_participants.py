"""The computed columns of « Participants »: age, classes, follow-up, status, and who is who."""

from collections.abc import Callable

from aap_xl.appels.model import POINTS, SORTIE, Contact, Volet
from aap_xl.domain import computed, parcours, personnes, sorties
from aap_xl.workbook.formulas.lists import mois, seuils
from aap_xl.workbook.formulas.preuve import fautes, fins
from aap_xl.workbook.formulas.refs import Refs, texte

_P = "participants"


def age(r: Refs) -> str:
    """Completed years at the entry date."""
    naissance, entree = r.ici(_P, "date_naissance"), r.ici(_P, "date_entree")
    return f'IF(COUNT({naissance},{entree})<2,"",IF({naissance}>{entree},"",DATEDIF({naissance},{entree},"y")))'


def _interval(r: Refs, debut: str, ends: list[str], mois: str) -> str:
    """Column of the decision table: 1 open-ended, 2 length unknown, 3 and more by threshold reached.

    Args: ends: the days that end the contract; the first of those that are written does.
    """
    ended, fin = f"COUNT({','.join(ends)})", f"MIN({','.join(ends)})" if len(ends) > 1 else ends[0]
    signs = [(seuil.mois, ">" if seuil.strict else ">=") for seuil in seuils(r.appel)]
    dates = "".join(f"+({fin}+1{sign}EDATE({debut},{limit}))" for limit, sign in signs)
    stated = "".join(f"+({mois}{sign}{limit})" for limit, sign in signs)
    by_dates, by_months = f"IF({fin}<{debut},2,3{dates})", f"IF({mois}>0,3{stated},2)"
    return f"IF(COUNT({debut})*{ended},{by_dates},IF(ISNUMBER({mois}),{by_months},IF({ended},2,1)))"


def _classer(r: Refs, volet: Volet) -> str:
    """The class of a situation in the decision table of « Listes »; none while the dates prove nothing."""

    def ici(nom: str) -> str:
        return r.ici(_P, volet.champ(nom)) if r.a(_P, volet.champ(nom)) else '""'

    real = not volet.mois and r.appel.sorties and r.appel.sorties.preuve.duree_reelle
    ends = (fins(r) if real else []) or [ici("fin_contrat")]
    interval = _interval(r, ici("debut_contrat"), ends, ici("mois_contrat"))
    valide = r.ici(_P, "valide_par") if r.a(_P, "valide_par") else '""'
    validated = f'IF(OR({ici("precision")}="",{valide}=""),0,{3 + len(seuils(r.appel))})'
    row = f"INDEX(l_rangs,MATCH({ici('situation')},l_mots,0))"
    found = f"INDEX(m_sorties,{row},{interval}+{validated})"
    faults = ",".join(fautes(r, volet, row))
    if faults:
        found = f"IF(OR({faults}),{texte(sorties.A_QUALIFIER)},{found})"
    return f"IFERROR({found},{texte(sorties.A_QUALIFIER)})"


def classe(r: Refs) -> str:
    """The class of the exit, or the one that the officer forced."""
    computed = _classer(r, SORTIE)
    if r.a(_P, "classe_forcee", "motif_classe", "valide_par"):
        forcee, motif, nom = (r.ici(_P, c) for c in ("classe_forcee", "motif_classe", "valide_par"))
        computed = f'IF(AND({forcee}<>"",{motif}<>"",{nom}<>""),{forcee},{computed})'
    return f'IF({_sans_sortie(r)},"",{computed})'


def _sans_sortie(r: Refs) -> str:
    """Whether nobody left by this line: no exit is written, or the person came back."""
    sortie = f'{r.ici(_P, "date_sortie")}=""'
    if not r.appel.parcours.derniere_sortie:
        return sortie
    return f"OR({sortie},{r.ici(_P, 'parcours')}<>{texte(personnes.DERNIER)})"


def _classe_suivi(r: Refs, point: Volet) -> str:
    done = f"{r.ici(_P, point.contact)}={r.libelle('contacts', Contact.FAIT)}"
    return f'IF({_sans_sortie(r)},"",IF({done},{_classer(r, point)},""))'


def dynamique(champ: str) -> Callable[[Refs], str]:
    """Whether a class counts as dynamic."""
    return lambda r: f'IFERROR(INDEX(l_dynamiques,MATCH({r.ici(_P, champ)},l_classes,0)),"")'


def _echeance(r: Refs, point: Volet) -> str:
    sortie = r.ici(_P, "date_sortie")
    return f'IF({_sans_sortie(r)},"",IF(ISNUMBER({sortie}),EDATE({sortie},{mois(point)}),""))'


def _etat(r: Refs, point: Volet) -> str:
    sortie, contact = r.ici(_P, "date_sortie"), r.ici(_P, point.contact)
    echue = f"EDATE({sortie},{mois(point)})<=aujourdhui"
    etat = f'IF(ISNUMBER({sortie}),IF({echue},{texte(sorties.A_FAIRE)},{texte(sorties.NON_ECHU)}),"")'
    for code, mot in ((Contact.INJOIGNABLE, sorties.INJOIGNABLE), (Contact.FAIT, sorties.FAIT)):
        etat = f"IF({contact}={r.libelle('contacts', code)},{texte(mot)},{etat})"
    return f'IF({_sans_sortie(r)},"",{etat})'


_AU_POINT: dict[str, Callable[[Refs, Volet], str]] = {
    "echeance": _echeance,
    "etat": _etat,
    "classe": _classe_suivi,
    "dynamique": lambda r, point: dynamique(point.classe)(r),
}


def _au_point(nom: str, formula: Callable[[Refs, Volet], str]) -> Callable[[Refs], str]:
    return lambda r: next((formula(r, point) for point in r.appel.points if point.nom == nom), '""')


AUX_POINTS = {f"{champ}_{nom}": _au_point(nom, formula) for nom in POINTS for champ, formula in _AU_POINT.items()}
"""The columns of the follow-up points: the day it falls due, where it stands, the class, whether it is dynamic."""


def assiduite(r: Refs) -> str:
    """Half-days signed among those planned."""
    if not r.a(_P, "demi_journees_prevues", "demi_journees_emargees"):
        return '""'
    planned, signed = r.ici(_P, "demi_journees_prevues"), r.ici(_P, "demi_journees_emargees")
    return f'IF(COUNT({planned},{signed})<2,"",IF(AND({planned}>0,{signed}>=0),{signed}/{planned},""))'


def evolution(r: Refs) -> str:
    """How employability changed: its levels are listed lowest first."""
    if not r.a(_P, "employabilite_entree", "employabilite_sortie"):
        return '""'
    before, after = (f"MATCH({r.ici(_P, f'employabilite_{moment}')},l_employabilites,0)" for moment in _MOMENTS)
    better, worse, same = map(texte, (parcours.EN_PROGRES, parcours.EN_RECUL, parcours.STABLE))
    return f'IFERROR(IF({after}>{before},{better},IF({after}<{before},{worse},{same})),"")'


_MOMENTS = ("entree", "sortie")


def statut(r: Refs) -> str:
    """Where the line of a person stands."""

    def ici(nom: str) -> str:
        return r.ici(_P, nom)

    champs = r.tables[_P].champs
    started = "&".join(ici(c.nom) for c in champs if c.nom in computed.AMORCES)
    missing = ",".join(f'{ici(c.nom)}=""' for c in champs if c.obligatoire)
    statut = texte(computed.PRESENT)
    if r.a(_P, "date_sortie"):
        out = texte(computed.SORTI)
        late = [f"{ici(p.etat)}={texte(sorties.A_FAIRE)}" for p in r.appel.points if r.a(_P, p.etat)]
        if late:
            told = late[0] if len(late) == 1 else f"OR({','.join(late)})"
            out = f"IF({told},{texte(computed.SUIVI_A_FAIRE)},{out})"
        if r.a(_P, "classe"):
            out = f"IF({ici('classe')}={texte(sorties.A_QUALIFIER)},{texte(computed.SORTIE_A_QUALIFIER)},{out})"
        if r.appel.parcours.derniere_sortie:
            out = f"IF({ici('parcours')}={texte(personnes.DERNIER)},{out},{texte(computed.REVENU)})"
        entree, sortie = ici("date_entree"), ici("date_sortie")
        backwards = f"AND(COUNT({entree},{sortie})=2,{sortie}<{entree})"
        statut = f'IF({sortie}="",{statut},IF({backwards},{texte(computed.DATES_A_CORRIGER)},{out}))'
    return f'IF({started}="","",IF(OR({missing}),{texte(computed.A_COMPLETER)},{statut}))'


_PLAIN = {
    **dict.fromkeys("-'’.,\N{NO-BREAK SPACE}", " "),
    **dict.fromkeys("àáâäã", "a"),
    "ç": "c",
    **dict.fromkeys("éèêë", "e"),
    **dict.fromkeys("íîï", "i"),
    "ñ": "n",
    **dict.fromkeys("óôö", "o"),
    **dict.fromkeys("úùûü", "u"),
    "œ": "oe",
}
"""What the formula folds, of all that `texte.normaliser` does: the letters of French names, and a few more."""


def identite(r: Refs) -> str:
    """Name, first name and birth date without case, accents nor punctuation, when the three are there.

    A name in error is none: the columns that compare all lines would show its error on each of them.
    """
    known = ("nom", "prenom", "date_naissance")
    if not r.a(_P, *known):
        return '""'
    nom, prenom, ne = (r.ici(_P, champ) for champ in known)
    plain = f'LOWER({nom}&" | "&{prenom})'
    for letter, kept in _PLAIN.items():
        plain = f"SUBSTITUTE({plain},{texte(letter)},{texte(kept)})"
    return f'IFERROR(IF(OR({nom}="",{prenom}="",NOT(ISNUMBER({ne}))),"",TRIM({plain})&" | "&{ne}),"")'


def personne(r: Refs) -> str:
    """The code under which the person of a line first came; a code in error is none."""
    code = f'{r.ici(_P, "code")}&""'
    if not (r.appel.parcours.identites_reunies and r.a(_P, "nom", "prenom", "date_naissance")):
        return f'IFERROR({code},"")'
    known = r.ici(_P, "identite")
    first = f"INDEX({r.col(_P, 'code')},MATCH({known},{r.col(_P, 'identite')},0))"
    return f'IFERROR(IF({known}="",{code},IF({first}="",{known},{first}&"")),{known})'


def ordre(r: Refs) -> str:
    """The day of entry as a number, 0 if it is none: what compares all lines finds no error, nor a text, there.

    A cell in error starts a line as any other does.
    """
    entree = r.ici(_P, "date_entree")
    started = "&".join(r.ici(_P, c.nom) for c in r.tables[_P].champs if c.nom in computed.AMORCES_PARCOURS)
    return f'IF(IFERROR({started},"?")="","",IF(ISNUMBER({entree}),INT({entree}),0))'


def suivie(r: Refs) -> str:
    """The person and the action of a stay; none if one is not known, or in error."""
    if not r.a(_P, "action"):
        return '""'
    action = r.ici(_P, "action")
    return f'IFERROR(IF({action}="","",{r.ici(_P, "personne")}&" | "&{action}),"")'


def place(r: Refs) -> str:
    """Whether a stay is the last of its person, or of its action: no later entry, nor one of the same day below."""
    order, orders = r.ici(_P, "ordre"), r.col(_P, "ordre")

    def nothing_after(champ: str) -> str:
        after = f"({orders}>{order})+({orders}={order})*(ROW({orders})>ROW())"
        return f"SUMPRODUCT(({r.col(_P, champ)}={r.ici(_P, champ)})*({after}))=0"

    found, last = texte(personnes.ANTERIEUR), texte(personnes.DERNIER)
    if r.a(_P, "suivie"):
        inside = f"IF({nothing_after('suivie')},{texte(personnes.DERNIER_ACTION)},{found})"
        found = f'IF({r.ici(_P, "suivie")}="",{found},{inside})'
    alone = f'IF({r.ici(_P, "personne")}="",TRUE,{nothing_after("personne")})'
    return f'IF({order}="","",IF({alone},{last},{found}))'
