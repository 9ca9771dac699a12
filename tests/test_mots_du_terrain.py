"""What people write for an exit instead of an item of the list: understood, or refused with what to do."""

import pytest

from aap_xl.appels.model import Appel, Condition, Sorties
from aap_xl.texte import normaliser
from aap_xl.workbook.reading import values

LIBELLES_DE_L_APPEL = {
    "CDI": "cdi",
    "CDD de 6 mois et plus (hors contrat aidé)": "cdd",
    "Contrat de mission de 6 mois et plus": "mission",
    "Création d’entreprise": "creation",
    "Intégration dans la fonction publique": "fonction_publique",
    "CDD de moins de 6 mois": "cdd",
    "Contrat de mission de moins de 6 mois": "mission",
    "Contrat aidé conclu sous la forme d’un CDD": "cdd_aide",
    "Formation qualifiante ou poursuite de formation qualifiante": "formation",
    "Embauche sur un emploi d’insertion par une (autre) SIAE": "siae",
    "Autre sortie positive": "autre_positive",
}
"""3.3, « SORTIES DYNAMIQUES », word for word."""

MOTS = {
    # contracts
    "CDD saisonnier": "cdd",
    "saison": "cdd",
    "CDD d'usage": "cdd",
    "Extra": "cdd",
    "CDD de remplacement": "cdd",
    "CDD tremplin": "cdd",
    "CDD renouvelé": "cdd",
    "CDI de chantier": "cdi",
    "CDI intérimaire": "cdi",
    "CDI à temps partiel": "cdi",
    "EBE": "cdi",
    "intérim": "mission",
    "INTERIM": "mission",
    "Intérimaire": "mission",
    "Missions d'intérim": "mission",
    "auto-entrepreneur": "creation",
    "Auto entrepreneur": "creation",
    "Création micro-entreprise": "creation",
    "Travailleur indépendant": "creation",
    "À son compte": "creation",
    "Titularisation": "fonction_publique",
    "Fonctionnaire stagiaire": "fonction_publique",
    "PEC": "cdd_aide",
    "CUI-CAE": "cdd_aide",
    "Parcours emploi compétences": "cdd_aide",
    "CDI PEC": "cdi_aide",
    "Contrat pro": "alternance",
    "Apprenti": "alternance",
    "CDDI": "siae",
    "ACI": "siae",
    "Chantier d'insertion": "siae",
    "Association intermédiaire": "siae",
    "Mission en ETTI": "siae",
    "CDI inclusion": "siae",
    # training
    "Titre professionnel": "formation",
    "CAP": "formation",
    "Reprise d'études": "formation",
    "Formation certifiante": "formation",
    # nothing follows
    "Chômage": "sans_solution",
    "RSA": "sans_solution",
    "Recherche d'emploi": "sans_solution",
    "Abandon de poste": "abandon",
    "Ne vient plus": "abandon",
    "Faute grave": "exclusion",
    "Perdu de vue": "inconnue",
    "Injoignable": "inconnue",
    "NSP": "inconnue",
    # out of the count, where the call says so
    "Retraite": "retrait",
    "Incarcération": "retrait",
    "Prison": "retrait",
    "Maternité": "retrait",
    "Congé parental": "retrait",
    "Hospitalisation": "retrait",
    "Maladie": "retrait",
    "Déménagement": "retrait",
    "Décédée": "retrait",
    "OQTF": "retrait",
    # neither a job nor a training, or not said which
    "Stage": None,
    "PMSMP": None,
    "Service civique": None,
    "VAE": None,
    "POEI": None,
    "AFPR": None,
    "FLE": None,
    "Permis B": None,
    "CACES": None,
    "Mission locale": None,
    "CEJ": None,
    "Bénévolat": None,
    "ESAT": None,
    "Emploi": None,
    "Temps partiel": None,
    "Contractuel": None,
    "Vacataire": None,
    "Promesse d'embauche": None,
    "Période d'essai": None,
    "Portage salarial": None,
    "GEIQ": None,
    "CESU": None,
    "CAPE": None,
    "Concours": None,
    "Armée": None,
    "Démission": None,
    "Licenciement": None,
    "Fin de contrat": None,
    "Renouvellement": None,
    "En cours": None,
    "RQTH": None,
    "Garde d'enfant": None,
    "Relogement": None,
}
"""What is typed → the code of its situation; ``None``: refused, and why is said."""


@pytest.fixture(params=["3.3", "3.7"])
def sorties(request: pytest.FixtureRequest, appel33: Appel, appel37: Appel) -> Sorties:
    found = (appel33 if request.param == "3.3" else appel37).sorties
    assert found
    return found


@pytest.fixture
def liste(sorties: Sorties) -> values.Liste:
    return values.Liste(sorties.situations, sorties.termes)


@pytest.mark.parametrize(("libelle", "code"), LIBELLES_DE_L_APPEL.items())
def test_the_call_s_own_words_are_accepted(liste: values.Liste, libelle: str, code: str) -> None:
    assert liste.lire(libelle)[0] == code


