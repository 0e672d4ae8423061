import { type Keep, PAGES, PARTS, forgetPages } from "./pages";

/**
 * In a dead spot the officer still sees the last pages, marked with their time. The network always
 * comes first; only pages and their parts are kept, never photos, and none after signing out.
 */
const NETWORK_MS = 8_000;
const PAGES_MAX = 30;
const PARTS_MAX = 60;

interface Extendable extends Event {
  waitUntil(work: Promise<unknown>): void;
}
interface Asked extends Extendable {
  readonly request: Request;
  respondWith(answer: Promise<Response>): void;
}
interface Told extends Extendable {
  readonly data: Keep;
}
interface Scope {
  readonly registration: { readonly scope: string };
  readonly clients: { claim(): Promise<void> };
  skipWaiting(): Promise<void>;
  addEventListener(type: "install" | "activate", act: (event: Extendable) => void): void;
  addEventListener(type: "fetch", act: (event: Asked) => void): void;
  addEventListener(type: "message", act: (event: Told) => void): void;
}
const scope = self as unknown as Scope;

scope.addEventListener("install", (event) => event.waitUntil(scope.skipWaiting()));
scope.addEventListener("activate", (event) => event.waitUntil(scope.clients.claim()));
scope.addEventListener("message", (event) => event.waitUntil(keepWhatIsOpen(event.data)));
scope.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (url.pathname.startsWith("/static/")) event.respondWith(part(request));
  else if (request.mode === "navigate") event.respondWith(page(request));
});

/** The page that brought this worker was loaded before there was one. */
async function keepWhatIsOpen({ page: url, parts }: Keep): Promise<void> {
  const cache = await caches.open(PARTS);
  const missing: string[] = [];
  for (const name of parts) if (!(await cache.match(name))) missing.push(name);
  await Promise.allSettled(missing.map((name) => cache.add(name)));
  const answer = await fetch(url, { credentials: "same-origin" });
  await settle(url, answer);
}

async function page(request: Request): Promise<Response> {
  try {
    const answer = await inTime(request);
    await settle(request.url, answer.clone());
    return answer;
  } catch (lost) {
    const cache = await caches.open(PAGES);
    const kept = (await cache.match(request.url)) ?? (await cache.match(scope.registration.scope));
    if (!kept) throw lost;
    return marked(kept);
  }
}

async function inTime(request: Request): Promise<Response> {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), NETWORK_MS);
  try {
    return await fetch(request, { signal: limit.signal });
  } finally {
    clearTimeout(timer);
  }
}

async function settle(url: string, answer: Response): Promise<void> {
  const signedOut = answer.type === "opaqueredirect" || answer.redirected;
  if (signedOut || answer.status === 401 || answer.status === 403) return forgetPages();
  if (!answer.ok) return;
  const headers = new Headers(answer.headers);
  headers.set("X-Kept-At", new Date().toISOString());
  const kept = new Response(await answer.blob(), { status: answer.status, headers });
  const cache = await caches.open(PAGES);
  await cache.delete(url);
  await cache.put(url, kept);
  await keepNewest(cache, PAGES_MAX);
}

/** The page says from when it is; its clocks go on with the device's own time. */
async function marked(kept: Response): Promise<Response> {
  const at = kept.headers.get("X-Kept-At") ?? "";
  const now = new Date().toISOString();
  const text = await kept.text();
  const html = text.replace(/data-now="[^"]*"/, `data-now="${now}" data-kept-at="${at}"`);
  return new Response(html, { status: 200, headers: kept.headers });
}

/** Their names carry the hash of what is in them: what is kept is what would come. */
async function part(request: Request): Promise<Response> {
  const cache = await caches.open(PARTS);
  const kept = await cache.match(request.url);
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok) {
    await cache.put(request.url, answer.clone());
    await keepNewest(cache, PARTS_MAX);
  }
  return answer;
}

async function keepNewest(cache: Cache, most: number): Promise<void> {
  const names = await cache.keys();
  for (const name of names.slice(0, Math.max(0, names.length - most))) await cache.delete(name);
}
