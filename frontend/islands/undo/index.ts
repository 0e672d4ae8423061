import { all, announce, emit, make, one } from "../../lib/dom";
import { send } from "../../lib/http";
import { word } from "../../lib/words";

interface Toast {
  text: string;
  undo_url?: string;
  seconds?: number;
}

const PLAIN_SECONDS = 6;
const UNDO_SECONDS = 10;

/**
 * Shows what just happened. A view answers with the header
 *   HX-Trigger: {"siaga:toast": {"text": "…", "undo_url": "…", "seconds": 10}}
 * Undo posts to undo_url (also by Ctrl+Z outside a field, or the key U). Of several that can be
 * undone the keys mean the newest; the older ones keep their button.
 */
export function mount(): void {
  document.addEventListener("siaga:toast", (event) => {
    show((event as CustomEvent<Toast>).detail);
  });
  document.addEventListener("keydown", (event) => {
    const field = event.target instanceof Element && event.target.closest("input, textarea");
    if (field || !(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "z") return;
    const button = all<HTMLButtonElement>("#toasts [data-undo]").at(-1);
    if (!button) return;
    event.preventDefault();
    button.click();
  });
  for (const toast of document.querySelectorAll<HTMLElement>("#toasts .toast")) {
    leaveAfter(toast, PLAIN_SECONDS);
  }
}

function show({ text, undo_url: undoUrl, seconds }: Toast): void {
  const toast = make("div", { class: "toast" }, make("span", {}, text));
  if (undoUrl) toast.append(undoButton(toast, undoUrl));
  one("#toasts")?.append(toast);
  newestHasTheKey();
  announce(text);
  leaveAfter(toast, seconds ?? (undoUrl ? UNDO_SECONDS : PLAIN_SECONDS));
}

function undoButton(toast: HTMLElement, url: string): HTMLButtonElement {
  const button = make(
    "button",
    { type: "button", class: "button button--small", "data-undo": true },
    word("undo"),
  );
  button.addEventListener("click", async () => {
    button.disabled = true;
    try {
      const answer = await send(url);
      if (!answer.ok) throw new Error(String(answer.status));
      leave(toast);
      show({ text: word("undone") });
      emit("siaga:resync");
    } catch {
      button.disabled = false;
      show({ text: word("unreachable") });
    }
  });
  return button;
}

function leave(toast: HTMLElement): void {
  toast.remove();
  newestHasTheKey();
}

function newestHasTheKey(): void {
  const buttons = all<HTMLButtonElement>("#toasts [data-undo]");
  const newest = buttons.pop();
  for (const button of buttons) {
    delete button.dataset["key"];
    one(".keycap", button)?.remove();
  }
  if (!newest || newest.dataset["key"]) return;
  newest.dataset["key"] = "u";
  newest.append(make("kbd", { class: "keycap", "aria-hidden": "true" }, "U"));
}

// The time runs only while nobody points at it or has it in focus.
function leaveAfter(toast: HTMLElement, seconds: number): void {
  const left = make("span", { class: "toast__left", "aria-hidden": "true" });
  const undoable = one("[data-undo]", toast) !== null;
  if (undoable) toast.append(left);
  let remaining = seconds;
  const timer = window.setInterval(() => {
    if (!toast.isConnected) return window.clearInterval(timer);
    if (toast.matches(":hover, :focus-within")) return;
    remaining -= 1;
    left.textContent = String(remaining);
    if (remaining > 0) return;
    window.clearInterval(timer);
    leave(toast);
  }, 1000);
  left.textContent = String(remaining);
}
