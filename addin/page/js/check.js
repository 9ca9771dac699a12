// The first view of a dossier: what to do next, what is wrong, what is right.

import { announce, button, focusOn, fresh, h, icon, jump } from "./dom.js";
import { aboutDossier, again, answer } from "./dossiers.js";
import { download, dropZone, fileButton, take } from "./files.js";
import { Findings, findingsList, paperList, sheetName, total } from "./findings.js";
import { count, figure, tie } from "./french.js";
import { asking, failure } from "./pending.js";
import { follow, isReady } from "./python.js";
import { SEVERITIES, totals } from "./severity.js";

const PAUSE = 150;
const READING = "Le classeur est lu et contrôlé…";
const WAITING = "Votre classeur est bien reçu : il sera contrôlé dès que le programme sera prêt, dans quelques secondes.";

/** What is shown of the checks; of a workbook that could not be read, why. */
export function drawCheck(dossier) {
  if (dossier.state === "asked") return { nodes: [waitingWords()] };
  if (dossier.state === "crashed") return { nodes: [failure(dossier.refusal, () => again(dossier))] };
  if (dossier.state === "refused") return { nodes: [failure(dossier.refusal), otherFile("Choisissez un autre fichier")] };
  const findings = new Findings(dossier.check);
  const right = rightThings(dossier.check);
  return {
    nodes: [toDoNext(dossier), counts(dossier, right), wrongThings(findings, dossier), right.section].filter(Boolean),
    print: () => paperList(findings, `${dossier.name} : à corriger`, `${aboutDossier(dossier)} · ${totals(dossier.check.controle.totaux)}`),
  };
}

/** A file that comes while the program starts is told that it waits. */
function waitingWords() {
  const words = h("p", { class: "working", role: "status" }, READING);
  if (!isReady()) {
    words.textContent = tie(WAITING);
    follow(({ phase }) => {
      words.textContent = tie(phase === "ready" ? READING : WAITING);
    });
  }
  return words;
}

function otherFile(title) {
  return dropZone({ title, words: "Choisir un fichier", note: ".xlsx, .xlsm, .ods, .xls ou .xlsb", multiple: false });
}

/** What to do first, in one sentence; then the two things that one does: download, and come back corrected. */
function toDoNext(dossier) {
  const { check } = dossier;
  const { control, trouble } = asking(
    "Télécharger mon classeur avec son bilan",
    "Le bilan s'écrit…",
    () => answer(dossier, "bilan"),
    ({ files }) => {
      download(files[0]);
      announce(`${files[0].name} est téléchargé`);
    },
  );
  const cannot = check.ecriture && h("p", { class: "note" }, `Le bilan ne peut pas être écrit dans ce fichier : ${check.ecriture}`);
  return h("section", { class: check.controle.a_corriger ? "next" : "next done" },
    h("h2", {}, "Ce qu'il faut faire maintenant"),
    h("p", { class: "sentence" }, check.suite),
    h("p", { class: "actions" }, !check.ecriture && control, fileButton("J'ai corrigé : déposer la nouvelle version", take, { multiple: false, style: check.ecriture ? "main" : "plain" })),
    trouble,
    cannot,
    dossier.former && h("p", { class: "note" }, `Au contrôle précédent de ce classeur : ${totals(dossier.former.totals)}.`));
}

/** Figures and words; each severity is linked to its list. */
function counts(dossier, right) {
  const found = dossier.check.controle.totaux;
  const tiles = Object.entries(SEVERITIES).map(([name, { key, one, several, asks }]) => tile(key, found[name], found[name] > 1 ? several : one, asks));
  return h("section", { class: "counts" },
    h("h2", { class: "hidden" }, "En chiffres"),
    h("ul", {}, tiles, tile("juste", right.number, right.number > 1 ? "points justes" : "point juste", right.number ? jump("Voir ce qui est juste", right.section) : "Rien n'a encore été rempli.")));
}

function tile(key, number, words, more) {
  return h("li", { class: `tile ${number ? key : "none"}` }, h("p", { class: "number" }, icon(key), figure(number), h("span", {}, words)), h("p", { class: "more" }, more));
}

function wrongThings(findings, dossier) {
  if (!findings.items.length) return null;
  const { place, draw } = findingsList(findings);
  const shown = h("p", { class: "shown", role: "status" });
  const update = () => {
    draw();
    shown.textContent = `${count(total(findings.kept()), "point affiché", "points affichés")} sur ${figure(findings.items.length)}`;
  };
  update();
  return h("section", {}, h("h2", { id: fresh("wrong") }, "Ce qu'il faut savoir ou corriger"), tools(findings, update), shown, place);
}

/** Severity, sheet, words; print. */
function tools(findings, update) {
  const [severity, sheet, words] = [fresh("severity"), fresh("sheet"), fresh("words")];
  let timer = 0;
  const found = findings.check.controle.totaux;
  const severities = Object.entries(SEVERITIES).filter(([name]) => found[name]);
  return h("form", { class: "tools", role: "search", "aria-label": "Dans cette liste", onsubmit: (event) => event.preventDefault() },
    h("div", {}, h("label", { for: words }, "Rechercher"), h("input", {
      id: words, type: "search", autocomplete: "off", placeholder: "",
      oninput: (event) => {
        findings.filter.words = event.target.value;
        clearTimeout(timer);
        timer = setTimeout(update, PAUSE);
      },
    })),
    h("div", {}, h("label", { for: severity }, "Gravité"), h("select", {
      id: severity,
      onchange: (event) => { findings.filter.severity = event.target.value || null; update(); },
    }, h("option", { value: "" }, "Toutes"), severities.map(([name, { several }]) => h("option", { value: name }, several)))),
    h("div", {}, h("label", { for: sheet }, "Feuille"), h("select", {
      id: sheet,
      onchange: (event) => { findings.filter.sheet = event.target.value === "" ? null : findings.check.feuilles[event.target.value].feuille; update(); },
    }, h("option", { value: "" }, "Toutes"), findings.check.feuilles.map(({ feuille }, rank) => h("option", { value: rank }, sheetName(feuille))))),
    h("div", { class: "tools-end" }, button("Imprimer la liste", () => print(), "plain")));
}

/** What is right is counted too: `{number, section}`. */
function rightThings(check) {
  const number = check.justes.reduce((sum, { nombre }) => sum + nombre, 0);
  const section = number > 0 && h("section", { class: "right", id: fresh("right") },
    h("h2", {}, "Ce qui est juste"),
    h("ul", {}, check.justes.map(({ feuille, phrase, nombre }) => h("li", {}, icon("juste"), h("span", {}, feuille && h("strong", {}, `${feuille} : `), phrase)))));
  return { number, section };
}
