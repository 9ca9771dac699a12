// The one table of what the page shows: a new view is one line here.

import { drawBalance } from "./balance.js";
import { drawCheck } from "./check.js";
import { drawComparison } from "./compare.js";
import { drawCreation } from "./create.js";
import { announce, focusOn, h } from "./dom.js";
import { aboutDossier, watch } from "./dossiers.js";
import { drawHome } from "./home.js";
import { drawPrivacy } from "./privacy.js";
import { drawReport } from "./report.js";
import { show } from "./router.js";
import { totals } from "./severity.js";

/** Places of the page itself: by address, the words of its link and `draw() → {title, nodes}`. */
const PLACES = {
  accueil: { words: "Contrôler", draw: drawHome },
  nouveau: { words: "Créer un classeur", draw: drawCreation },
  donnees: { words: "Vos données", draw: drawPrivacy },
};

/** Views of one dossier, in the order of its tabs: `draw(dossier) → {nodes, print?}`. */
const VIEWS = {
  controle: { words: "À corriger", draw: drawCheck },
  bilan: { words: "Bilan", draw: drawReport },
  comparer: { words: "Comparer", draw: drawComparison },
  solde: { words: "Solde", draw: drawBalance },
};

/** The links to the places. */
export function placeLinks() {
  return h("ul", {}, Object.entries(PLACES).map(([place, { words }]) => h("li", {}, h("a", { href: `#${place}` }, words))));
}

/** Everything an address may name, as `router.serve` takes it. */
export function addresses() {
  const views = Object.entries(VIEWS).map(([name, view]) => [name, { dossier: true, draw: (dossier) => dossierView(name, view, dossier) }]);
  return { ...PLACES, ...Object.fromEntries(views) };
}

/** One dossier: its name, its tabs, then the view; only the first is open as long as it is not checked. */
function dossierView(name, view, dossier) {
  const open = dossier.state === "checked";
  const drawn = (open ? view : VIEWS.controle).draw(dossier);
  const body = h("div", { class: "body" }, drawn.nodes);
  if (dossier.state === "asked") watch(body, () => dossier.state !== "asked" && arrived(dossier));
  const title = h("h1", { class: "file" }, dossier.name);
  const about = open && h("p", { class: "about" }, aboutDossier(dossier));
  return { title: `${view.words}, ${dossier.name}`, nodes: [title, about, open && tabs(name, dossier), body].filter(Boolean), print: drawn.print };
}

/** The checks are done: the focus goes to what to do next, which is said. */
function arrived(dossier) {
  show({ quiet: true });
  const title = document.querySelector("#view h2");
  if (title) focusOn(title);
  if (dossier.check) announce(`${totals(dossier.check.controle.totaux)}. ${dossier.check.suite}`);
}

function tabs(name, dossier) {
  return h("nav", { class: "tabs", "aria-label": "Ce classeur" }, h("ul", {}, Object.entries(VIEWS).map(([key, { words }]) => h("li", {}, h("a", { href: `#${dossier.id}/${key}`, "aria-current": key === name ? "page" : null }, words)))));
}
