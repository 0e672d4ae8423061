import { all, isTyping, make, one } from "../../lib/dom";
import { open } from "../dialog";
import { actAndWait, held, watchRequests } from "./ahead";

/**
 * data-key="g" makes an element answer to the key G: a button or link is clicked, a field is
 * focused. "Ctrl+Enter" works while typing too; "g alt+g" gives it both. Of two elements with the
 * same key, the one in the same data-key-scope wins. data-key-label names it on the sheet ("?");
 * data-key-group heads its list there. Nothing single-keyed fires while somebody types, while a
 * dialog is open (except keys inside it), or when the element cannot be seen. The focus goes with
 * the key, unless data-key-stays says that it belongs where somebody is writing.
 */
export function mount(): void {
  watchRequests();
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || event.repeat) return;
    const pressed = nameOf(event);
    if (!pressed) return;
    if (held(event)) return event.preventDefault();
    // Function keys write nothing, so they command while somebody types as well.
    const modified = pressed.includes("+") || /^f\d+$/.test(pressed);
    if (!modified && isTyping(event.target)) return;
    const target = findTarget(pressed, event.target);
    if (!target) return;
    event.preventDefault();
    actAndWait(() => act(target));
  });
  document.addEventListener("click", (event) => {
    const opener = (event.target as Element).closest('[data-opens="shortcut-sheet"]');
    if (opener) fillSheet();
  });
}

const NAMED: Record<string, string> = { " ": "space", Escape: "esc", Delete: "del" };

function nameOf(event: KeyboardEvent): string {
  // With Alt some keyboards write another letter; the key itself is meant.
  const letter = event.altKey && /^Key[A-Z]$/.test(event.code) ? event.code.slice(3) : event.key;
  const key = (NAMED[letter] ?? letter).toLowerCase();
  if (["control", "shift", "alt", "meta", "altgraph"].includes(key)) return "";
  const parts: string[] = [];
  if (event.ctrlKey || event.metaKey) parts.push("ctrl");
  if (event.altKey) parts.push("alt");
  if (event.shiftKey && (key.length > 1 || parts.length > 0)) parts.push("shift");
  return [...parts, key].join("+");
}

function findTarget(pressed: string, from: EventTarget | null): HTMLElement | null {
  const modal = one<HTMLDialogElement>("dialog[open]");
  const own = from instanceof Element ? from.closest("[data-key-scope]") : null;
  const root: ParentNode = modal ?? document;
  const found = all("[data-key]", root).filter(
    (element) => keysOf(element).includes(pressed) && visible(element),
  );
  // First what stands in the same scope, then what stands in none.
  const rank = (element: HTMLElement) => {
    const scope = element.closest("[data-key-scope]");
    return scope === null ? 1 : scope === own ? 0 : 2;
  };
  return found.sort((a, b) => rank(a) - rank(b))[0] ?? null;
}

function keysOf(element: HTMLElement): string[] {
  return (element.dataset["key"] ?? "").toLowerCase().split(" ");
}

function visible(element: HTMLElement): boolean {
  if (element.matches(":disabled, [aria-disabled='true']")) return false;
  const menu = element.closest("details:not([open])");
  if (menu && !element.closest("summary")) return false;
  const dialog = element.closest("dialog");
  if (dialog && !dialog.open) return false;
  return element.getClientRects().length > 0;
}

function act(element: HTMLElement): void {
  const fields = ["INPUT", "TEXTAREA", "SELECT"];
  const clicked = ["checkbox", "radio", "button", "submit"];
  const asField =
    fields.includes(element.tagName) && !clicked.includes((element as HTMLInputElement).type);
  if (element.dataset["keyStays"] === undefined) element.focus();
  if (!asField) element.click();
  else if (element instanceof HTMLInputElement) element.select();
}

function fillSheet(): void {
  const list = one("[data-shortcut-list]");
  if (!list) return;
  const groups = new Map<string, Map<string, string>>();
  for (const element of all("[data-key]")) {
    if (element.closest("#toasts, #shortcut-sheet")) continue;
    const dialog = element.closest("dialog");
    if (!dialog && !visible(element)) continue;
    const label = labelOf(element);
    const group = element.closest<HTMLElement>("[data-key-group]")?.dataset["keyGroup"] ?? "";
    if (!groups.has(group)) groups.set(group, new Map());
    groups.get(group)?.set(label, keysOf(element)[0] ?? "");
  }
  list.replaceChildren();
  for (const [heading, entries] of groups) {
    if (heading) list.append(make("h3", {}, heading));
    const items = [...entries].map(([label, key]) =>
      make("li", {}, make("span", {}, label), keycaps(key)),
    );
    list.append(make("ul", { class: "shortcut-list" }, ...items));
  }
}

function labelOf(element: HTMLElement): string {
  const named = element.dataset["keyLabel"] ?? element.getAttribute("aria-label");
  if (named) return named;
  const copy = element.cloneNode(true) as HTMLElement;
  for (const cap of all(".keycap-group, .keycap, .count", copy)) cap.remove();
  return copy.textContent?.trim().replace(/\s+/g, " ") ?? "";
}

function keycaps(key: string): HTMLElement {
  const caps = key.split("+").map((part) => {
    const name = part.length > 1 ? part.charAt(0).toUpperCase() + part.slice(1) : part.toUpperCase();
    return make("kbd", { class: "keycap" }, name);
  });
  return make("span", { class: "keycap-group" }, ...caps);
}

export { open };
