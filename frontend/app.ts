import htmx from "htmx.org";
import { Idiomorph } from "idiomorph/dist/idiomorph-ext.esm.js";
import { mount as clock } from "./islands/clock";
import { mount as combobox } from "./islands/combobox";
import { mount as dialog } from "./islands/dialog";
import { mount as draft } from "./islands/draft";
import { mount as shortcuts } from "./islands/shortcuts";
import { mount as theme } from "./islands/theme";
import { mount as undo } from "./islands/undo";
import { type Mount, all, one } from "./lib/dom";
import { csrfToken } from "./lib/http";
import { word } from "./lib/words";

const SLOW_MS = 200;

Object.assign(window, { htmx });

/** Islands under hands that are already typing: there as soon as their element is. */
const AT_ONCE: Record<string, Mount> = { combobox, draft };

/** Islands that belong to an element, fetched only when a page has one. */
const FETCHED: Record<string, () => Promise<{ mount: Mount }>> = {
  desk: () => import("./islands/desk"),
  geolocate: () => import("./islands/geolocate"),
  live: () => import("./islands/live"),
  lock: () => import("./islands/lock"),
  map: () => import("./islands/map"),
  offline: () => import("./islands/offline"),
  outbox: () => import("./islands/outbox"),
  pow: () => import("./islands/pow"),
  preview: () => import("./islands/preview"),
  recording: () => import("./islands/recording"),
  softphone: () => import("./islands/softphone"),
  voice: () => import("./islands/voice"),
};

/** Small ones that every page has. */
const EVERYWHERE: Mount[] = [clock, dialog, shortcuts, theme, undo];

const mounted = new WeakMap<HTMLElement, () => void>();

function mountOne(root: HTMLElement): void {
  if (mounted.has(root)) return;
  mounted.set(root, () => undefined);
  const name = root.dataset["island"] ?? "";
  const ready = AT_ONCE[name];
  if (ready) mountNow(root, ready);
  else void fetchAndMount(root, FETCHED[name]);
}

function mountNow(root: HTMLElement, mount: Mount): void {
  try {
    const leave = mount(root);
    if (leave) mounted.set(root, leave);
  } catch (error) {
    // One broken part must not take the rest of the page with it.
    console.error(error);
  }
}

async function fetchAndMount(
  root: HTMLElement,
  load: (() => Promise<{ mount: Mount }>) | undefined,
): Promise<void> {
  if (!load) return;
  try {
    const { mount } = await load();
    if (root.isConnected) mountNow(root, mount);
  } catch (error) {
    // Mostly a page that stood open while the centre was renewed: its parts are gone.
    console.error(error);
    say(word("part_missing"));
  }
}

function mountIn(root: ParentNode): void {
  if (root instanceof HTMLElement && root.dataset["island"]) mountOne(root);
  for (const element of all("[data-island]", root)) mountOne(element);
}

function unmountIn(root: Element): void {
  const roots = [root, ...all("[data-island]", root)];
  for (const element of roots) {
    if (!(element instanceof HTMLElement)) continue;
    mounted.get(element)?.();
    mounted.delete(element);
  }
}

function teachHtmx(): void {
  // What an island has written upon its element stays: data-own names those attributes.
  Idiomorph.defaults.callbacks.beforeAttributeUpdated = (name, element) =>
    !(element.getAttribute("data-own") ?? "").split(" ").includes(name);
  // Its own extension takes every style it does not know for an outer one; what is swapped in
  // out of band would then be nested into itself, with its id, at every answer.
  htmx.defineExtension("morph", {
    isInlineSwap: (style) => style === "morph" || style === "morph:outerHTML",
    handleSwap: (style, target, fragment) => {
      const [name, kind = "outerHTML"] = style.split(":");
      if (name !== "morph" || !(target instanceof Element)) return false;
      // What somebody is typing is never exchanged under their hands; a row in focus goes on changing.
      const ignoreActiveValue = document.activeElement?.matches("input, textarea, select") ?? false;
      const { children } = fragment as DocumentFragment;
      return Idiomorph.morph(target, children, { morphStyle: kind, ignoreActiveValue });
    },
  });
  document.addEventListener("htmx:configRequest", (event) => {
    const detail = (event as CustomEvent<{ headers: Record<string, string> }>).detail;
    detail.headers["X-CSRFToken"] = csrfToken();
  });
  let waiting = 0;
  let slow = 0;
  const wait = (change: number) => {
    const before = waiting;
    waiting = Math.max(0, waiting + change);
    if ((before > 0) === (waiting > 0)) return;
    window.clearTimeout(slow);
    // A quick answer leaves the page alone; only what is slow is shown to be so.
    const show = () => document.documentElement.classList.toggle("is-waiting", waiting > 0);
    if (waiting) slow = window.setTimeout(show, SLOW_MS);
    else show();
  };
  document.addEventListener("htmx:beforeRequest", () => wait(1));
  document.addEventListener("htmx:afterRequest", () => wait(-1));
  // A refusal (409, 422 …) is an answer worth showing: the face sends the fragment that says why.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const detail = (event as CustomEvent<{ xhr: XMLHttpRequest; shouldSwap: boolean }>).detail;
    if ([409, 422].includes(detail.xhr.status)) detail.shouldSwap = true;
  });
  document.addEventListener("htmx:sendError", () => say(word("unreachable")));
  document.addEventListener("htmx:responseError", (event) => {
    const { xhr } = (event as CustomEvent<{ xhr: XMLHttpRequest }>).detail;
    if ([409, 422, 423].includes(xhr.status)) return;
    if (xhr.status === 401 || xhr.status === 403) say(word("forbidden"));
    else say(word("failed", { status: xhr.status }));
  });
  document.addEventListener("htmx:load", (event) => {
    // A morphed fragment may begin with bare text, and htmx tells of that as well.
    const { elt } = (event as CustomEvent<{ elt: Node }>).detail;
    if (elt instanceof HTMLElement) mountIn(elt);
  });
  document.addEventListener("htmx:beforeCleanupElement", (event) => {
    const { elt } = (event as CustomEvent<{ elt: Node }>).detail;
    if (elt instanceof HTMLElement) unmountIn(elt);
  });
}

function say(text: string): void {
  document.body.dispatchEvent(new CustomEvent("siaga:toast", { detail: { text } }));
}

function start(): void {
  for (const mount of EVERYWHERE) mount(document.body);
  teachHtmx();
  mountIn(document);
  // Tests and the curious wait for this instead of for a time.
  one("html")?.setAttribute("data-ready", "true");
}

start();
