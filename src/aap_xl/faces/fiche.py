"""``aap-xl appels``: the calls at hand, and everything one of them says, for an officer to proof-read.

The sheet is drawn from the model itself: a value added to a call's file is shown without a change here.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from aap_xl.anomalies import RULES
from aap_xl.appels.model import Appel, Classeur, Condition, Modele, ReglageRegle
from aap_xl.dossier import catalogue
from aap_xl.euros import format_euros
from aap_xl.faces import affichage
from aap_xl.faces.commun import appel_demande
from aap_xl.faces.libelles import LIBELLES, VALEURS, phrase
from aap_xl.rows import TABLES, Champ, Operation

_EUROS = {"plafond_subvention", "tolerance"}
_PARTS = {"taux", "seuil"}
_RIEN = "non fixé par l'appel"
_LISTES = {
    "formes_eligibles": "formes",
    "liens_requis": "liens",
    "hebergement": "hebergements",
    "assiette": "postes",
    "ressource_departement": "ressources",
    "ressource_aides_emploi": "ressources",
    "situation": "situations",
    "classe": "classes",
    "classe_retrait": "classes",
    "pieces_par_situation": "pieces",
}
"""Keys whose values are codes: the list that words them."""


def appels(args: Any) -> int:
    """List the calls, or show one.

    Returns: 0.
    """
    known = catalogue(args.dossiers or ())
    if args.code:
        montrer(appel_demande(args, known))
        return 0
    affichage.tableau(
        ("Code", "Année", "Intitulé", "Dépôts", "Durée", "Plafond", "Règles"),
        [_resume(item) for item in known],
        etroites=2,
    )
    affichage.phrase("\nPour relire un appel : aap-xl appels CODE")
    return 0


def _resume(appel: Appel) -> tuple[str, ...]:
    plafond = appel.budget.plafond_subvention
    return (
        appel.identite.code,
        str(appel.identite.millesime),
        appel.identite.intitule,
        " ; ".join(f"{item.depot_du:%d/%m}–{item.depot_au:%d/%m/%Y}" for item in appel.depots),
        f"{appel.operation.duree_max_mois} mois",
        format_euros(plafond) if plafond is not None else "–",
        str(len(appel.regles)),
    )


def montrer(appel: Appel) -> None:
    """Every value of a call, section by section."""
    affichage.titre(appel.nom)
    for nom in appel.champs():
        value = getattr(appel, nom)
        if nom == "classeur":
            _classeur(value)
        elif nom == "regles":
            _regles(value)
        elif nom not in {"schema_version", "listes"}:
            _montrer(nom, value, appel)
    for nom, items in (appel.listes or {}).items():
        _table(f"Liste « {nom} »", items, appel)


def _montrer(nom: str, value: Any, appel: Appel) -> None:
    """One section: its plain values as lines, its lists of parts as tables, its parts as sections below it."""
    titre = _libelle(nom)
    if value is None:
        affichage.titre(titre)
        affichage.phrase("L'appel n'en dit rien.")
    elif _est_table(value):
        _table(titre, value, appel)
    elif isinstance(value, Mapping):
        affichage.titre(titre)
        rows = [(appel.libelle("situations", key), _texte(nom, item, appel)) for key, item in value.items()]
        affichage.tableau(("Situation", titre), rows)
    elif isinstance(value, Modele):
        _section(titre, value, appel)
    else:
        affichage.titre(titre)
        for item in value:
            affichage.phrase(f"  • {_texte(nom, item, appel)}")


def _section(titre: str, part: Any, appel: Appel) -> None:
    article = getattr(part, "article", "")
    affichage.titre(f"{titre}  [{article}]" if article else titre)
    inner = []
    for nom in part.champs():
        value = getattr(part, nom)
        if isinstance(value, Modele) or _est_table(value) or isinstance(value, Mapping):
            inner.append((nom, value))
        elif nom != "article":
            affichage.phrase(f"  {_libelle(nom)} : {_texte(nom, value, appel)}")
    for nom, value in inner:
        _montrer(nom, value, appel)


def _est_table(value: Any) -> bool:
    return isinstance(value, tuple) and bool(value) and isinstance(value[0], Modele)


def _table(titre: str, parts: tuple[Any, ...], appel: Appel) -> None:
    """Parts of the same kind, one a line."""
    affichage.titre(titre)
    lines = [dict(_colonnes(part, appel)) for part in parts]
    etroites = 1 if "code" in lines[0] else 0
    affichage.tableau([_libelle(nom) for nom in lines[0]], [list(line.values()) for line in lines], etroites=etroites)


def _colonnes(part: Any, appel: Appel) -> Iterator[tuple[str, str]]:
    for nom in part.champs():
        value = getattr(part, nom)
        if isinstance(value, Condition):
            yield "si", _condition(value, appel)
        else:
            yield nom, _texte(nom, value, appel, rien="")


def _condition(si: Condition, appel: Appel) -> str:
    texte = " ; ".join(appel.libelle("situations", code) for code in si.situation)
    if si.mois_min is not None:
        texte += f", {si.mois_min} mois et plus"
    if si.mois_max is not None:
        texte += f", moins de {si.mois_max} mois"
    return texte


def _texte(nom: str, value: Any, appel: Appel, rien: str = _RIEN) -> str:
    """A value as an officer reads it; ``rien`` for what the call leaves open (and, when empty, for « non »)."""
    if value is None or value in ("", ()):
        return rien
    if isinstance(value, tuple):
        return ", ".join(_texte(nom, item, appel) for item in value)
    if isinstance(value, str) and nom in _LISTES:
        return _mots(appel)[_LISTES[nom]].get(value, value)
    if isinstance(value, str) and nom in VALEURS:
        return VALEURS[nom].get(value, value)
    return _simple(nom, value, non="non" if rien else "")


def _mots(appel: Appel) -> Mapping[str, Mapping[str, str]]:
    return {**appel.libelles, "postes": {item.code: item.libelle for item in appel.budget.postes}}


def _simple(nom: str, value: Any, non: str) -> str:
    if isinstance(value, bool):
        return "oui" if value else non
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    if not isinstance(value, Decimal):
        return str(value)
    if nom in _EUROS:
        return format_euros(value)
    percent = nom in _PARTS
    number = f"{(value * 100 if percent else value).normalize():f}".replace(".", ",")
    return number + (" %" if percent else "")


def _libelle(nom: str) -> str:
    return LIBELLES.get(nom) or nom.replace("_", " ").capitalize()


def _classeur(classeur: Classeur) -> None:
    """The sheets and their columns, with what an operator reads about each."""
    affichage.titre("Mode d'emploi du classeur")
    for number, line in enumerate(classeur.mode_emploi, 1):
        affichage.phrase(f"  {number}. {line}")
    _champs("Feuille Opération (formulaire)", [Operation.champs[nom] for nom in classeur.operation])
    for table, feuille in classeur.tables.items():
        row = TABLES[table]
        title = f"Feuille {row.feuille} ({feuille.lignes} lignes prêtes)"
        _champs(title, [row.champs[nom] for nom in feuille.colonnes])


def _champs(titre: str, champs: list[Champ]) -> None:
    affichage.titre(titre)
    affichage.tableau(
        ("En-tête", "Contenu", "Liste", "Rempli par", "Obligatoire", "Aide"),
        [
            (
                champ.entete,
                champ.nature,
                champ.liste or champ.reference,
                champ.qui,
                "oui" if champ.obligatoire else "",
                champ.aide,
            )
            for champ in champs
        ],
    )


def _regles(regles: Mapping[str, ReglageRegle]) -> None:
    affichage.titre(f"Règles de contrôle ({len(regles)})")
    affichage.tableau(
        ("Code", "Règle", "Gravité", "Après la fin", "Rubrique"),
        [
            (code, _phrase(code), str(item.gravite), str(item.gravite_finale or ""), item.article)
            for code, item in regles.items()
        ],
        etroites=1,
    )


def _phrase(code: str) -> str:
    """A rule's function is named by a short French phrase."""
    rule = RULES.get(code)
    return phrase(rule.check.__name__) if rule else ""
