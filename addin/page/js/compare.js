// What changed since an older version: lines, cells, amounts, anomalies.

import { button, focusOn, fresh, h } from "./dom.js";
import { all, answer } from "./dossiers.js";
import { download, dropZone } from "./files.js";
import { sentence, sheetName } from "./findings.js";
import { count, euros } from "./french.js";
import { pending } from "./pending.js";
import { badge } from "./severity.js";
import { plainTable } from "./tables.js";

const LINES = 200;
const EMPTY = "(vide)";

/** Choose the older version, then see what changed. */
export function drawComparison(dossier) {
  const result = h("div", {});
  const compare = (older) => {
    choice.hidden = true;
    result.replaceChildren(compared(dossier, older, another));
  };
  const another = () => {
    choice.hidden = false;
    result.replaceChildren();
    focusOn(choice.querySelector("h2"));
  };
  const others = all().filter((other) => other !== dossier && other.state === "checked");
  const known = [
    dossier.former && { ...dossier.former, words: "la version déposée juste avant ici" },
    ...others.map((other) => ({ ...other, words: `« ${other.name} »` })),
  ].filter(Boolean);
  const choice = h("section", { class: "choice" },
    dropZone({
      title: "Avec quelle version plus ancienne ?",
      words: "Choisir l'ancienne version",
      note: "Déposez ici le classeur d'un envoi précédent, de la même opération : les changements sont dits un à un.",
      multiple: false,
      onfiles: async ([file]) => file && compare({ name: file.name, bytes: await file.arrayBuffer() }),
    }),
    known.length > 0 && h("p", { class: "known" }, "Ou comparer avec : ", known.map((older) => [button(older.words, () => compare(older), "plain"), " "])));
  return { nodes: [choice, result] };
}

function compared(dossier, older, another) {
  const other = button("Comparer avec une autre version", another, "plain");
  const place = pending(
    () => answer(dossier, "comparer", [older, dossier], fresh("comparer")),
    `« ${dossier.name} » est comparé à « ${older.name} »…`,
    ({ result, files }) => ({ nodes: changes(result, files[0]), said: "La comparaison est prête" }),
  );
  return h("div", {}, place, h("p", { class: "actions" }, other));
}

function changes(found, file) {
  const words = summary(found);
  const warnings = found.avertissements.map((warning) => h("p", { class: "warning" }, warning));
  const save = button("Télécharger la comparaison", () => download(file), "main");
  return [
    h("section", { class: "next" }, h("h2", {}, `De « ${found.ancien} » à « ${found.nouveau} »`), h("p", { class: "sentence" }, words), warnings,
      h("p", { class: "actions" }, save, button("Imprimer", () => print(), "plain"))),
    anomalies(found.anomalies),
    form(found.operation),
    lines(found.lignes),
    amounts(found.montants),
  ].filter(Boolean);
}

function tally(items, key, value) {
  return items.filter((item) => item[key] === value).length;
}

function summary({ identiques, operation, lignes, anomalies: listed }) {
  if (identiques) return "Aucun changement : ni cellule, ni montant, ni anomalie.";
  const said = (items, key, words) => words
    .map(([value, one]) => [tally(items, key, value), one])
    .filter(([number]) => number)
    .map(([number, one]) => count(number, one, one.split(" ").map((word) => `${word}s`).join(" ")));
  const parts = [
    ...said(lignes, "etat", [["ajoutée", "ligne ajoutée"], ["modifiée", "ligne modifiée"], ["retirée", "ligne retirée"]]),
    ...(operation.length ? [count(operation.length, "champ modifié", "champs modifiés")] : []),
    ...said(listed, "sort", [["résolue", "anomalie résolue"], ["nouvelle", "anomalie nouvelle"]]),
  ];
  const standing = tally(listed, "sort", "demeure");
  return `${parts.join(", ") || "Aucune ligne ne change"} ; ${count(standing, "anomalie demeure", "anomalies demeurent")}.`;
}

function anomalies(items) {
  const shown = [["nouvelle", "Anomalies nouvelles"], ["résolue", "Anomalies résolues"], ["demeure", "Anomalies qui demeurent"]]
    .map(([sort, title]) => [title, items.filter((item) => item.sort === sort)])
    .filter(([, found]) => found.length);
  return shown.length > 0 && h("section", {}, h("h2", {}, "Anomalies"), shown.map(([title, found]) => folded(`${title} (${found.length})`, () => plainTable(
    title,
    ["Cellule", "Gravité", "Ce qu'il faut savoir ou corriger"],
    found.slice(0, LINES).map((item) => [`${sheetName(item.feuille)} ${item.cellule}`, badge(item.gravite), `${sentence(item.message)} [${item.code} · ${item.article}]`]),
  ), found.length)));
}

function form(cells) {
  return cells.length > 0 && h("section", {}, h("h2", {}, "Feuille Opération"), plainTable(
    count(cells.length, "champ modifié", "champs modifiés"),
    ["Champ", "Avant", "Après"],
    cells.map((cell) => [cell.entete, cell.avant || EMPTY, cell.apres || EMPTY]),
  ));
}

function lines(items) {
  const sheets = Map.groupBy ? Map.groupBy(items, ({ feuille }) => feuille) : grouped(items);
  return sheets.size > 0 && h("section", {}, h("h2", {}, "Lignes, feuille par feuille"), Array.from(sheets, ([sheet, found]) => folded(
    `${sheet} : ${count(found.length, "ligne")}`,
    () => plainTable(`${sheet} : lignes changées`, ["Ligne", "État", "Colonne", "Avant", "Après"], found.flatMap(lineRows).slice(0, LINES)),
    found.flatMap(lineRows).length,
  )));
}

function grouped(items) {
  const groups = new Map();
  for (const item of items) groups.set(item.feuille, [...(groups.get(item.feuille) ?? []), item]);
  return groups;
}

function lineRows(item) {
  const place = `${item.cle} (n° ${item.ligne_apres ?? item.ligne_avant})`;
  if (item.etat !== "modifiée") return [[place, item.etat, count(item.cellules.length, "cellule remplie", "cellules remplies"), "", ""]];
  return item.cellules.map((cell) => [place, item.etat, cell.entete, cell.avant || EMPTY, cell.apres || EMPTY]);
}

function amounts(items) {
  const moved = items.filter(({ difference }) => Number(difference) !== 0);
  return h("section", {}, h("h2", {}, "Montants"), moved.length
    ? plainTable("Montants qui changent", ["Montant", "Avant", "Après", "Différence"], moved.map((item) => [item.libelle, euros(item.avant), euros(item.apres), euros(item.difference)]), [1, 2, 3])
    : h("p", { class: "empty" }, "Aucun montant ne change."));
}

/** A long part, drawn when it is opened. */
function folded(title, draw, number) {
  const details = h("details", {}, h("summary", {}, title));
  details.addEventListener("toggle", () => {
    if (!details.open || details.childElementCount > 1) return;
    details.append(draw());
    if (number > LINES) details.append(h("p", { class: "note" }, `Les ${LINES} premières ; toutes sont dans la comparaison à télécharger.`));
  });
  return details;
}
