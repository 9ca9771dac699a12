// The page's side of the worker: asks, waits, starts it again when it has crashed or was stopped.

/** What the command would refuse; the message is its French sentence. */
export class Refus extends Error {}

/** Python stopped on a question; the message is a French sentence, and the engine is starting again. */
export class Crash extends Error {}

const STOPPED = "Demande arrêtée ; la page repart.";
const LOST = "Le programme s'est arrêté ; la page repart d'elle-même. Vos fichiers n'ont pas changé.";

export class Engine {
  #worker = null;
  #waiting = new Map();
  #next = 1;
  #on;
  #starts = 0;

  /** on: progress(phrase, share from 0 to 1), ready({version, date}), crash(phrase) when it can't start. */
  constructor(on) {
    this.#on = on;
    this.#start();
  }

  /** One question; files: [{name, bytes: ArrayBuffer}], which stay the caller's. Throws Refus or Crash. */
  call(verb, args = {}, files = []) {
    return new Promise((resolve, reject) => {
      const id = this.#next++;
      this.#waiting.set(id, { resolve, reject });
      const copies = files.map(({ name, bytes }) => ({ name, bytes: bytes.slice(0) }));
      this.#worker.postMessage({ id, verb, args, files: copies }, copies.map((file) => file.bytes));
    });
  }

  /** End what runs, were it endless, and start again. */
  stop() {
    this.#restart(STOPPED);
  }

  #start() {
    this.#starts++;
    const worker = new Worker(workerUrl());
    worker.onmessage = ({ data }) => this.#hear(data);
    worker.onerror = () => (this.#ready ? this.#restart(LOST) : this.#on.crash(LOST));
    worker.postMessage({ start: given() });
    this.#worker = worker;
  }

  #ready = false;

  #restart(phrase) {
    this.#worker.terminate();
    this.#ready = false;
    for (const { reject } of this.#waiting.values()) reject(new Crash(phrase));
    this.#waiting.clear();
    this.#start();
  }

  #hear(said) {
    if (said.progress) return this.#on.progress(said.progress, said.share);
    if (said.ready) {
      this.#ready = true;
      return this.#on.ready(said);
    }
    if (said.id === undefined) return this.#on.crash(said.crash);
    if (said.crash) return this.#restart(said.crash);
    const { resolve, reject } = this.#waiting.get(said.id);
    this.#waiting.delete(said.id);
    return said.refus === undefined ? resolve({ result: said.result, files: said.files }) : reject(new Refus(said.refus));
  }
}

/** The parts: texts of the page itself, or where the site has them. */
function given() {
  const site = document.querySelector('meta[name="aap-parts"]');
  if (site) return { base: new URL(site.content, location.href).href, names: site.dataset.names.split(" ") };
  const parts = document.querySelectorAll("script[data-part]");
  return Object.fromEntries(Array.from(parts, (part) => [part.dataset.part, part.textContent]));
}

function workerUrl() {
  const site = document.querySelector('meta[name="aap-parts"]');
  if (site) navigator.serviceWorker?.register("sw.js").catch(() => {}); // without it, the site only needs the network
  if (site) return `${site.content}worker.js`;
  const source = document.getElementById("worker").textContent;
  return URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
}
