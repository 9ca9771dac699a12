"""O: the operation's form — identity, eligibility, dates, territory, ceiling, final bilan."""

from collections.abc import Iterator

from aap_xl.anomalies import Constat, Dit, rule
from aap_xl.appels.model import Avis, Fenetre
from aap_xl.domain import siret
from aap_xl.domain.calendrier import fenetres, latest_end, prorata_capacite
from aap_xl.domain.data import Donnees
from aap_xl.domain.facts import HorsListe
from aap_xl.domain.parcours import cites
from aap_xl.domain.personnes import entres
from aap_xl.domain.regles.fichier import code_fait
from aap_xl.domain.regles.tools import au_choix, constat, feuille, libelles, pas_un_territoire, utilise, vide
from aap_xl.euros import format_euros
from aap_xl.francais import cite, compte, enumere, jour, periode
from aap_xl.rows import Operation
from aap_xl.texte import normaliser, proches

_FAVORABLE = ", il doit être favorable avant tout financement"


@rule("O01", on=Operation)
def identite_incomplete(o: Operation, d: Donnees) -> Iterator[Constat]:
    """The obligatory lines of the form are filled."""
    for nom, champ in o.champs.items():
        if champ.obligatoire and vide(o, nom, d):
            yield o.cell(nom), Dit(f"{cite(champ.entete)} est obligatoire", "complétez cette cellule")


@rule("O02", on=Operation)
def siret_invalide(o: Operation, d: Donnees) -> Iterator[Constat]:
    """The SIRET has 14 digits and a valid key."""
    texte = siret_faux(o.siret or "")
    if texte:
        yield constat(o, "siret", texte, d)


def siret_faux(saisi: str) -> str:
    """What is wrong with a SIRET, ``""`` if nothing is, or if there is none."""
    numero = siret.chiffres(saisi)
    if not numero or siret.juste(numero):
        return ""
    if siret.complet(numero):
        return Dit(f"le SIRET {cite(saisi)} a une clé fausse", "vérifiez chaque chiffre sur l'avis de situation")
    return Dit(f"le SIRET {cite(saisi)} n'a pas 14 chiffres", "recopiez-le depuis l'avis de situation")


@rule("O03", on=Operation)
def forme_non_eligible(o: Operation, d: Donnees) -> Iterator[Constat]:
    """The carrier has one of the forms the call is open to."""
    formes = d.appel.operation.formes_eligibles
    if o.forme and formes and o.forme not in formes:
        forme, permises = cite(d.appel.libelle("formes", o.forme)), libelles(d, "formes", formes)
        yield constat(
            o, "forme", Dit(f"{forme} n'est pas une forme éligible, l'appel demande {permises}", "corrigez"), d
        )


@rule("O04", on=Operation)
def agrement_aci_absent(o: Operation, d: Donnees) -> Iterator[Constat]:
    """The carrier holds the ACI agreement where the call asks for it."""
    if not d.appel.operation.agrement_aci:
        return
    if o.agrement_aci is False:
        texte = Dit(
            "la structure n'a pas l'agrément ACI, l'appel ne s'adresse qu'à celles qui l'ont", "corrigez si elle l'a"
        )
        yield constat(o, "agrement_aci", texte, d)
    elif vide(o, "agrement_aci", d):
        yield constat(o, "agrement_aci", Dit("l'agrément ACI n'est pas renseigné", "répondez Oui ou Non"), d)


def _debuts(f: Fenetre) -> str:
    """``débuts du 01/01/2025 au 01/08/2025``, or the only day."""
    return f"début le {jour(f.debut_du)}" if f.debut_au == f.debut_du else f"débuts {periode(f.debut_du, f.debut_au)}"


@rule("O05", on=Operation)
def hors_session(o: Operation, d: Donnees) -> Iterator[Constat]:
    """The deposit falls in a session, and that session covers the start of the operation."""
    depot, debut, sessions = o.date_depot, o.date_debut, d.appel.depots
    if depot is None or not sessions:
        return
    ouvertes = [f for f in sessions if f.depot_du <= depot <= f.depot_au]
    if not ouvertes:
        dates = enumere((periode(f.depot_du, f.depot_au) for f in sessions), "ou")
        texte: str = Dit(
            f"un dépôt le {jour(depot)} n'entre dans aucune session ({dates})", "vérifiez la date de dépôt"
        )
        yield constat(o, "date_depot", texte, d)
    elif debut is not None and fenetres(d.appel, depot, debut) is None:
        permis = enumere((f"{f.libelle} : {_debuts(f)}" for f in ouvertes), "ou")
        texte = f"un début le {jour(debut)} n'est pas couvert par le dépôt du {jour(depot)} ({permis})"
        yield constat(o, "date_debut", Dit(texte, "vérifiez les deux dates"), d)


