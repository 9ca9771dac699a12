// The workbooks that were dropped in this tab: they live in its memory, and nowhere else.

import { Refus } from "./engine.js";
import { day } from "./french.js";
import { ask } from "./python.js";

const LARGEST = 100 * 1024 * 1024;
const UNREADABLE = "ce fichier n'a pas pu être lu ; s'il est ouvert, fermez-le, puis choisissez-le de nouveau.";
const TOO_LARGE = "ce fichier dépasse 100 Mo, ce n'est pas un classeur d'opération ; choisissez le bon fichier.";
const dossiers = [];
const watchers = new Set();
let last = 0;

export function all() {
  return dossiers;
}

export function find(id) {
  return dossiers.find((dossier) => dossier.id === id) ?? null;
}

/** Its call, whose it is, and the day it was checked on. */
export function aboutDossier({ check }) {
  return [check.appel_nom, check.porteur, `contrôle au ${day(check.controle.date)}`].join(" · ");
}

/** Call `update` at each change, as long as the element is on the page. */
export function watch(element, update) {
  watchers.add({ element, update });
}

function changed() {
  for (const watcher of watchers) {
    if (watcher.element.isConnected) watcher.update();
    else watchers.delete(watcher);
  }
}

/**
 * Take files and have each checked; one of a name already known is its new version.
 *
 * Returns: [{id, name, bytes, state: "asked|checked|refused|crashed", check, refusal, former, answers}].
 */
export function add(files) {
  const added = Array.from(files, (file) => {
    const known = dossiers.findIndex((dossier) => dossier.name === file.name);
    const kept = known < 0 ? { id: `d${last += 1}`, former: null } : { id: dossiers[known].id, former: former(dossiers[known]) };
    const dossier = { ...kept, name: file.name, bytes: null, state: "asked", answers: new Map() };
    dossiers.splice(known < 0 ? dossiers.length : known, 1, dossier);
    read(file, dossier);
    return dossier;
  });
  changed();
  return added;
}

/** What is kept of the version before: its own former one when it could not be read. */
function former(dossier) {
  if (dossier.state !== "checked") return dossier.former;
  return { name: dossier.name, bytes: dossier.bytes, totals: dossier.check.controle.totaux };
}

export function remove(dossier) {
  dossiers.splice(dossiers.indexOf(dossier), 1);
  changed();
}

async function read(file, dossier) {
  try {
    if (file.size > LARGEST) throw new Refus(`« ${file.name} » : ${TOO_LARGE}`);
    dossier.bytes = await file.arrayBuffer().catch(() => {
      throw new Refus(`« ${file.name} » : ${UNREADABLE}`);
    });
    dossier.check = (await ask("controler", {}, [dossier])).result;
    dossier.state = "checked";
  } catch (error) {
    dossier.refusal = error.message;
    dossier.state = error instanceof Refus ? "refused" : "crashed";
  }
  changed();
}

/** Have a workbook checked again, after a breakdown. */
export function again(dossier) {
  dossier.state = "asked";
  changed();
  read(new File([dossier.bytes ?? new ArrayBuffer(0)], dossier.name), dossier);
}

/** What Python answers about a dossier, asked once; a failure is asked again the next time. */
export function answer(dossier, verb, files = [dossier], key = verb) {
  if (!dossier.answers.has(key)) {
    const asked = ask(verb, {}, files);
    dossier.answers.set(key, asked);
    asked.catch(() => dossier.answers.delete(key));
  }
  return dossier.answers.get(key);
}
