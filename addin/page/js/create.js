// A blank workbook for a call: a short form, all of it optional.

import { announce, button, focusOn, fresh, h } from "./dom.js";
import { Refus } from "./engine.js";
import { download } from "./files.js";
import { capital } from "./french.js";
import { failure, pending } from "./pending.js";
import { ask } from "./python.js";
import { go } from "./router.js";
import { badge } from "./severity.js";

const NUMERIC = new Set(["siret"]);
let calls = null;

function knownCalls() {
  calls ??= ask("appels");
  calls.catch(() => { calls = null; });
  return calls;
}

export function drawCreation() {
  const nodes = [
    h("h1", {}, "Créer un classeur vierge"),
    h("p", { class: "lead" }, "Choisissez l'appel à projets, puis dites ce que vous savez déjà. Tout est facultatif : le reste se remplit dans le classeur, au fil de l'année."),
    pending(knownCalls, "Les appels à projets se chargent…", ({ result }) => ({ nodes: [creation(result.appels)], said: "Le formulaire est prêt" })),
  ];
  return { title: "Créer un classeur vierge", nodes };
}

function creation(known) {
  const place = h("div", { class: "creation" });
  const trouble = h("div", {});
  const fields = h("div", { class: "fields" });
  const group = fresh("call");
  let chosen = null;
  const choose = (call) => {
    chosen = call;
    const typed = values(form);
    fields.replaceChildren(...call.identite.map((item) => field(item, typed[item.champ] ?? "")));
  };
  const choice = h("fieldset", { class: "calls" }, h("legend", {}, "L'appel à projets"), known.map((call, rank) => h("label", { class: "call" },
    h("input", { type: "radio", name: group, value: rank, checked: rank === 0, onchange: () => choose(call) }), h("span", {}, call.nom))));
  const send = h("button", { type: "submit", class: "main" }, "Créer mon classeur");
  const form = h("form", { autocomplete: "off", novalidate: true }, choice,
    h("fieldset", {}, h("legend", {}, "L'opération"), h("p", { class: "note" }, "Laissez vide ce que vous ne savez pas encore."), fields),
    trouble, h("p", { class: "actions" }, send));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    create(chosen, form, { trouble, send, place });
  });
  choose(known[0]);
  place.append(form);
  return place;
}

function values(form) {
  return form ? Object.fromEntries(Array.from(form.querySelectorAll("[data-champ]"), (input) => [input.dataset.champ, input.value.trim()])) : {};
}

function field(item, value) {
  const [id, help] = [fresh("field"), fresh("help")];
  const shared = { id, "data-champ": item.champ, "aria-describedby": item.aide ? help : null };
  let input;
  if (item.choix.length) {
    input = h("select", shared, h("option", { value: "" }, "Pas encore"), item.choix.map((choice) => h("option", { value: choice.valeur }, choice.libelle)));
  } else if (item.nature === "date") {
    input = h("input", { ...shared, type: "date" });
  } else {
    input = h("input", { ...shared, type: "text", inputmode: NUMERIC.has(item.champ) ? "numeric" : null });
  }
  input.value = value;
  return h("div", { class: "field" }, h("label", { for: id }, item.entete), input, item.aide && h("p", { id: help, class: "note" }, item.aide));
}

async function create(call, form, { trouble, send, place }) {
  if (send.getAttribute("aria-disabled") === "true") return;
  send.setAttribute("aria-disabled", "true");
  send.textContent = "Le classeur se prépare…";
  unmark(form);
  trouble.replaceChildren();
  try {
    const identite = Object.fromEntries(Object.entries(values(form)).filter(([, value]) => value));
    const { result, files } = await ask("nouveau", { appel: call.code, millesime: call.millesime, identite });
    download(files[0]);
    const made = created(result, files[0], place, form);
    place.replaceChildren(...made);
    focusOn(made[0].querySelector("h2"));
  } catch (error) {
    trouble.replaceChildren(failure(error.message));
    if (error instanceof Refus) mark(form, error.message);
  }
  send.removeAttribute("aria-disabled");
  send.textContent = "Créer mon classeur";
}

function unmark(form) {
  for (const input of form.querySelectorAll("[aria-invalid]")) input.removeAttribute("aria-invalid");
}

/** The field whose value the sentence quotes gets the focus. */
function mark(form, sentence) {
  const wrong = Array.from(form.querySelectorAll("[data-champ]")).find((input) => input.value.trim() && sentence.includes(`« ${input.value.trim()} »`));
  wrong?.setAttribute("aria-invalid", "true");
  wrong?.focus();
}

function created({ fichier, anomalies }, file, place, form) {
  announce(`${fichier} est téléchargé`);
  const back = () => {
    place.replaceChildren(form);
    focusOn(form.querySelector("legend"));
  };
  return [
    h("section", { class: "next done" },
      h("h2", {}, "Votre classeur est téléchargé"),
      h("p", { class: "sentence" }, `« ${fichier} » est dans vos téléchargements. Ouvrez-le dans Excel ou LibreOffice et commencez par la feuille Opération : sa première feuille dit comment s'en servir.`),
      h("p", { class: "actions" }, button("Le télécharger encore", () => download(file), "plain"), button("Modifier le formulaire", back, "plain"), button("Contrôler un classeur", () => go("accueil"), "plain"))),
    anomalies.length > 0 && h("section", {}, h("h2", {}, "Déjà à corriger dans ce que vous avez indiqué"),
      h("ul", { class: "groups" }, anomalies.map((item) => h("li", { class: "group" }, h("p", {}, badge(item.gravite), h("strong", {}, ` ${item.entete}`)), h("p", {}, `${capital(item.message)} [${item.article}]`))))),
  ].filter(Boolean);
}