@rule("O06", on=Operation)
def fin_avant_debut(o: Operation, d: Donnees) -> Iterator[Constat]:
    """The operation ends after its start."""
    if o.date_debut and o.date_fin and o.date_fin < o.date_debut:
        texte = Dit(
            f"la fin ({jour(o.date_fin)}) précède le début ({jour(o.date_debut)})", "corrigez l'une des deux dates"
        )
        yield constat(o, "date_fin", texte, d)


@rule("O07", on=Operation)
def duree_depassee(o: Operation, d: Donnees) -> Iterator[Constat]:
    """The operation does not exceed the call's length, counted date to date."""
    mois, strict = d.appel.operation.duree_max_mois, d.appel.operation.duree_max_strict
    limite = latest_end(o.date_debut, mois, strict=strict) if o.date_debut else None
    if limite and o.date_fin and o.date_fin > limite:
        texte = f"la fin ({jour(o.date_fin)}) {'atteint' if strict else 'dépasse'} {mois} mois"
        yield constat(o, "date_fin", Dit(texte, f"ramenez-la au {jour(limite)} au plus tard"), d)


@rule("O08", on=Operation)
def avis_convergence(o: Operation, d: Donnees) -> Iterator[Constat]:
    """The association Convergence gave a favourable opinion beforehand."""
    if not d.appel.operation.avis_convergence:
        return
    if vide(o, "avis_convergence", d):
        texte = d.appel.dit("l'avis {du convergence} n'est pas renseigné") + _FAVORABLE
        yield constat(o, "avis_convergence", Dit(texte, "demandez-le, puis saisissez-le"), d)
    elif o.avis_convergence and o.avis_convergence != Avis.FAVORABLE:
        avis = cite(d.appel.libelle("avis", o.avis_convergence))
        texte = d.appel.dit("l'avis {du convergence} est ") + avis + _FAVORABLE
        remede = d.appel.dit("voyez avec {le convergence} et avec {le financeur}")
        yield constat(o, "avis_convergence", Dit(texte, remede), d)


@rule("O22", on=Operation)
def date_avis_convergence(o: Operation, d: Donnees) -> Iterator[Constat]:
    """Convergence's favourable opinion is dated, and comes before the operation."""
    if o.avis_convergence != Avis.FAVORABLE:
        return
    le, debut = o.date_avis_convergence, o.date_debut
    if vide(o, "date_avis_convergence", d):
        texte: str = Dit(d.appel.dit("l'avis favorable {du convergence} n'est pas daté"), "indiquez sa date")
        yield constat(o, "date_avis_convergence", texte, d)
    elif le and le > d.aujourdhui:
        texte = Dit(f"l'avis favorable est daté du {jour(le)}, dans l'avenir", "corrigez la date")
        yield constat(o, "date_avis_convergence", texte, d)
    elif le and debut and le > debut:
        texte = f"l'avis favorable ({jour(le)}) est postérieur au début de l'opération ({jour(debut)})"
        remede = "l'appel le demande au préalable : vérifiez les deux dates"
        yield constat(o, "date_avis_convergence", Dit(texte, remede), d)


@rule("O09", on=Operation)
def besoin_non_identifie(o: Operation, d: Donnees) -> Iterator[Constat]:
    """A recruitment need is identified: a sector under strain, or a company."""
    if not d.appel.operation.besoin_recrutement:
        return
    if vide(o, "besoin_recrutement", d) and o.manque("secteur"):
        texte = Dit("ni secteur en tension ni besoin de recrutement n'est indiqué", "renseignez l'un des deux")
        yield constat(o, "besoin_recrutement", texte, d)


@rule("O10", on=Operation)
def contenu_non_valide(o: Operation, d: Donnees) -> Iterator[Constat]:
    """The employers validated the content."""
    if not d.appel.operation.validation_employeurs:
        return
    if o.validation_employeurs is False or vide(o, "validation_employeurs", d):
        texte = Dit("la validation du contenu par les employeurs n'est pas acquise", "obtenez-la, puis répondez Oui")
        yield constat(o, "validation_employeurs", texte, d)


@rule("O11", on=Operation)
def plafond_depasse(o: Operation, d: Donnees) -> Iterator[Constat]:
    """The grant, asked or voted, does not exceed the call's ceiling."""
    budget = d.appel.budget
    plafond, most = budget.plafond_subvention, budget.subvention_max
    if plafond is None or most is None:
        return
    for nom in ("subvention_demandee", "subvention_votee"):
        montant = getattr(o, nom)
        if montant is not None and montant > most:
            reach = "atteignent ou dépassent" if budget.plafond_strict else "dépassent"
            texte = f"{format_euros(montant)} {reach} le plafond de {format_euros(plafond)} par projet"
            remede = f"à {format_euros(most)} au plus" if budget.plafond_strict else "à ce plafond"
            yield constat(o, nom, Dit(texte, f"ramenez la subvention {remede}"), d)


