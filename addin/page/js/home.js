// Where one starts: drop a workbook, or make one; and the workbooks dropped so far.

import { button, focusOn, h, icon, svg } from "./dom.js";
import { all, remove, watch } from "./dossiers.js";
import { dropZone } from "./files.js";
import { figure } from "./french.js";
import { totals } from "./severity.js";

const STEPS = [
  ["Remplissez", "votre classeur dans Excel ou LibreOffice, au fil de l'année."],
  ["Contrôlez-le ici", "quand vous voulez : chaque point à corriger est nommé, avec sa cellule, le remède et l'article."],
  ["Téléchargez-le", "avec son bilan écrit, et déposez-le ou renvoyez-le au Département."],
];

export function drawHome() {
  const list = h("div", { class: "dossiers" });
  const fillList = () => list.replaceChildren(...dossierList(list));
  fillList();
  watch(list, fillList);
  const nodes = [
    h("h1", {}, "Votre classeur, contrôlé sur votre ordinateur"),
    h("p", { class: "lead" }, "Déposez le classeur de votre opération : cette page dit ce qu'il reste à corriger, écrit le bilan et calcule le solde. Sans installation, sans compte, sans connexion."),
    list,
    h("div", { class: "doors" },
      dropZone({ title: "Déposez ici votre classeur", words: "Choisir un fichier", note: "Un ou plusieurs classeurs .xlsx, .xlsm, .ods, .xls ou .xlsb" }),
      h("div", { class: "side-doors" }, starting(), promise())),
    h("section", { class: "steps" }, h("h2", {}, "En trois temps"), h("ol", {}, STEPS.map(([strong, words]) => h("li", {}, h("p", {}, h("strong", {}, strong), ` ${words}`))))),
  ];
  return { title: "Accueil", nodes };
}

function starting() {
  return h("section", { class: "card" }, h("h2", {}, "Vous commencez ?"), h("p", {}, "Créez le classeur vierge de votre appel à projets, au nom de votre structure."),
    h("p", {}, h("a", { href: "#nouveau", class: "button plain" }, "Créer un classeur vierge")));
}

function promise() {
  return h("section", { class: "card promise" }, h("h2", {}, shield(), "Rien ne quitte votre ordinateur"),
    h("p", {}, "Le classeur est lu ici, dans la mémoire de cet onglet : la page n'envoie rien, ne garde rien, et le navigateur lui interdit toute connexion."),
    h("p", {}, h("a", { href: "#donnees" }, "Comment le vérifier")));
}

function shield() {
  return svg("svg", { class: "shield", viewBox: "0 0 24 24", "aria-hidden": "true", focusable: "false" }, svg("path", { d: "M12 2.5l8 3v6c0 5-3.4 8.6-8 10-4.6-1.4-8-5-8-10v-6z" }), svg("path", { d: "M8.2 12l2.7 2.7 5-5.2" }));
}

function dossierList(list) {
  if (!all().length) return [];
  const row = (dossier) => h("li", { class: "dossier" }, h("div", {}, h("p", { class: "dossier-name" }, dossierLink(dossier)), h("p", { class: "dossier-state" }, dossierState(dossier))),
    button(["Retirer", h("span", { class: "hidden" }, ` ${dossier.name} de cette liste`)], () => {
      remove(dossier);
      focusOn(list.querySelector("h2") ?? document.querySelector("h1"));
    }, "link"));
  return [h("section", {}, h("h2", {}, all().length > 1 ? `Vos ${figure(all().length)} classeurs` : "Votre classeur"), h("ul", {}, all().map(row)))];
}

function dossierLink(dossier) {
  return h("a", { href: `#${dossier.id}/controle` }, dossier.name);
}

/** In one line: what was found, or why it could not be read. */
function dossierState(dossier) {
  if (dossier.state === "asked") return [h("span", { class: "working" }, "En attente du contrôle…")];
  if (dossier.state !== "checked") return [icon("bloquante"), ` ${dossier.refusal}`];
  const { controle, appel_nom: call, porteur } = dossier.check;
  const worst = controle.totaux.bloquante ? "bloquante" : controle.a_corriger ? "verifier" : "juste";
  const found = controle.a_corriger ? totals(controle.totaux) : "rien à corriger";
  return [icon(worst), h("strong", {}, found), h("span", { class: "quiet" }, `${porteur} · ${call}`)];
}
