// The page starts: Python in its worker, the address, files dropped anywhere, paper.

import { byId } from "./dom.js";
import { catchDrops } from "./files.js";
import { tie } from "./french.js";
import { ask, follow, startPython } from "./python.js";
import { here, serve } from "./router.js";
import { addresses, placeLinks } from "./views.js";

function showEngine({ phase, words, share, version }) {
  byId("engine").hidden = phase === "ready";
  byId("engine-again").hidden = phase !== "dead";
  byId("engine-share").hidden = phase === "dead";
  byId("engine").classList.toggle("dead", phase === "dead");
  document.body.toggleAttribute("data-ready", phase === "ready");
  if (phase === "ready") byId("version").textContent = tie(`Version ${version}`);
  else byId("engine-words").textContent = tie(phase === "start" ? `${words} Vous pouvez déjà déposer un fichier.` : words);
  if (share !== undefined) byId("engine-share").value = share;
}

/** A view that has a list of its own for paper is printed as that list. */
function paper() {
  const { print: list } = here();
  byId("paper").replaceChildren(...(list ? list() : []));
  document.body.classList.toggle("on-paper", Boolean(list));
}

follow(showEngine);
byId("engine-again").addEventListener("click", startPython);
document.querySelector(".skip").addEventListener("click", (event) => {
  event.preventDefault();
  byId("contenu").focus();
});
globalThis.aapXl = { ask }; // for the tests, and for who opens the browser's console
addEventListener("beforeprint", paper);
addEventListener("afterprint", () => byId("paper").replaceChildren());
byId("places").replaceChildren(placeLinks());
catchDrops();
serve(addresses());
startPython();