@rule("O12", on=Donnees)
def capacite_depassee(d: Donnees, _: Donnees) -> Iterator[Constat]:
    """People planned, and people entered, fit the yearly capacity brought to the operation's length."""
    o = d.operation
    capacite = prorata_capacite(d.appel, o.date_debut, o.date_fin)
    if capacite is None:
        return
    base = f"la capacité de {d.appel.operation.personnes_par_an} par an fait {capacite} sur la durée de l'opération"
    if o.personnes_prevues is not None and o.personnes_prevues > capacite:
        remede = d.appel.dit("vérifiez avec {le financeur}")
        texte = Dit(f"{compte(o.personnes_prevues, 'personne', 'prévue')} : {base}", remede)
        yield constat(o, "personnes_prevues", texte, d)
    entrees = len(entres(d))
    if entrees > capacite:
        texte = Dit(f"{compte(entrees, 'personne', 'entrée')} : {base}", d.appel.dit("prévenez {le financeur}"))
        yield feuille(d, "participants"), texte


@rule("O13", on=Donnees)
def territoire_de_formation(d: Donnees, _: Donnees) -> Iterator[Constat]:
    """With the « enveloppe conjoncturelle », training and préparatoire share their territory."""
    o = d.operation
    if not (d.appel.operation.meme_territoire_formation and o.enveloppe_conjoncturelle):
        return
    if vide(o, "mds_formation", d):
        texte: str = Dit(d.appel.dit("{le enveloppe} est mobilisée"), "indiquez le territoire de la formation")
        yield constat(o, "mds_formation", texte, d)
        return
    lieux: list[tuple[str, str | None]] = [(f"l'action {a.code or a.ligne}", a.mds) for a in d.actions if a.mds]
    lieux = lieux or [("l'opération", o.mds)]
    ailleurs = [(nom, mds) for nom, mds in lieux if mds and o.mds_formation and mds != o.mds_formation]
    if ailleurs:
        places = enumere(f"{nom} ({d.appel.libelle('mds', mds)})" for nom, mds in ailleurs)
        formation = d.appel.libelle("mds", o.mds_formation)
        texte = f"la formation ({formation}) n'est pas sur le même territoire que {places}"
        remede = d.appel.dit("corrigez le territoire, ou renoncez {au enveloppe}")
        yield constat(o, "mds_formation", Dit(texte, remede), d)


@rule("O16", on=Donnees)
def mds_inconnue(d: Donnees, _: Donnees) -> Iterator[Constat]:
    """Every MDS of the form is one of the Département's."""
    for fait in d.faits:
        if isinstance(fait, HorsListe) and code_fait(fait, d.appel) == "O16":
            texte = Dit(pas_un_territoire(fait.saisi, d), f"choisissez {au_choix(fait.choix)}")
            yield fait.cell, texte, fait.saisi
    o = d.operation
    if not (o.autres_mds and d.appel.mds and utilise(o, "autres_mds", d)):
        return
    connues = {normaliser(mot): m.libelle for m in d.appel.mds for mot in (m.libelle, m.code, *m.alias)}
    for mot in cites(o.autres_mds, d.appel.mds).inconnus:
        choix = {connues[proche] for proche in proches(normaliser(mot), connues)}
        remede = f"écrivez {au_choix([*choix] if len(choix) == 1 else [m.libelle for m in d.appel.mds])}"
        yield constat(o, "autres_mds", Dit(pas_un_territoire(mot, d), remede), d)


@rule("O21", on=Operation)
def a_jour_dans_le_futur(o: Operation, d: Donnees) -> Iterator[Constat]:
    """The day the workbook's data stop is not to come: it decides which of two versions counts."""
    if o.a_jour_au and o.a_jour_au > d.aujourdhui:
        texte = f"le classeur ne peut pas être à jour au {jour(o.a_jour_au)}, qui est à venir"
        yield constat(o, "a_jour_au", Dit(texte, "inscrivez la date des dernières données"), d)


@rule("O23", on=Operation)
def avance_excessive(o: Operation, d: Donnees) -> Iterator[Constat]:
    """The advance does not exceed the grant voted, nor the one asked while none is voted."""
    nom = "votée" if o.subvention_votee is not None else "demandée"
    limite = o.subvention_demandee if o.subvention_votee is None else o.subvention_votee
    if o.avance is not None and limite is not None and o.avance > limite:
        texte = f"l'avance ({format_euros(o.avance)}) dépasse la subvention {nom} ({format_euros(limite)})"
        yield constat(o, "avance", Dit(texte, "corrigez l'un des deux montants"), d)


@rule("O24", on=Operation)
def vote_excessif(o: Operation, d: Donnees) -> Iterator[Constat]:
    """The grant voted does not exceed the one asked."""
    votee, demandee = o.subvention_votee, o.subvention_demandee
    if votee is not None and demandee is not None and votee > demandee:
        texte = f"la subvention votée ({format_euros(votee)}) dépasse la subvention demandée ({format_euros(demandee)})"
        yield constat(o, "subvention_votee", Dit(texte, "corrigez l'un des deux montants"), d)
