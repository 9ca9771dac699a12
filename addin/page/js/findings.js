// What the checks found: by sheet, alike things together, filtered, searched, copied; drawn little by little.

import { announce, button, focusOn, h } from "./dom.js";
import { count, figure, fold, tie } from "./french.js";
import { openRule } from "./rule.js";
import { SEVERITIES, badge } from "./severity.js";

const GROUPS = 12;
const SHOWN_LINES = 30;
const CELLS = 8;
const WHOLE = "Le classeur";

/** Everything about one dossier's anomalies, indexed once: what is searched, which sheet. */
export class Findings {
  constructor(check) {
    this.check = check;
    this.call = { appel: check.controle.appel, millesime: check.controle.millesime };
    this.items = check.controle.anomalies;
    this.texts = new Array(this.items.length).fill("");
    this.filter = { severity: null, sheet: null, words: "" };
    for (const { feuille, groupes } of check.feuilles) {
      for (const group of groupes) {
        for (const index of group.anomalies) this.texts[index] = searched(feuille, group, this.items[index]);
      }
    }
  }

  /** The groups that the filter leaves, by sheet, each with its own anomalies left: [{feuille, groupes}]. */
  kept() {
    const words = fold(this.filter.words).split(" ").filter(Boolean);
    const said = (index) => words.every((word) => this.texts[index].includes(word));
    return this.check.feuilles
      .filter(({ feuille }) => this.filter.sheet === null || this.filter.sheet === feuille)
      .map(({ feuille, groupes }) => ({
        feuille,
        groupes: groupes
          .filter((group) => this.filter.severity === null || group.gravite === this.filter.severity)
          .map((group) => ({ ...group, left: words.length ? group.anomalies.filter(said) : group.anomalies }))
          .filter((group) => group.left.length),
      }))
      .filter(({ groupes }) => groupes.length);
  }
}

function searched(sheet, group, item) {
  return fold([sheet || WHOLE, group.titre, item.cellule, item.entete, item.message, item.valeur, item.code, item.article].join(" "));
}

export function total(sheets) {
  return sheets.reduce((sum, { groupes }) => sum + groupes.reduce((part, { left }) => part + left.length, 0), 0);
}

export function sheetName(sheet) {
  return sheet || WHOLE;
}

/** The place of the list, and `draw()` to make it again after a change of the filter. */
export function findingsList(findings) {
  const place = h("div", { class: "findings" });
  const draw = () => {
    const sheets = findings.kept();
    place.replaceChildren(...(sheets.length ? sheets.map((sheet) => sheetSection(sheet, findings)) : [h("p", { class: "empty" }, "Rien ne correspond à ce choix.")]));
  };
  draw();
  return { place, draw };
}

function sheetSection({ feuille, groupes }, findings) {
  const number = groupes.reduce((sum, { left }) => sum + left.length, 0);
  const list = h("ul", { class: "groups" });
  const section = h("section", { class: "sheet" }, h("h3", {}, sheetName(feuille), h("span", { class: "much" }, count(number, "point"))), list);
  section.append(...gradual(groupes, GROUPS, list, (group) => groupItem(group, findings), "point"));
  return section;
}

/** Fill `list` with the first `size` items; returns the button that brings the next ones, if any are left. */
function gradual(items, size, list, draw, noun) {
  let shown = 0;
  const more = button("", () => {
    const first = add();
    focusOn(first);
  }, "plain more");
  const add = () => {
    const nodes = items.slice(shown, shown + size).map(draw);
    shown += nodes.length;
    list.append(...nodes);
    const left = items.length - shown;
    more.hidden = left === 0;
    more.textContent = tie(`Montrer la suite (encore ${count(left, noun)})`);
    return nodes[0];
  };
  add();
  return items.length > shown ? [more] : [];
}

function groupItem(group, findings) {
  const first = findings.items[group.left[0]];
  const alone = group.left.length === 1;
  const cells = group.left.map((index) => findings.items[index].cellule).filter(Boolean);
  return h("li", { class: `group ${SEVERITIES[group.gravite].key}` },
    h("div", { class: "group-mark" }, badge(group.gravite)),
    h("div", { class: "group-words" },
      h("p", { class: "group-title" }, h("strong", {}, group.titre), !alone && h("span", { class: "times" }, ` ${figure(group.left.length)} fois`)),
      cellTags(cells, first.entete),
      said(first.message, group.remede, !alone && findings.items[group.left[1]].message !== first.message && "Par exemple : "),
      h("p", { class: "article" }, `[${group.article}]`),
      !alone && details(group, findings)),
    h("div", { class: "group-acts" }, why(group, findings.call), alone && copier(first)));
}

