// What is shown while Python works, then its answer, its refusal or its breakdown.

import { announce, button, focusOn, h, icon } from "./dom.js";
import { Refus } from "./engine.js";

/** A refusal or a breakdown, in its own sentence, with what to do. */
export function failure(words, again = null) {
  const sentence = words.slice(0, 1).toUpperCase() + words.slice(1);
  return h("div", { class: "notice bad", role: "alert" }, icon("bloquante"), h("div", {}, h("p", {}, sentence), again && h("p", {}, button("Recommencer", again, "plain"))));
}

/**
 * A place that says `words`, then holds what `draw` makes of the answer.
 *
 * draw(answer) → {nodes, said}: `said` is announced, and the focus goes to the first title when nothing else has it.
 */
export function pending(ask, words, draw) {
  const place = h("div", { class: "answer" });
  const run = async () => {
    place.replaceChildren(h("p", { class: "working", role: "status" }, words));
    try {
      const { nodes, said } = draw(await ask());
      place.replaceChildren(...nodes);
      announce(said);
      takeFocus(place);
    } catch (error) {
      place.replaceChildren(failure(error.message, error instanceof Refus ? null : run));
    }
  };
  run();
  return place;
}

/** Give the focus to the result, if the person is not elsewhere meanwhile. */
function takeFocus(place) {
  const free = document.activeElement === document.body || document.activeElement?.tagName === "H1";
  const title = place.querySelector("h2");
  if (place.isConnected && free && title) focusOn(title);
}

/** A button that asks Python something, says so meanwhile, and hands over the answer. */
export function asking(words, meanwhile, ask, done, style = "main") {
  const label = h("span", {}, words);
  const trouble = h("div", { class: "trouble" });
  const control = button(label, async () => {
    if (control.getAttribute("aria-disabled") === "true") return;
    control.setAttribute("aria-disabled", "true");
    label.textContent = meanwhile;
    trouble.replaceChildren();
    try {
      done(await ask());
    } catch (error) {
      trouble.replaceChildren(failure(error.message));
    }
    control.removeAttribute("aria-disabled");
    label.textContent = words;
  }, style);
  return { control, trouble };
}
