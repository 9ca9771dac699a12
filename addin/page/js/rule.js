// A rule explained, over the page: what `aap-xl regle CODE` says.

import { announce, button, byId, h } from "./dom.js";
import { capital } from "./french.js";
import { failure } from "./pending.js";
import { ask } from "./python.js";
import { badge } from "./severity.js";

const known = new Map();

function explained(code) {
  if (!known.has(code)) {
    const asked = ask("regle", { code });
    known.set(code, asked);
    asked.catch(() => known.delete(code));
  }
  return known.get(code);
}

/** Open the explanation; closing it gives the focus back to `opener`. */
export async function openRule(code, call, opener) {
  const dialog = byId("dialog");
  dialog.onclose = () => opener.focus();
  fillDialog(dialog, `Règle ${code}`, [h("p", { class: "working" }, "Un instant…")]);
  dialog.showModal();
  try {
    const rule = (await explained(code)).result.regles[0];
    fillDialog(dialog, `${rule.code} · ${rule.titre}`, sections(rule, call));
    announce(`Règle ${rule.code} expliquée`);
  } catch (error) {
    fillDialog(dialog, `Règle ${code}`, [failure(error.message)]);
  }
}

function fillDialog(dialog, title, nodes) {
  const close = button("Fermer", () => dialog.close(), "plain");
  const heading = h("h2", { id: "dialog-title", tabindex: "-1" }, title);
  dialog.replaceChildren(h("div", { class: "dialog-top" }, heading, close), h("div", { class: "dialog-body" }, nodes));
  if (dialog.open) heading.focus();
}

function sections(rule, call) {
  const part = (title, ...content) => [h("h3", {}, title), ...content];
  return [
    part("Ce qui est vérifié", h("p", {}, rule.quoi)),
    part("Pourquoi", reasons(rule, call)),
    part("Un cas en défaut", example(rule.defaut)),
    part("Un cas admis", example(rule.admis)),
    part("Comment corriger", rule.corriger.map((words) => h("p", {}, `${capital(words)}.`))),
    part("Qui peut lever l'anomalie", h("p", {}, rule.leve.texte)),
  ].flat();
}

/** What the calls say, that of the workbook alone when it has the rule. */
function reasons(rule, call) {
  const own = rule.appels.filter((item) => call && item.appel === call.appel && item.millesime === call.millesime);
  const shown = own.length ? own : rule.appels;
  if (!shown.length) return h("p", {}, "Aucun des appels connus ne demande cette règle.");
  return shown.map((item) => h("div", { class: "reason" },
    h("p", {}, badge(item.gravite), ` Appel ${item.appel} (${item.millesime}), ${item.article}`,
      item.gravite_finale && ` ; ${item.gravite_finale} une fois l'opération terminée`),
    item.citation && h("blockquote", {}, `« ${item.citation} »`)));
}

function example(found) {
  return [
    h("p", {}, `Appel ${found.appel} : ${found.nom}.`),
    found.saisies.length > 0 && h("ul", {}, found.saisies.map((words) => h("li", {}, words))),
    found.dit.map((words) => h("p", { class: "told" }, words)),
  ];
}
