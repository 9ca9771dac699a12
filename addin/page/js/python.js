// Python, one question at a time: what waits is asked in turn, and a breakdown costs its own question only.

import { Engine } from "./engine.js";

const followers = [];
const queue = [];
let engine = null;
let ready = false;
let busy = false;

/** Be told what the program is doing: `{phase: "start" | "ready" | "dead", words, share, version}`. */
export function follow(listener) {
  followers.push(listener);
}

function tell(state) {
  for (const listener of followers) listener(state);
}

export function isReady() {
  return ready;
}

/** Start the program, or start it again after a failure to start. */
export function startPython() {
  tell({ phase: "start", words: "Le programme se prépare…", share: 0 });
  if (engine) {
    engine.stop();
    return;
  }
  engine = new Engine({
    progress: (words, share) => {
      ready = false;
      tell({ phase: "start", words, share });
    },
    ready: ({ version }) => {
      ready = true;
      tell({ phase: "ready", version });
      next();
    },
    crash: (words) => {
      ready = false;
      tell({ phase: "dead", words });
    },
  });
}

async function next() {
  if (busy || !ready || !queue.length) return;
  busy = true;
  const { verb, args, files, resolve, reject } = queue.shift();
  try {
    resolve(await engine.call(verb, args, files));
  } catch (error) {
    reject(error);
  }
  busy = false;
  next();
}

/**
 * Ask one thing; while Python starts or works, the question waits.
 *
 * files: [{name, bytes: ArrayBuffer}]. Resolves to {result, files}; rejects with Refus or Crash, whose message is a
 * French sentence for the person.
 */
export function ask(verb, args = {}, files = []) {
  return new Promise((resolve, reject) => {
    queue.push({ verb, args, files, resolve, reject });
    next();
  });
}
