// Charts as SVG, drawn from a table's lines at the width they are given; the table beside is their text.

import { fresh, h, svg } from "./dom.js";
import { tie } from "./french.js";

const LETTER = 7.6;
const BAR = { label: 18, height: 14, gap: 3, after: 12 };
const COLUMN = { height: 190, top: 22, bottom: 8, line: 15, narrowest: 64, thickest: 46 };
const NARROWEST = 220;
const GUTTER = 10;

const widths = new ResizeObserver((entries) => {
  for (const { target, contentRect } of entries) target.redraw(Math.max(NARROWEST, Math.round(contentRect.width)));
});

/** The chart of a table: its title, its legend, its drawing. */
export function chart(tableau) {
  const { titre, series } = tableau.graphique;
  const id = fresh("chart");
  const drawing = h("div", { class: "drawing" });
  drawing.redraw = (width) => {
    if (drawing.width === width) return;
    drawing.width = width;
    drawing.replaceChildren(draw(tableau, width, id));
  };
  drawing.redraw(440);
  widths.observe(drawing);
  const legend = series.length > 1 && h("ul", { class: "legend", "aria-hidden": "true" }, series.map((item, rank) => h("li", {}, h("span", { class: item.repere ? "key mark" : `key s${rank}` }), item.titre)));
  return h("figure", { class: "chart" }, h("figcaption", { id }, titre), legend, drawing);
}

function draw(tableau, width, id) {
  const shape = plan(tableau);
  const columns = tableau.graphique.genre === "colonnes" && width / shape.categories.length >= COLUMN.narrowest;
  const { nodes, height } = columns ? verticals(shape, width) : horizontals(shape, width);
  return svg("svg", { role: "img", "aria-labelledby": id, viewBox: `0 0 ${width} ${height}`, width: "100%", class: "bars" }, nodes);
}

/** The series with the words of the table's own cells: {categories, series: [{rank, mark, values, words}], top}. */
function plan(tableau) {
  const { categories, series } = tableau.graphique;
  const words = (titre, line) => {
    const column = tableau.colonnes.findIndex((item) => item.titre === titre);
    return column < 0 ? "" : tableau.lignes[line].cellules[column].texte;
  };
  const drawn = series.map((item, rank) => ({ rank, mark: item.repere, values: item.valeurs, words: item.valeurs.map((_, line) => words(item.titre, line)) }));
  const top = Math.max(0, ...drawn.flatMap(({ values }) => values.map((value) => value ?? 0)));
  return { categories, series: drawn, top: top || 1 };
}

function text(x, y, words, attributes = {}) {
  return svg("text", { x, y, ...attributes }, words);
}

/** Bars from left to right: their category on their left where there is room, else on a line of its own above. */
function horizontals({ categories, series, top }, width) {
  const longest = LETTER * Math.max(...categories.map((category) => category.length)) + GUTTER;
  const beside = longest < width * 0.4;
  const left = beside ? longest : 0;
  const room = width - left - LETTER * Math.max(4, ...series.flatMap(({ words }) => words.map((item) => item.length))) - 8;
  const nodes = [];
  let y = 0;
  categories.forEach((category, line) => {
    for (const part of beside ? [] : wrapped(category, Math.floor(width / LETTER))) {
      y += BAR.label;
      nodes.push(text(0, y - 5, part, { class: "category" }));
    }
    const shown = series.filter(({ values }) => values[line] !== null);
    const middle = y + (shown.length * (BAR.height + BAR.gap) - BAR.gap) / 2;
    if (beside) nodes.push(text(left - GUTTER, middle + 4, category, { class: "category end" }));
    for (const item of shown) {
      nodes.push(...bar(item, line, { x: left, y, length: (Math.max(0, item.values[line]) / top) * room }));
      y += BAR.height + BAR.gap;
    }
    if (!shown.length && beside) y += BAR.height;
    y += BAR.after;
  });
  return { nodes, height: y };
}

function bar({ rank, mark, values, words }, line, { x, y, length }) {
  const seen = Math.max(values[line] > 0 ? 2 : 1, length);
  return [
    svg("rect", { class: mark ? "mark" : `s${rank}`, x, y, width: seen, height: BAR.height, rx: 2 }),
    text(x + seen + 6, y + BAR.height - 3, words[line], { class: "value" }),
  ];
}

/** Columns side by side on one base line; a reference is a mark across them. */
function verticals({ categories, series, top }, width) {
  const slot = width / categories.length;
  const bars = series.filter(({ mark }) => !mark);
  const thick = Math.min(COLUMN.thickest, (slot * 0.72) / bars.length);
  const base = COLUMN.top + COLUMN.height;
  const labels = categories.map((category) => wrapped(category, Math.max(6, Math.floor((slot - 6) / LETTER))));
  const nodes = [svg("line", { class: "axis", x1: 0, x2: width, y1: base + 0.5, y2: base + 0.5 })];
  categories.forEach((_, line) => {
    const start = slot * line + (slot - thick * bars.length) / 2;
    bars.forEach(({ rank, values, words }, place) => {
      if (values[line] !== null) nodes.push(...column(start + place * thick, thick, values[line] / top, base, `s${rank}`, words[line]));
    });
    for (const { values, words } of series.filter(({ mark }) => mark)) {
      if (values[line] !== null) nodes.push(...reference(start, thick * bars.length, values[line] / top, base, words[line]));
    }
    labels[line].forEach((part, row) => nodes.push(text(slot * (line + 0.5), base + COLUMN.bottom + COLUMN.line * (row + 0.7), part, { class: "category middle" })));
  });
  const rows = Math.max(...labels.map((parts) => parts.length));
  return { nodes, height: base + COLUMN.bottom + COLUMN.line * rows + 4 };
}

function column(x, thick, share, base, colour, words) {
  const height = Math.max(share > 0 ? 2 : 0, share * COLUMN.height);
  const fits = words.length * 7 <= thick + 4;
  return [
    svg("rect", { class: colour, x: x + 1, y: base - height, width: Math.max(1, thick - 2), height, rx: 2 }),
    text(x + thick / 2, base - height - 5, fits ? words : words.replace(/,\d+/, ""), { class: "value middle" }),
  ];
}

function reference(x, wide, share, base, words) {
  const y = base - share * COLUMN.height;
  return [
    svg("line", { class: "mark", x1: x - 6, x2: x + wide + 6, y1: y, y2: y }),
    text(x + wide + 9, y + 4, words, { class: "value mark-words" }),
  ];
}

/** Words in lines of at most `size` letters, three lines at most. */
function wrapped(words, size) {
  const lines = [""];
  for (const word of tie(words).split(" ")) {
    const line = lines.at(-1);
    if (line && line.length + 1 + word.length > size) lines.push(word);
    else lines[lines.length - 1] = line ? `${line} ${word}` : word;
  }
  if (lines.length <= 3) return lines;
  return [...lines.slice(0, 2), `${lines[2].slice(0, Math.max(1, size - 1))}…`];
}
