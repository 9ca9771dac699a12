"""What only one call has: columns of its own in the workbook, and the simple indicators that it makes of them."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from aap_xl.appels.model.base import Code, Label, Modele, Worded


class TypeColonne(Worded):
    """What the cells of a call's own column hold."""

    TEXTE = "texte", "texte"
    TEXTE_LONG = "texte_long", "texte long"
    DATE = "date", "date"
    ENTIER = "entier", "nombre entier"
    NOMBRE = "nombre", "nombre"
    HEURES = "heures", "heures"
    MONTANT = "montant", "montant"
    TAUX = "taux", "pourcentage"
    OUI_NON = "oui_non", "oui ou non"
    LISTE = "liste", "choix dans une liste"


class ColonnePropre(Modele):
    """A column (or a line of the form « operation ») that only this call has, filled by the porteur.

    Attributes: liste: of the call, for a choice; apres: the column it stands after, else the porteur's last one;
                depuis: the first version of the call's workbook that has it.
    """

    table: Annotated[str, Label("Feuille", liste="tables")]
    code: Code
    entete: Annotated[str, Label("En-tête")]
    type: Annotated[TypeColonne, Label("Contenu")] = TypeColonne.TEXTE
    liste: Annotated[str, Label("Liste")] = ""
    aide: Annotated[str, Label("Aide")] = ""
    obligatoire: Annotated[bool, Label("Obligatoire")] = False
    apres: Annotated[str, Label("Après la colonne")] = ""
    minimum: Annotated[int | None, Label("Minimum")] = None
    maximum: Annotated[int | None, Label("Maximum")] = None
    depuis: Annotated[int, Label("Depuis la version")] = 1


class Sens(Worded):
    """On which side of a threshold a value must be."""

    AU_MOINS = "au_moins", "au moins"
    AU_PLUS = "au_plus", "au plus"


class IndicateurCalcule(Modele):
    """A count of the call's own, or a rate of two: « cer / entrees » (`appels.formules` says how both are written).

    Attributes: strict: more (or less) than ``seuil``, which does not reach it.
    """

    code: Code
    libelle: Annotated[str, Label("Libellé")]
    taux: Annotated[str, Label("Taux")] = ""
    nombre: Annotated[str, Label("Nombre")] = ""
    seuil: Annotated[Decimal | None, Label("À atteindre")] = None
    sens: Annotated[Sens, Label("Sens")] = Sens.AU_MOINS
    strict: Annotated[bool, Label("Strictement")] = False
    article: Annotated[str, Label("Rubrique")] = ""

    @property
    def formule(self) -> str:
        """Whichever of the two is written."""
        return self.taux or self.nombre

    @property
    def titre(self) -> str:
        """``Contrats signés (au moins 80 %)``: its label, and what is to be reached."""
        return f"{self.libelle} ({self.attendu})" if self.attendu else self.libelle

    @property
    def attendu(self) -> str:
        """``au moins 80 %``, ``plus de 12``, or nothing."""
        if self.seuil is None:
            return ""
        strictly = {Sens.AU_MOINS: "plus de", Sens.AU_PLUS: "moins de"}[self.sens]
        number = f"{(self.seuil * 100 if self.taux else self.seuil).normalize():f}".replace(".", ",")
        return f"{strictly if self.strict else self.sens.libelle} {number}{' %' if self.taux else ''}"

    def atteint(self, valeur: Decimal | None) -> bool | None:
        """Whether a value is on the right side of the threshold; ``None`` where one of them misses."""
        if self.seuil is None or valeur is None:
            return None
        if valeur == self.seuil:
            return not self.strict
        return valeur > self.seuil if self.sens is Sens.AU_MOINS else valeur < self.seuil
