"""« Mode d'emploi »: what to fill and when, the legend, the calendar, whom to call; never the name of an agent."""

from aap_xl.appels.model import Appel
from aap_xl.francais import jour
from aap_xl.rows import Qui
from aap_xl.workbook import layout
from aap_xl.workbook.paper import page as paper
from aap_xl.workbook.paper import styles
from aap_xl.workbook.paper.measure import row_height
from aap_xl.workbook.template.base import PROTECTION, Draft

_LARGEURS = (2, 30, 62, 50)
_FIN = len(_LARGEURS)
_LIGNE_VIDE = 15.0
"""Points of a row left as it is."""

_ACTIONS = "Actions"
_ACTIONS_SEULES = "Une ligne par {action}, et ce qui s'y compte."
_FEUILLES = {
    layout.OPERATION: "Le porteur, les dates, le projet, le financement demandé ; en bas, la partie {du financeur}.",
    _ACTIONS: "Chaque {action} : métier, {mds}, dates, places. Les entrées sont comptées seules.",
    "Personnel": "Les salariés prévus au dossier ; le coût, le dépensé et le retenu sont calculés.",
    "Charges": "Les autres charges directes prévues au dossier : fonctionnement, prestations.",
    "Ressources": "Le plan de financement : une ligne par financeur.",
    layout.BUDGET: "Rien à saisir : totaux, forfait, équilibre, subvention et solde.",
    "Participants": "Une ligne par personne, de l'entrée à la sortie ; âge, classe de sortie et statut sont calculés.",
    "Immersions": "Les périodes de mise en situation en milieu professionnel (PMSMP).",
    "Heures": "Les heures de chaque semaine ; celles des personnes et celles de l'équipe à part.",
    layout.SEMAINE: "Rien à saisir : les lignes de la semaine suivante, à copier dans Heures.",
    "Comités": "Les réunions tenues et leur composition.",
    "Partenaires": "Les liens avec les entreprises et les partenaires.",
    "Dépenses": "Les dépenses réelles, TTC (hors taxes si « Récupère la TVA » est à Oui) ; avoirs en négatif.",
    "Salaires": "Facultative : les salaires payés, mois par mois ; ils font la dépense de leur ligne de budget.",
    "Bilan pédagogique": "Les parties rédigées du bilan, rubrique par rubrique.",
    layout.TABLEAU_DE_BORD: "Rien à saisir : la synthèse à présenter aux comités.",
    layout.CONTROLE: "Remplie par « aap-xl bilan » : ce qu'il reste à corriger, cellule par cellule.",
    layout.BILAN: "Remplie par « aap-xl bilan » : les tableaux et graphiques du bilan, prêts à déposer.",
}

_LEGENDE = (
    ("À remplir par le porteur", {"bg_color": styles.SAISIE}, "Cellules crème."),
    ("Réservé à l'instructeur", {"bg_color": styles.INSTRUCTEUR}, "Cellules mauves : décisions {du financeur}."),
    (
        "Calculé",
        {"bg_color": styles.CALCUL},
        "Cellules grises : ne les remplissez pas, elles se mettent à jour.",
    ),
    ("Obligatoire, encore vide", styles.VIDE, "La cellule reprend sa teinte dès qu'elle est remplie."),
    ("À vérifier", styles.ALERTE, "Par exemple une dépense non admise."),
    ("Erreur", styles.ERREUR, "Par exemple un code en double, une ligne dépassée."),
)
_LEGENDE_SORTIES = {
    "À vérifier": "Par exemple une sortie à qualifier, un suivi à faire, une dépense non admise.",
    "Erreur": "Par exemple une sortie avant l'entrée, un code en double, une ligne dépassée.",
}
"""The same, where people leave."""

_SENSIBLES = (
    "Le RSA, le logement et la santé sont des données sensibles : n'inscrivez que ce que les colonnes demandent."
)
_DONNEES = (
    "Jamais de numéro de sécurité sociale (NIR), dans aucune cellule : le classeur serait refusé.",
    "Conservez ce fichier dans un espace à accès limité ; déposez-le par le portail, pas par courriel.",
)
_COMITES = "La composition des comités nomme des services et des structures, jamais quelqu'un."

_ASTUCES = (
    "Les tableaux s'agrandissent : dans Excel, écrivez sous la dernière ligne. Dans LibreOffice, les formules ne "
    "suivent pas, mais la ligne est lue et ses calculs sont refaits par « aap-xl bilan ».",
    "Pour coller depuis un autre fichier, utilisez « Collage spécial, valeurs » : listes et formats sont gardés.",
    "Ne renommez ni les feuilles ni les en-têtes. Vos propres colonnes, ajoutées à droite, sont gardées.",
)


