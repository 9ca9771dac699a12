// One session of a browser: `node session.mjs chromium|firefox URL [WORKBOOK FEW MANY]`: opens a page, waits until it says that
// it is ready, asks it to check a workbook FEW times, then MANY times. Prints what the browser's processes had taken of the
// processor at each of these moments, in seconds.
import fs from "node:fs";
import puppeteer from "puppeteer-core";

const [, , name, url, workbook, few, many] = process.argv;
const chromium = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
const browser = await puppeteer.launch(
  name === "firefox"
    ? { browser: "firefox", executablePath: "/usr/bin/firefox-esr" }
    : { executablePath: "/usr/bin/chromium", args: chromium },
);
const tab = await browser.newPage();
await tab.goto(url);
await tab.waitForFunction("'ready' in document.body.dataset", { timeout: 120_000 });
const taken = [processor(browser.process().pid)];
if (workbook) {
  const content = fs.readFileSync(workbook).toString("base64");
  for (const count of [few, many]) {
    await tab.evaluate(check, content, Number(count));
    taken.push(processor(browser.process().pid));
  }
}
console.log(taken.join(" "));
await browser.close();

async function check(text, count) {
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)).buffer;
  for (let done = 0; done < count; done++) await globalThis.aapXl.ask("controler", {}, [{ name: "a.xlsx", bytes }]);
}

/** Seconds taken by a process and all those under it, living or ended. Linux counts in hundredths. */
function processor(root) {
  const all = fs.readdirSync("/proc").filter((name) => /^[0-9]+$/.test(name)).map(stat).filter(Boolean);
  const under = (pid) => all.filter((item) => item.parent === pid).flatMap((item) => [item, ...under(item.pid)]);
  return [stat(String(root)), ...under(root)].reduce((sum, item) => sum + item.ticks, 0) / 100;
}

/** A process's number, its parent's and its time; nothing if it just ended. */
function stat(pid) {
  try {
    const words = fs.readFileSync(`/proc/${pid}/stat`, "utf8").replace(/^.*\) /s, "").split(" ");
    return { pid: Number(pid), parent: Number(words[1]), ticks: words.slice(11, 15).reduce((sum, word) => sum + Number(word), 0) };
  } catch {
    return null;
  }
}