/** The cells of a group, the first ones at least, and their column. */
function cellTags(cells, column) {
  const more = cells.length > CELLS && h("span", { class: "header" }, `… et ${figure(cells.length - CELLS)} autres`);
  return cells.length > 0 && h("p", { class: "where" }, column && h("span", { class: "header" }, column), cells.slice(0, CELLS).map((cell) => h("span", { class: "cell" }, cell)), more);
}

/** What is wrong, then what to do: the message's own two halves. */
function said(message, remedy, before = null) {
  if (!remedy || !message.endsWith(remedy)) return h("p", { class: "wrong" }, before, sentence(message));
  const wrong = message.slice(0, -remedy.length).replace(/\s*;\s*$/, "");
  return [h("p", { class: "wrong" }, before, sentence(wrong)), h("p", { class: "remedy" }, h("span", {}, "Que faire : "), sentence(remedy))];
}

/** Words as a sentence: its capital, its full stop. */
export function sentence(words) {
  return `${words.slice(0, 1).toUpperCase()}${words.slice(1)}${/[.!?…]$/.test(words) ? "" : "."}`;
}

function details(group, findings) {
  const holder = h("details", {}, h("summary", {}, `Voir les ${figure(group.left.length)} lignes`));
  holder.addEventListener("toggle", () => {
    if (holder.open && holder.childElementCount === 1) holder.append(...rows(group, findings));
  });
  return holder;
}

function rows(group, findings) {
  const body = h("tbody");
  const table = h("table", { class: "lines stack" },
    h("caption", { class: "hidden" }, `${group.titre} : les cellules`),
    h("thead", {}, h("tr", {}, ["Cellule", "Valeur", "Ce qu'il faut savoir ou corriger"].map((title) => h("th", { scope: "col" }, title)), h("td"))),
    body);
  const draw = (index) => {
    const item = findings.items[index];
    return h("tr", {}, h("th", { scope: "row" }, item.cellule || "–"), h("td", { "data-title": "Valeur" }, item.valeur), h("td", {}, sentence(item.message)), h("td", { class: "act" }, copier(item)));
  };
  return [table, ...gradual(group.left, SHOWN_LINES, body, draw, "ligne")];
}

function why(group, call) {
  return button(["Pourquoi ?", h("span", { class: "hidden" }, ` Règle ${group.code} : ${group.titre}`)], (event) => openRule(group.code, call, event.currentTarget), "link", { "aria-haspopup": "dialog" });
}

/** The line as a command prints it: for a message to a colleague, or to the officer. */
export function asText(item) {
  const place = [item.feuille || WHOLE, item.cellule].filter(Boolean).join(" ");
  return `${place} · ${item.code} (${item.gravite}) : ${item.message} [${item.article}]`;
}

function copier(item) {
  const words = h("span", {}, "Copier");
  const control = button([words, h("span", { class: "hidden" }, ` la ligne ${item.cellule || item.code}`)], async () => {
    const done = await copy(asText(item));
    words.textContent = done ? "Copié" : "Copie refusée";
    announce(done ? "Ligne copiée" : "Le navigateur a refusé de copier");
    setTimeout(() => { words.textContent = "Copier"; }, 2500);
  }, "link");
  return control;
}

/** Copy a text; where the clipboard is out of reach, by a selection. Returns: whether it was done. */
async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = h("textarea", { class: "hidden", "aria-hidden": "true" });
    area.value = text;
    const holder = document.activeElement;
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    holder?.focus();
    return done;
  }
}

/** The list on paper, a box to tick on each line: [nodes], of what the filter leaves. */
export function paperList(findings, title, about) {
  return [
    h("h1", {}, title),
    h("p", {}, about),
    findings.kept().map(({ feuille, groupes }) => h("table", {},
      h("caption", {}, sheetName(feuille)),
      h("thead", {}, h("tr", {}, ["Fait", "Cellule", "Gravité", "Ce qu'il faut savoir ou corriger"].map((words) => h("th", { scope: "col" }, words)))),
      h("tbody", {}, groupes.flatMap((group) => group.left.map((index) => {
        const item = findings.items[index];
        return h("tr", {}, h("td", { class: "box" }, "☐"), h("td", {}, item.cellule || "–"), h("td", {}, item.gravite), h("td", {}, `${sentence(item.message)} [${item.code} · ${item.article}]`));
      }))))),
  ].flat();
}
