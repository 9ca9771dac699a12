// The printed tables of a bilan or a balance, as HTML tables.

import { chart } from "./charts.js";
import { button, focusOn, fresh, h } from "./dom.js";
import { figure } from "./french.js";

const TEXTS = new Set(["texte", "texte long", "oui ou non", "choix", "lien"]);
const ROWS = 60;
const BROAD = 6;

const overflow = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    if (target.scrollWidth > target.clientWidth + 1) target.setAttribute("tabindex", "0");
    else target.removeAttribute("tabindex");
  }
});

/** A wide table scrolls in its own frame, which the keyboard reaches when there is something to scroll. */
export function frame(table, label) {
  const holder = h("div", { class: "scroll", role: "group", "aria-label": label }, table);
  overflow.observe(holder);
  return holder;
}

/** A plain table: `titles`, then rows of texts; the columns of `numbers` are aligned on the right. */
export function plainTable(caption, titles, rows, numbers = []) {
  const side = (rank) => (numbers.includes(rank) ? "number" : null);
  const table = h("table", { class: "stack" }, h("caption", {}, caption),
    h("thead", {}, h("tr", {}, titles.map((title, rank) => h("th", { scope: "col", class: side(rank) }, title)))),
    h("tbody", {}, rows.map((row) => h("tr", {}, row.map((cell, rank) => cellOf(rank, cell, side(rank), rank ? titles[rank] : null))))));
  return frame(table, caption);
}

/** One table under its title, its chart beside it when it has one. */
export function tableSection(tableau, level = "h3") {
  const id = fresh("table");
  const drawing = tableau.graphique && chart(tableau);
  return h("section", { class: `printed${drawing ? " drawn" : ""}${tableau.colonnes.length > BROAD ? " broad" : ""}` },
    h(level, { id }, tableau.titre),
    tableau.article && h("p", { class: "article" }, `[${tableau.article}]`),
    h("div", { class: "side" }, h("div", {}, tableau.lignes.length ? frame(tableOf(tableau), tableau.titre) : h("p", { class: "empty" }, "Aucune ligne."), tableau.note && h("p", { class: "note" }, tableau.note)), drawing));
}

/** A cell of a line; the first one names the line, unless it is empty. `title`: its column's, for a narrow page. */
function cellOf(rank, content, side, title = null) {
  const names = rank === 0 && content !== "";
  return h(names ? "th" : "td", { scope: names ? "row" : null, class: side, "data-title": title }, content);
}

function tableOf(tableau) {
  const sides = tableau.colonnes.map(({ nature }) => (TEXTS.has(nature) ? null : "number"));
  const titled = tableau.colonnes.some(({ titre }) => titre);
  const row = ({ cellules, forte }) => h("tr", { class: forte ? "strong" : null }, cellules.map((cell, rank) => cellOf(rank, cell.texte, sides[rank])));
  const body = h("tbody", {}, tableau.lignes.slice(0, ROWS).map(row));
  return h("table", {},
    h("caption", { class: "hidden" }, tableau.titre),
    titled && h("thead", {}, h("tr", {}, tableau.colonnes.map(({ titre }, rank) => h("th", { scope: "col", class: sides[rank] }, titre)))),
    body,
    tableau.lignes.length > ROWS && rest(tableau, body, row),
    tableau.totaux && h("tfoot", {}, row({ cellules: tableau.totaux, forte: true })));
}

/** The end of a long table, on demand. */
function rest(tableau, body, row) {
  const words = `Montrer les ${figure(tableau.lignes.length - ROWS)} lignes suivantes`;
  const end = h("tbody", { class: "rest" }, h("tr", {}, h("td", { colspan: tableau.colonnes.length }, button(words, () => {
    const nodes = tableau.lignes.slice(ROWS).map(row);
    body.append(...nodes);
    end.remove();
    focusOn(nodes[0]);
  }, "plain"))));
  return end;
}
