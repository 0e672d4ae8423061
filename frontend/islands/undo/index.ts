import { announce, emit, make, one } from "../../lib/dom";
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
 * Undo posts to undo_url (also by Ctrl+Z outside a field, or the key U).
 */
export function mount(): void {
  document.addEventListener("siaga:toast", (event) => {
    show((event as CustomEvent<Toast>).detail);
  });
  document.addEventListener("keydown", (event) => {
    const field = event.target instanceof Element && event.target.closest("input, textarea");
    if (field || !(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "z") return;
    const button = one<HTMLButtonElement>("#toasts [data-undo]");
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
  announce(text);
  leaveAfter(toast, seconds ?? (undoUrl ? UNDO_SECONDS : PLAIN_SECONDS));
}

function undoButton(toast: HTMLElement, url: string): HTMLButtonElement {
  const button = make(
    "button",
    { type: "button", class: "button button--small", "data-undo": true, "data-key": "u" },
    word("undo"),
    make("kbd", { class: "keycap", "aria-hidden": "true" }, "U"),
  );
  button.addEventListener("click", async () => {
    button.disabled = true;
    try {
      const answer = await send(url);
      if (!answer.ok) throw new Error(String(answer.status));
      toast.remove();
      show({ text: word("undone") });
      emit("siaga:resync");
    } catch {
      button.disabled = false;
      show({ text: word("unreachable") });
    }
  });
  return button;
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
    toast.remove();
  }, 1000);
  left.textContent = String(remaining);
}
