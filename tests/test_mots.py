"""The words of a call: agreement, the columns it renames, and what is refused."""

import pytest

from aap_xl.appels.loader import Catalogue
from aap_xl.appels.words import COURANTS, dire, inconnus, vocabulaire
from aap_xl.workbook import layout

MOTS = {
    "slai": "le SLAI",
    "mds": "la MDS",
    "convergence": "l'association Convergence",
    "economie": "les entreprises",
    "equipe": "la équipe",
    "organisme": "le organisme",
    "portail": "E-partenaire",
    "suivi_mois": "3",
}


@pytest.mark.parametrize(
    ("texte", "dit"),
    [
        ("Contact à {suivi_mois} mois", "Contact à 3 mois"),
        ("dans {portail}", "dans E-partenaire"),
        ("{Slai} : {le slai}, {du slai}, {au slai}, {un slai}", "SLAI : le SLAI, du SLAI, au SLAI, un SLAI"),
        ("{mds}, {le mds}, {du mds}, {au mds}, {un mds}", "MDS, la MDS, de la MDS, à la MDS, une MDS"),
        ("Avis {du convergence}, {au convergence}", "Avis de l'association Convergence, à l'association Convergence"),
        ("avec {le economie}, {au economie}, {du economie}", "avec les entreprises, aux entreprises, des entreprises"),
        ("{le equipe}, {du equipe}, {un equipe}, {Equipe}", "l'équipe, de l'équipe, une équipe, Équipe"),
        ("{le organisme}, {du organisme}, {un organisme}", "l'organisme, de l'organisme, un organisme"),
        ("{Le slai} et {Du mds}", "Le SLAI et De la MDS"),
        ("sans accolade", "sans accolade"),
    ],
)  # fmt: skip
def test_a_noun_agrees_wherever_it_is_cited(texte: str, dit: str) -> None:
    assert dire(texte, MOTS) == dit


def test_unknown_words_are_told() -> None:
    assert list(inconnus("{slai} {le maison} {Autre}", MOTS)) == ["maison", "Autre"]
    with pytest.raises(KeyError):
        dire("{maison}", MOTS)


def test_numbers_are_words_and_answers_are_not() -> None:
    words = vocabulaire({"suivi_mois": 3, "agrement_aci": True, "article": "Art. 2"}, {"slai": "le PLIE"})
    assert words["suivi_mois"] == "3"
    assert "agrement_aci" not in words
    assert (words["slai"], words["mds"]) == ("le PLIE", COURANTS["mds"])


@pytest.mark.parametrize("code", ["3.3", "3.7"])
def test_the_shipped_calls_keep_their_headers(catalogue: Catalogue, code: str) -> None:
    """Those of version 1, which workbooks already bear."""
    appel = catalogue.get(code)
    headers = {champ.entete for table in layout.tables(appel).values() for champ in table.champs}
    headers |= {champ.entete for champ in layout.formulaire(appel).champs}
    own = {
        "3.3": {"Autres MDS concernées", "Enveloppe conjoncturelle (PRF) mobilisée", "Échéance des 6 mois"},
        "3.7": {"Avis de l'association Convergence", "Date de l'avis de Convergence"},
    }  # fmt: skip
    common = {"MDS", "MDS de rattachement", "SLAI présent", "Subvention demandée au Département"}
    assert common | own[code] <= headers
    assert not any("{" in header for header in headers)
