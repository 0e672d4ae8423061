import { isTyping } from "../../lib/dom";

/**
 * A key opens something, the server thinks, and the person is already typing. Those letters must
 * not become keys of the page that is about to leave ("P" would be a prank): they are held, and
 * given to the field that takes the focus; if none does, they are forgotten.
 */
const WAIT_MAX_MS = 8_000;
const FOCUS_MS = 150;

let acting = false;
let awaited: XMLHttpRequest | null = null;
let typed = "";
let timer = 0;

export function watchRequests(): void {
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (!acting || awaited) return;
    awaits((event as CustomEvent<{ xhr: XMLHttpRequest }>).detail.xhr);
    window.clearTimeout(timer);
    timer = window.setTimeout(release, WAIT_MAX_MS);
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (!awaited || (event as CustomEvent<{ xhr: unknown }>).detail.xhr !== awaited) return;
    window.clearTimeout(timer);
    // An answer without content brings no field: the next key is a command again at once.
    if (awaited.status === 204) release();
    else timer = window.setTimeout(release, FOCUS_MS);
  });
}

/** Runs what a key does, and remembers the request that it begins. */
export function actAndWait(act: () => void): void {
  acting = true;
  try {
    act();
  } finally {
    acting = false;
  }
}

/** True if this key is held because an answer is awaited. */
export function held(event: KeyboardEvent): boolean {
  if (!awaited || event.ctrlKey || event.metaKey || event.altKey) return false;
  if (isTyping(event.target)) {
    give();
    return false;
  }
  if (event.key === "Backspace") typed = typed.slice(0, -1);
  else if (event.key.length === 1) typed += event.key;
  else if (event.key !== "Enter") return false;
  return true;
}

function release(): void {
  give();
  typed = "";
  awaits(null);
}

// Whoever drives the page by keys without eyes can see here when the next one is a command.
function awaits(request: XMLHttpRequest | null): void {
  awaited = request;
  document.documentElement.toggleAttribute("data-keys-held", request !== null);
}

function give(): void {
  const field = document.activeElement;
  if (!typed || !isTyping(field)) return;
  if (!(field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement)) return;
  const text = typed;
  typed = "";
  const at = field.selectionEnd ?? field.value.length;
  field.setRangeText(text, field.selectionStart ?? at, at, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
}