_CODES = {"participants": "d'une personne", "actions": "d'une action", "personnel": "d'une ligne de budget"}
"""Tables whose lines have a code → whose code it is."""


class _Page:
    """Writes the sheet from top to bottom."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.sheet = draft.feuille(layout.MODE_EMPLOI, styles.ACCENT)
        self.row = 4
        self.sections: list[int] = []
        self._points = dict(paper.TITLES)

    def section(self, titre: str) -> None:
        """A band that opens a section, after a blank row."""
        self.row += 1
        self.sections.append(self.row)
        fmt = self.draft.fmt(styles.SECTION)
        self._tall(20)
        for colonne in range(2, _FIN + 1):
            self.sheet.write(self.row - 1, colonne - 1, titre if colonne == 2 else "", fmt)
        self.row += 1

    def line(self, libelle: str, texte: str, look: styles.Format | None = None) -> None:
        """A label and its text, across the text columns."""
        self._tall(row_height([(texte, sum(_LARGEURS[2:]))]))
        label = self.draft.fmt({**styles.LIGNE, "bold": True, **(look or {})})
        self.sheet.write_string(self.row - 1, 1, libelle, label)
        self._text(texte, 2)

    def link(self, feuille: str, texte: str) -> None:
        """The same, the label leading to a sheet."""
        self.line(feuille, texte)
        fmt = self.draft.fmt({**styles.LIGNE, "bold": True, "font_color": styles.ACCENT, "underline": 1})
        self.sheet.write_url(self.row - 2, 1, f"internal:{layout.nom_feuille(feuille)}!A1", fmt, feuille)

    def sentence(self, texte: str, rang: int = 0) -> None:
        """A sentence across the sheet, numbered or not."""
        self._tall(row_height([(texte, sum(_LARGEURS[1:]))]))
        self._text(f"{rang}.  {texte}" if rang else texte, 1)

    def cells(self, values: tuple[str, ...], look: styles.Format) -> None:
        """One cell a column."""
        self._tall(17)
        for colonne, value in enumerate(values, 1):
            self.sheet.write_string(self.row - 1, colonne, value, self.draft.fmt(look))
        self.row += 1

    def _tall(self, points: float) -> None:
        """Give the current row its height."""
        self.sheet.set_row(self.row - 1, points)
        self._points[self.row] = points

    def height(self, first: int, last: int) -> float:
        """Points that some rows take, both included."""
        return sum(self._points.get(row, _LIGNE_VIDE) for row in range(first, last + 1))

    def _text(self, texte: str, colonne: int) -> None:
        fmt = self.draft.fmt(styles.LIGNE)
        self.sheet.merge_range(self.row - 1, colonne, self.row - 1, _FIN - 1, texte, fmt)
        self.row += 1


def write(draft: Draft) -> None:
    """The whole sheet."""
    appel = draft.appel
    page = _Page(draft)
    sheet = page.sheet
    for colonne, largeur in enumerate(_LARGEURS):
        sheet.set_column(colonne, colonne, largeur)
    identity = appel.identite
    draft.heading(sheet, f"{identity.code} {identity.intitule}", f"{identity.collectivite}, {identity.direction}", 2)
    sheet.write_string(2, 1, f"Classeur de suivi et de bilan d'une opération, {identity.millesime}", _bold(draft))
    for section in (_steps, _sheets, _legend, _calendar, _privacy, _tips, _contacts, _version):
        section(page, appel)
    _print_setup(page)
    sheet.protect("", PROTECTION)
    sheet.activate()


def _print_setup(page: _Page) -> None:
    """Two pages cut between two sections, where it leaves them most alike, at the scale that shows both whole."""
    last = page.row - 1
    repeated = page.height(layout.TITRE, layout.AIDE)

    def tallest(section: int) -> float:
        return max(page.height(1, section - 2), repeated + page.height(section, last))

    cut = min(page.sections[1:], key=tallest)
    page.sheet.set_print_scale(paper.scale(_LARGEURS, tallest(cut)))
    page.sheet.set_h_pagebreaks([cut - 1])
    page.sheet.print_area(0, 0, last - 1, _FIN - 1)
    page.sheet.repeat_rows(layout.TITRE - 1, layout.AIDE - 1)


def _bold(draft: Draft) -> object:
    return draft.fmt({**styles.POLICE, "bold": True})


def _steps(page: _Page, appel: Appel) -> None:
    if not appel.classeur.mode_emploi:
        return
    page.section("Ce que vous avez à faire")
    for rang, phrase in enumerate(appel.classeur.mode_emploi, 1):
        page.sentence(phrase, rang)


def _sheets(page: _Page, appel: Appel) -> None:
    page.section("Les feuilles")
    for feuille in layout.feuilles(appel):
        if feuille in _FEUILLES:
            alone = feuille == _ACTIONS and "participants" not in appel.classeur.tables
            page.link(feuille, appel.dit(_ACTIONS_SEULES if alone else _FEUILLES[feuille]))


def _legend(page: _Page, appel: Appel) -> None:
    page.section("Les couleurs")
    champs = [*layout.formulaire(appel).champs, *(c for table in layout.tables(appel).values() for c in table.champs)]
    officers = any(champ.qui is Qui.INSTRUCTEUR for champ in champs)
    people = _LEGENDE_SORTIES if "participants" in appel.classeur.tables else {}
    for libelle, look, texte in _LEGENDE:
        if officers or libelle != _LEGENDE[1][0]:
            page.line(
                libelle, people.get(libelle, appel.dit(texte)), {**look, "border": 1, "border_color": styles.FILET}
            )


def _calendar(page: _Page, appel: Appel) -> None:
    page.section("Le calendrier")
    for window in appel.depots:
        starts = f"à partir du {jour(window.debut_du)}"
        if window.debut_au:
            starts = f"entre le {jour(window.debut_du)} et le {jour(window.debut_au)}"
        if window.debut_au == window.debut_du:
            starts = f"le {jour(window.debut_du)}"
        deposit = f"Dépôt du {jour(window.depot_du)} au {jour(window.depot_au)}"
        page.line(window.libelle, f"{deposit}, pour une opération qui démarre {starts}.")
    operation = appel.operation
    most = f"{operation.duree_max_mois} mois"
    longest = f"moins de {most}" if operation.duree_max_strict else f"{most} au plus"
    page.line("Durée", f"L'opération dure {longest}.")
    if appel.comites:
        rythme = f"Au moins {appel.comites.minimum} fois pendant l'opération"
        if appel.comites.intervalle_mois:
            rythme = f"Tous les {appel.comites.intervalle_mois} mois"
        sent = ", tableau de bord envoyé avant la réunion" if appel.comites.tableau_de_bord else ""
        slai = appel.dit(", en présence {du slai}") if appel.comites.slai else ""
        page.line(f"{appel.comites.nom[:1].upper()}{appel.comites.nom[1:]}", f"{rythme}{slai}{sent}.")
    if points := " puis ".join(f"{point.mois} mois" for point in appel.points):
        page.line("Suivi après la sortie", f"Chaque personne sortie est recontactée {points} après.")
    months = operation.bilan_delai_mois
    delay = "dans le mois qui suit" if months == 1 else f"dans les {months} mois qui suivent"
    page.line(
        "Bilan final",
        f"À déposer dans {appel.identite.portail} {delay} la fin de l'opération, ou la fin effective de la convention "
        "si elle vient plus tôt : la date la plus proche est affichée dans le Tableau de bord.",
    )


def _privacy(page: _Page, appel: Appel) -> None:
    page.section("Les données personnelles")
    tables = appel.classeur.tables
    before = (_SENSIBLES,) if "participants" in tables else ()
    for phrase in (*before, *_DONNEES, *((_COMITES,) if "comites" in tables else ())):
        page.sentence(phrase)


def _tips(page: _Page, appel: Appel) -> None:
    page.section("Bon à savoir")
    for phrase in _ASTUCES:
        page.sentence(phrase)
    coded = [words for table, words in _CODES.items() if table in appel.classeur.tables]
    page.sentence(f"Le code {' ou '.join(', '.join(coded).rsplit(', ', 1))} ne change pas d'un envoi à l'autre.")


def _contacts(page: _Page, appel: Appel) -> None:
    services = [item for item in appel.mds if item.telephone]
    if not services:
        return
    page.section("Vos interlocuteurs")
    page.cells((appel.dit("{Mds}"), "Service", "Téléphone"), styles.COLONNE_GAUCHE)
    for item in services:
        page.cells((item.libelle, item.service, item.telephone), {**styles.LIGNE, "num_format": "@"})


def _version(page: _Page, appel: Appel) -> None:
    identity = appel.identite
    page.section("Ce classeur")
    page.line("Appel à projets", f"{identity.code} {identity.intitule}, {identity.millesime}. {identity.axe}.")
    page.line("Texte de référence", f"{identity.source}. Il prime sur ce classeur.")
    page.line("Version du classeur", f"{identity.millesime}-{identity.code}, format {appel.schema_version}.")
