// Elements, what is announced, where the focus goes.

import { tie } from "./french.js";

const SVG = "http://www.w3.org/2000/svg";

function fill(element, attributes, content) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  const kept = content.flat(Infinity).filter((item) => item !== null && item !== undefined && item !== false);
  element.append(...kept.map((item) => (item instanceof Node ? item : tie(String(item)))));
  return element;
}

/** An HTML element: its attributes (`onclick` is a listener; null and false are left out), then what it holds. */
export function h(name, attributes = {}, ...content) {
  return fill(document.createElement(name), attributes, content);
}

/** An SVG element, as `h`. */
export function svg(name, attributes = {}, ...content) {
  return fill(document.createElementNS(SVG, name), attributes, content);
}

/** A button; `style` is its class. */
export function button(words, onclick, style = "", attributes = {}) {
  return h("button", { type: "button", class: style, onclick, ...attributes }, words);
}

export function byId(id) {
  return document.getElementById(id);
}

let counter = 0;

/** A name that no other element has. */
export function fresh(prefix) {
  counter += 1;
  return `${prefix}-${counter}`;
}

/** Have a screen reader say something; nothing moves. */
export function announce(words) {
  const said = byId("said");
  said.textContent = "";
  setTimeout(() => { said.textContent = tie(words); }, 60);
}

/** Give the focus to what is not a control: a title, a result. */
export function focusOn(element) {
  element.setAttribute("tabindex", "-1");
  element.focus();
}

/** A link inside the page that leaves the address alone: the address names the view. */
export function jump(words, target) {
  const onclick = (event) => {
    event.preventDefault();
    target.scrollIntoView({ block: "start" });
    focusOn(target);
  };
  return h("a", { href: `#${target.id}`, onclick }, words);
}

const ICONS = {
  bloquante: ["M10.2 2h7.6L24 8.2v7.6L17.8 22h-7.6L4 15.8V8.2z", "M14 7v6.5M14 17v.2"],
  verifier: ["M14 2.5 25 21.5H3z", "M14 9.5v5.5M14 18v.2"],
  information: ["M14 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20z", "M14 11v6M14 7.4v.2"],
  juste: ["M14 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20z", "M9.3 12.4l3.2 3.2 6.2-6.4"],
};

/** A small drawing beside words that say the same. */
export function icon(name) {
  const [shape, mark] = ICONS[name];
  return svg(
    "svg",
    { class: `icon ${name}`, viewBox: "2 0 24 24", "aria-hidden": "true", focusable: "false" },
    svg("path", { class: "shape", d: shape }),
    svg("path", { class: "mark", d: mark }),
  );
}
