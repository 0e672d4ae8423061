import { all, announce, emit, icon, make, one } from "../../lib/dom";
import { Unreachable, send } from "../../lib/http";
import { word } from "../../lib/words";
import { shrink } from "./shrink";
import { type Kept, forget, keep, waiting } from "./store";

const RETRY_FIRST_MS = 4_000;
const RETRY_MAX_MS = 60_000;
const SEND_MS = 60_000;
const REFUSED = [400, 404, 409, 410, 413, 415, 422];

/**
 * Forms with data-outbox go through a queue on the device: kept first, then sent, in order, each
 * with an Idempotency-Key so that a second try cannot act twice. What is not sent says so.
 */
export function mount(root: HTMLElement): () => void {
  const outbox = new Outbox(root);
  return () => outbox.leave();
}

type Outcome = "sent" | "refused" | "later" | "signed-out";

class Outbox {
  private timer = 0;
  private wait = RETRY_FIRST_MS;
  private flushing = false;
  private mine = new Set<string>();

  constructor(private readonly root: HTMLElement) {
    document.addEventListener("submit", this.submitted);
    window.addEventListener("online", this.soon);
    document.addEventListener("visibilitychange", this.soon);
    document.addEventListener("htmx:load", this.redraw);
    one("[data-outbox-retry]", root)?.addEventListener("click", this.soon);
    void this.draw();
    void this.flush();
  }

  leave(): void {
    window.clearTimeout(this.timer);
    document.removeEventListener("submit", this.submitted);
    document.removeEventListener("htmx:load", this.redraw);
    document.removeEventListener("visibilitychange", this.soon);
    window.removeEventListener("online", this.soon);
  }

  private readonly redraw = () => void this.draw();

  private readonly soon = () => {
    if (document.hidden) return;
    this.wait = RETRY_FIRST_MS;
    void this.flush();
  };

  private readonly submitted = (event: SubmitEvent) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || form.dataset["outbox"] === undefined) return;
    event.preventDefault();
    if (form.dataset["outboxWaiting"] !== undefined) return;
    form.dataset["outboxWaiting"] = "";
    void this.take(form, event.submitter);
  };

  private async take(form: HTMLFormElement, submitter: HTMLElement | null): Promise<void> {
    const data = new FormData(form, submitter);
    const fields: [string, string | File][] = [];
    for (const [name, value] of data) {
      if (name === "csrfmiddlewaretoken") continue;
      if (typeof value === "string") fields.push([name, value]);
      else if (value.size > 0) fields.push([name, await shrink(value)]);
    }
    const action: Kept = {
      id: newKey(),
      url: form.action,
      label: form.dataset["outboxLabel"] ?? submitter?.textContent?.trim() ?? "",
      at: Date.now(),
      fields,
    };
    this.mine.add(action.id);
    try {
      await keep(action);
    } catch {
      // No room or no IndexedDB (private window): send it the ordinary way.
      delete form.dataset["outbox"];
      return form.requestSubmit(submitter);
    }
    emit("siaga:draft-done", null, form);
    form.closest("dialog")?.close();
    await this.draw();
    await this.flush();
  }

  private async flush(): Promise<void> {
    if (this.flushing) return;
    this.flushing = true;
    window.clearTimeout(this.timer);
    try {
      if ("locks" in navigator) await navigator.locks.request("siaga-outbox", () => this.drain());
      else await this.drain();
    } finally {
      this.flushing = false;
      await this.draw();
    }
  }

  private async drain(): Promise<void> {
    let sent = 0;
    let goTo = "";
    for (const action of await waiting()) {
      const { outcome, message, url } = await this.deliver(action);
      if (outcome === "later" || outcome === "signed-out") {
        if (outcome === "signed-out") toast(word("outbox_sign_in"));
        this.again();
        break;
      }
      await forget(action.seq as number);
      if (outcome === "refused") toast(word("outbox_refused", { reason: message }));
      else sent += 1;
      if (this.mine.delete(action.id)) goTo = url;
      await this.draw();
    }
    if (!sent && !goTo) return;
    this.wait = RETRY_FIRST_MS;
    if ((await waiting()).length > 0) return;
    announce(word("outbox_sent"));
    // The page shows what was true before: the view's own redirect says where to look now.
    if (goTo && sent) location.assign(goTo);
    else emit("siaga:resync");
  }

  private async deliver(
    action: Kept,
  ): Promise<{ outcome: Outcome; message: string; url: string }> {
    const body = new FormData();
    for (const [name, value] of action.fields) body.append(name, value);
    try {
      const headers = { "Idempotency-Key": action.id, Accept: "application/json, text/html;q=0.9" };
      const answer = await send(action.url, { body, headers, timeoutMs: SEND_MS });
      return { outcome: judge(answer), message: await reason(answer), url: answer.url };
    } catch (error) {
      if (error instanceof Unreachable) return { outcome: "later", message: "", url: "" };
      throw error;
    }
  }

  private again(): void {
    this.timer = window.setTimeout(() => void this.flush(), this.wait);
    this.wait = Math.min(this.wait * 2, RETRY_MAX_MS);
  }

  private async draw(): Promise<void> {
    let actions: Kept[] = [];
    try {
      actions = await waiting();
    } catch {
      return;
    }
    this.root.hidden = actions.length === 0;
    const count = actions.length;
    const text = count === 1 ? word("outbox_one") : word("outbox_many", { count });
    const line = one("[data-outbox-text]", this.root);
    if (line && line.textContent !== text) line.textContent = text;
    for (const form of all<HTMLFormElement>("form[data-outbox]")) {
      const kept = actions.find((action) => action.url === form.action);
      mark(form, kept ?? null);
    }
  }
}

/** 128 random bits; randomUUID is missing on plain http within an office network. */
function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function judge(answer: Response): Outcome {
  if (answer.redirected && new URL(answer.url).pathname.startsWith("/accounts/")) {
    return "signed-out";
  }
  if (answer.ok) return "sent";
  if (answer.status === 401 || answer.status === 403) return "signed-out";
  return REFUSED.includes(answer.status) ? "refused" : "later";
}

async function reason(answer: Response): Promise<string> {
  if (answer.ok || !answer.headers.get("content-type")?.includes("json")) return "";
  const said = (await answer.json()) as { message?: string };
  return said.message ?? "";
}

function mark(form: HTMLFormElement, kept: Kept | null): void {
  const old = one(`[data-unsent="${CSS.escape(form.action)}"]`);
  const buttons = all<HTMLButtonElement>("button:not([type=button])", form);
  if (!kept) {
    old?.remove();
    if (form.dataset["outboxWaiting"] === undefined) return;
    delete form.dataset["outboxWaiting"];
    for (const button of buttons) button.disabled = false;
    return;
  }
  form.dataset["outboxWaiting"] = "";
  for (const button of buttons) button.disabled = true;
  if (old) return;
  const text = form.dataset["outboxNote"] ?? word("outbox_one");
  const note = make("span", { class: "unsent", "data-unsent": form.action });
  note.append(icon("hourglass"), text);
  noteBoard(form).append(note);
}

/** What is sent from a dialog is told on the page, for the dialog is gone. */
function noteBoard(form: HTMLFormElement): HTMLElement {
  if (!form.closest("dialog")) return form;
  return one(".thumb-bar") ?? one("#main") ?? form;
}

function toast(text: string): void {
  emit("siaga:toast", { text, seconds: 12 });
}
