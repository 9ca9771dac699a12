// The site's service worker: the page works without network, and changes as a whole when the site does.
// The build writes the version and the files.
"use strict";
const VERSION = "version";
const FILES = [];
const NAME = `aap-xl ${VERSION}`;

self.addEventListener("install", (event) => {
  const wanted = FILES.map((file) => new Request(file, { cache: "no-cache" }));
  event.waitUntil(caches.open(NAME).then((cache) => cache.addAll(wanted)));
});

self.addEventListener("activate", (event) => {
  const old = (name) => name.startsWith("aap-xl ") && name !== NAME;
  event.waitUntil(caches.keys().then((names) => Promise.all(names.filter(old).map((name) => caches.delete(name)))));
});

self.addEventListener("fetch", (event) => {
  if (event.request.method !== "GET") return;
  event.respondWith(caches.open(NAME).then(async (cache) => (await cache.match(event.request)) ?? fetch(event.request)));
});
