// Serves the gallery where there is no network: the first page, and those that were visited.
// The build puts two lines before this one: VERSION, which is another one for each build, and FILES, by page what it needs, as `offline.mjs` finds it.
/* global self, caches, location, Response, VERSION, FILES */

const NAME = 'gatefold-gallery-';
const CACHE = NAME + VERSION;
const scope = self.registration.scope;

/** Keeps all that a page needs; the first page is ''. */
async function keep(page) {
  const cache = await caches.open(CACHE);
  for (const file of FILES[page] ?? []) {
    const url = new URL(file, scope).href;
    if (!(await cache.match(url))) await cache.add(url);
  }
}

/** The pages of which an older build's cache holds all. */
async function visited() {
  const names = (await caches.keys()).filter((name) => name.startsWith(NAME) && name !== CACHE);
  const kept = [];
  for (const name of names) {
    const cache = await caches.open(name);
    for (const page of Object.keys(FILES))
      if (await cache.match(new URL(page, scope).href)) kept.push(page);
  }
  return kept;
}

self.addEventListener('install', (event) => {
  const all = async () => {
    for (const page of ['', ...(await visited())]) await keep(page);
    await self.skipWaiting();
  };
  event.waitUntil(all());
});

self.addEventListener('activate', (event) => {
  const all = async () => {
    for (const name of await caches.keys())
      if (name.startsWith(NAME) && name !== CACHE) await caches.delete(name);
    await self.clients.claim();
  };
  event.waitUntil(all());
});

// A page says that it was visited, and is told when it is kept.
self.addEventListener('message', (event) => {
  const { data: page, source } = event;
  event.waitUntil(keep(page).then(() => source.postMessage({ kept: page })));
});

const NOT_KEPT = `<!doctype html><html lang="en"><meta charset="utf-8" /><meta name="viewport" content="width=device-width" />
<title>Not kept yet · Gatefold</title><body style="max-width: 32rem; margin: 4rem auto; padding: 0 1.25rem; font: 1.1rem/1.6 system-ui, sans-serif">
<h1>This page was not visited yet</h1>
<p>There is no network, and only pages that were open before work without it. <a href="${scope}">All pages</a></p>`;

/** From the network, so that a new build is seen; without one what was kept. */
async function navigate(request) {
  try {
    return await fetch(request);
  } catch {
    const { origin, pathname } = new URL(request.url);
    const kept = await caches.match(origin + pathname.replace(/index\.html$/, ''));
    const type = { 'Content-Type': 'text/html; charset=utf-8' };
    return kept ?? new Response(NOT_KEPT, { status: 503, headers: type });
  }
}

self.addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.method !== 'GET' || new URL(request.url).origin !== location.origin) return;
  if (request.mode === 'navigate') event.respondWith(navigate(request));
  // The name of a file changes with what is in it.
  else event.respondWith(caches.match(request).then((kept) => kept ?? fetch(request)));
});
