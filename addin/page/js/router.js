// The address after « # » names what is shown: the browser's own Back and Forward work, nothing is kept elsewhere.

import { byId, focusOn } from "./dom.js";
import { find } from "./dossiers.js";

const NAME = "Mon classeur d'opération";
let places = {};
let shown = null;

/** Where to go: a place (`accueil`), or a view of a dossier (`d1/bilan`). */
export function go(address) {
  if (location.hash === `#${address}`) show();
  else location.hash = address;
}

/** What is shown: `{place, dossier}`. */
export function here() {
  return shown;
}

/** Show what the address says from now on. `table`: by place, `(dossier) → {title, nodes, print?}`. */
export function serve(table) {
  places = table;
  addEventListener("hashchange", () => {
    if (location.hash !== "#contenu") show();
  });
  show({ quiet: true });
}

function where() {
  const [first, second] = location.hash.slice(1).split("/");
  const dossier = second ? find(first) : null;
  const place = second ? (dossier ? second : "accueil") : first;
  return Object.hasOwn(places, place) && (dossier || !places[place].dossier)
    ? { place, dossier }
    : { place: "accueil", dossier: null };
}

/** Draw the view again, the focus on its title unless `quiet`. */
export function show({ quiet = false } = {}) {
  const { place, dossier } = where();
  if (place === "accueil" && location.hash) history.replaceState(null, "", "#accueil");
  const view = places[place].draw(dossier);
  shown = { place, dossier, print: view.print };
  byId("view").replaceChildren(...view.nodes);
  document.title = `${view.title} · ${NAME}`;
  for (const link of byId("places").querySelectorAll("a")) {
    if (link.getAttribute("href") === `#${place}`) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  if (quiet) return;
  scrollTo(0, 0);
  focusOn(byId("view").querySelector("h1"));
}