def test_the_call_s_own_words_say_a_length_only_where_they_do(sorties: Sorties) -> None:
    own = {terme.mot: terme.si for terme in sorties.termes if terme.si}
    assert {normaliser(mot) for mot in own} == {normaliser(mot) for mot in LIBELLES_DE_L_APPEL}

    def limits(si: Condition) -> tuple[int | None, int | None]:
        return si.mois_min, si.mois_max

    said = {mot: limits(si) for mot, si in own.items() if si and limits(si) != (None, None)}
    assert said == {
        "CDD de 6 mois et plus (hors contrat aidé)": (6, None),
        "Contrat de mission de 6 mois et plus": (6, None),
        "CDD de moins de 6 mois": (None, 6),
        "Contrat de mission de moins de 6 mois": (None, 6),
    }


@pytest.mark.parametrize(("mot", "code"), MOTS.items())
def test_a_word_of_the_field_means_one_thing_or_is_refused_and_why(
    liste: values.Liste, mot: str, code: str | None
) -> None:
    if code:
        assert liste.lire(mot)[0] == code
        return
    with pytest.raises(values.NotListed) as refused:
        liste.lire(mot)
    assert refused.value.refus
    assert refused.value.refus.refus
    assert refused.value.refus.remede


def test_every_word_of_the_dictionary_is_understood_or_refused_as_it_says(
    sorties: Sorties, liste: values.Liste
) -> None:
    assert len(sorties.mots) >= 60
    known = {item.libelle for item in sorties.situations}
    for mot in sorties.mots:
        assert mot.source
        for text in mot.mots:
            for typed in (text, text.upper(), f" {text} "):
                if mot.situation:
                    assert liste.lire(typed)[0] == mot.situation, text
                    continue
                with pytest.raises(values.NotListed) as refused:
                    liste.lire(typed)
                terme = refused.value.refus
                assert terme
                assert terme.refus == mot.refus
                cited = set(terme.remede.split("« ")[1:]) and {
                    part.partition(" »")[0] for part in terme.remede.split("« ")[1:]
                }
                assert cited <= known
                assert cited or mot.remede


def test_a_word_that_names_what_the_call_has_not_is_of_no_use(appel33: Appel) -> None:
    assert appel33.sorties
    kept = tuple(item for item in appel33.sorties.situations if item.code not in ("siae", "cdi_aide"))
    lignes = tuple(li for li in appel33.sorties.classement if not {"siae", "cdi_aide"} & set(li.si.situation))
    given = {nom: getattr(appel33.sorties, nom) for nom in Sorties.champs()}
    other = Sorties(**{**given, "situations": kept, "classement": lignes})
    words = {terme.mot for terme in other.termes}
    assert "CDD saisonnier" in words
    assert not {"ACI", "CUI-CAE", "Adulte-relais"} & words


@pytest.mark.parametrize(
    ("saisi", "choix", "refus"),
    [
        ("Incarceraton", ("Retrait (décès, maladie, départ…)",), ""),
        ("Service civque", (), "Service civique"),
        ("Abandonn", ("Abandon",), ""),
        ("CDO", None, ""),
        ("Stag", None, ""),
        ("Béthunois", None, ""),
        ("CDD de chantier", None, ""),
    ],
)
def test_a_slip_is_repaired_only_when_it_is_nearly_sure(
    sorties: Sorties, liste: values.Liste, saisi: str, choix: tuple[str, ...] | None, refus: str
) -> None:
    with pytest.raises(values.NotListed) as unknown:
        liste.lire(saisi)
    everything = tuple(item.libelle for item in sorties.situations)
    assert unknown.value.choix == (everything if choix is None else choix)
    assert (unknown.value.refus.mot if unknown.value.refus else "") == refus


@pytest.mark.parametrize(
    ("saisi", "connu", "du_terrain"),
    [
        ("CDD de 6 mois et plus (hors contrat aidé)", True, False),
        ("CDD saisonnier", True, True),
        ("cdd SAISONNIER", True, True),
        ("Intérim", True, True),
        ("Interim", False, False),
        ("CDD (hors contrat aidé)", False, False),
        ("Stage", False, False),
        ("cdd", True, True),
    ],
)
def test_formulas_know_the_words_as_they_are_spelt(
    liste: values.Liste, saisi: str, connu: bool, du_terrain: bool
) -> None:
    terme = liste.terme(saisi)
    assert (terme is not None) is connu
    if terme:
        assert (terme.si is None) is du_terrain


@pytest.mark.parametrize(
    ("saisi", "code"),
    [("Mme", "f"), ("Madame", "f"), ("M.", "h"), ("Mr", "h"), ("Monsieur", "h"), ("m", "h"), ("F", "f")],
)
def test_titles_say_the_sex(appel33: Appel, saisi: str, code: str) -> None:
    assert values.Liste(appel33.elements["sexes"]).lire(saisi)[0] == code
