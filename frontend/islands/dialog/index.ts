import { one } from "../../lib/dom";

/**
 * data-opens="id" opens a native dialog, data-closes closes the one it stands in, and
 * data-focus-here takes the focus when it arrives. Menus (details) close when left.
 */
export function mount(): void {
  document.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target : null;
    if (!target) return;
    const opener = target.closest<HTMLElement>("[data-opens]");
    if (opener) open(opener.dataset["opens"] ?? "");
    if (target.closest("[data-closes]")) target.closest("dialog")?.close();
    if (target instanceof HTMLDialogElement) target.close(); // a click on the backdrop
    for (const menu of document.querySelectorAll<HTMLDetailsElement>("details.menu[open]")) {
      if (!menu.contains(target)) menu.open = false;
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of document.querySelectorAll<HTMLDetailsElement>("details.menu[open]")) {
      menu.open = false;
      one("summary", menu)?.focus();
    }
  });
  focusNews(document);
  document.addEventListener("htmx:load", (event) => {
    const { elt } = (event as CustomEvent<{ elt: Node }>).detail;
    if (!(elt instanceof HTMLElement)) return;
    const fresh = elt.matches("dialog[data-open]") ? elt : one("dialog[data-open]", elt);
    if (fresh instanceof HTMLDialogElement && !fresh.open) fresh.showModal();
    focusNews(elt);
  });
  // A face answers a form in a dialog with HX-Trigger: siaga:close.
  document.addEventListener("siaga:close", (event) => {
    (event.target as Element).closest?.("dialog")?.close();
  });
}

export function open(id: string): void {
  const dialog = document.getElementById(id);
  if (dialog instanceof HTMLDialogElement && !dialog.open) dialog.showModal();
}

function focusNews(root: Document | HTMLElement): void {
  const own = root instanceof HTMLElement && root.matches("[data-focus-here]") ? root : null;
  (own ?? one("[data-focus-here]", root))?.focus();
}
