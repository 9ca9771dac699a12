// Drives one browser for the tests: a JSON line in, `{op, …}`; a JSON line out, `{result}` or `{error}`.
// `node drive.mjs chromium|firefox EXECUTABLE`
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import puppeteer from "puppeteer-core";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf-8");
const QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
const WAIT = { timeout: 90_000 };

const [, , kind, executablePath] = process.argv;
const browser = await puppeteer.launch({ browser: kind === "firefox" ? kind : "chrome", executablePath, headless: true, args: kind === "firefox" ? [] : QUIET, protocolTimeout: 120_000 });
let context = null;
let tab = null;
let requests = [];
let errors = [];

/** Runs in the page: ask as the page itself does, bytes as base64. */
async function question(verb, args, files) {
  const decode = ({ name, bytes }) => ({ name, bytes: Uint8Array.from(atob(bytes), (letter) => letter.charCodeAt(0)).buffer });
  const encode = (bytes) => {
    let text = "";
    for (const byte of new Uint8Array(bytes)) text += String.fromCharCode(byte);
    return btoa(text);
  };
  try {
    const { result, files: made } = await globalThis.aapXl.ask(verb, args, files.map(decode));
    return { result, files: made.map(({ name, type, bytes }) => [name, type, encode(bytes)]) };
  } catch (error) {
    return { [error.constructor.name === "Crash" ? "crash" : "refus"]: error.message };
  }
}

const OPS = {
  version: () => browser.version(),
  async open({ url, width = 1280, height = 900, scale = 1 }) {
    await context?.close();
    context = await browser.createBrowserContext();
    tab = await context.newPage();
    [requests, errors] = [[], []];
    tab.on("request", (request) => requests.push(request.url()));
    tab.on("pageerror", (error) => errors.push(String(error)));
    await tab.setViewport({ width, height, deviceScaleFactor: scale });
    await tab.goto(url, WAIT);
    await OPS.ready();
  },
  ready: () => tab.waitForFunction("'ready' in document.body.dataset", WAIT).then(() => null),
  ask: ({ verb, args, files }) => tab.evaluate(question, verb, args, files),
  run: ({ script }) => tab.evaluate(script),
  inWorker: ({ script }) => tab.workers()[0].evaluate(script),
  requests: () => requests,
  errors: () => errors,
  size: ({ width, height = 900, scale = 1 }) => tab.setViewport({ width, height, deviceScaleFactor: scale }),
  light: ({ value }) => tab.emulateMediaFeatures([{ name: "prefers-color-scheme", value }]),
  async give({ selector, path }) {
    await (await tab.$(selector)).uploadFile(path);
  },
  wait: ({ selector }) => tab.waitForSelector(selector, WAIT).then(() => null),
  waitFor: ({ script }) => tab.waitForFunction(script, { timeout: 30_000 }).then(() => null),
  press: ({ key }) => tab.keyboard.press(key),
  /** Press a key that opens the system's choice of files, and choose. */
  async choose({ key, path }) {
    const chosen = tab.waitForFileChooser({ timeout: 30_000 });
    await tab.evaluate("new Promise((done) => setTimeout(done, 500))"); // the browser is told to hand the choice over
    await tab.keyboard.press(key);
    const chooser = await chosen;
    await chooser.accept([path]);
  },
  async axe() {
    await tab.evaluate(AXE);
    const { violations } = await tab.evaluate("axe.run(document)");
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(" ")).slice(0, 3).join(" | ")}`);
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const { op, ...given } = JSON.parse(line);
  let said;
  try {
    said = { result: (await OPS[op](given)) ?? null };
  } catch (error) {
    said = { error: String(error) };
  }
  process.stdout.write(`${JSON.stringify(said)}\n`);
}
await browser.close();
