import { all, icon, one } from "../../lib/dom";
import { Unreachable, send } from "../../lib/http";
import { word } from "../../lib/words";

/**
 * Text that survives a reload, a crash and a dead server. Every change is kept on the device at
 * once and on the server after a pause; the line beside the form says honestly which of the two.
 */
interface Kept {
  at: number;
  fields: [string, string][];
}

type State = "idle" | "saving" | "saved" | "device" | "unreachable" | "restored";

const LOCAL_PAUSE_MS = 200;
const SERVER_PAUSE_MS = 1_500;
const RETRY_MS = 10_000;
const OLD_MS = 7 * 24 * 3600 * 1000;
const PREFIX = "siaga-draft:";

export function mount(root: HTMLElement): (() => void) | undefined {
  forgetOld();
  const done = root.dataset["draftForget"];
  if (done) localStorage.removeItem(PREFIX + done);
  if (!(root instanceof HTMLFormElement)) return undefined;
  const draft = new Draft(root);
  return () => draft.leave();
}

class Draft {
  private readonly key: string;
  private readonly url: string | undefined;
  private localTimer = 0;
  private serverTimer = 0;
  private sending = false;
  private changedAt = 0;
  private sentAt = 0;

  constructor(private readonly form: HTMLFormElement) {
    this.key = PREFIX + (form.dataset["draftId"] ?? location.pathname);
    this.url = form.dataset["draftUrl"];
    const ahead = all<HTMLInputElement>("input, textarea", form).some(typedAhead);
    this.restore();
    form.addEventListener("input", this.changed);
    form.addEventListener("change", this.changed);
    form.addEventListener("siaga:draft-done", this.accepted);
    form.addEventListener("htmx:afterRequest", this.answered);
    window.addEventListener("pagehide", this.leaving);
    window.addEventListener("online", this.retry);
    if (ahead) this.changed();
  }

  leave(): void {
    this.leaving();
    window.clearTimeout(this.serverTimer);
    this.form.removeEventListener("input", this.changed);
    this.form.removeEventListener("change", this.changed);
    window.removeEventListener("pagehide", this.leaving);
    window.removeEventListener("online", this.retry);
  }

  private readonly changed = () => {
    this.changedAt = Date.now();
    window.clearTimeout(this.localTimer);
    this.localTimer = window.setTimeout(() => this.keep(), LOCAL_PAUSE_MS);
    if (!this.url) return;
    this.say("saving");
    window.clearTimeout(this.serverTimer);
    this.serverTimer = window.setTimeout(() => void this.push(), SERVER_PAUSE_MS);
  };

  private readonly leaving = () => {
    window.clearTimeout(this.localTimer);
    if (this.changedAt > this.sentAt) this.keep();
  };

  private readonly retry = () => {
    if (this.changedAt > this.sentAt) void this.push();
  };

  private readonly accepted = () => {
    window.clearTimeout(this.localTimer);
    window.clearTimeout(this.serverTimer);
    this.changedAt = this.sentAt = Date.now();
    localStorage.removeItem(this.key);
    this.say("idle");
  };

  private readonly answered = (event: Event) => {
    const detail = (event as CustomEvent<{ successful: boolean; elt: Element }>).detail;
    if (detail.successful && detail.elt === this.form) this.accepted();
  };

  private fields(): [string, string][] {
    const skipped = new Set(all("[data-draft-skip]", this.form).map((field) => nameOf(field)));
    const kept: [string, string][] = [];
    for (const [name, value] of new FormData(this.form)) {
      if (name === "csrfmiddlewaretoken" || skipped.has(name)) continue;
      if (typeof value === "string") kept.push([name, value]);
    }
    return kept;
  }

  private keep(): void {
    const kept: Kept = { at: Date.now(), fields: this.fields() };
    try {
      localStorage.setItem(this.key, JSON.stringify(kept));
      if (!this.url) this.say("device");
    } catch {
      // A full or forbidden store: the server's copy is then the only one.
    }
  }

  private async push(): Promise<void> {
    if (!this.url || this.sending) return;
    this.sending = true;
    const began = Date.now();
    const body = new FormData();
    for (const [name, value] of this.fields()) body.append(name, value);
    try {
      const headers = { Accept: "application/json" };
      const answer = await send(this.url, { body, headers, timeoutMs: 8_000 });
      if (!answer.ok) throw new Unreachable(String(answer.status));
      this.sentAt = began;
      if (this.changedAt <= began) this.say("saved");
    } catch {
      this.keep();
      this.say("unreachable");
      window.clearTimeout(this.serverTimer);
      this.serverTimer = window.setTimeout(() => void this.push(), RETRY_MS);
    } finally {
      this.sending = false;
    }
    if (this.changedAt > began && this.sentAt === began) {
      this.serverTimer = window.setTimeout(() => void this.push(), SERVER_PAUSE_MS);
    }
  }

  /** What is on the device is newer than the page, or it would have been removed. */
  private restore(): void {
    const kept = read(this.key);
    if (!kept) return;
    const served = Date.parse(this.form.dataset["draftAt"] ?? "");
    if (!Number.isNaN(served) && served >= kept.at) return localStorage.removeItem(this.key);
    let changed = false;
    for (const field of all<HTMLInputElement>("input, textarea, select", this.form)) {
      if (put(field, kept.fields)) changed = true;
    }
    if (!changed) return;
    this.changedAt = Date.now();
    this.form.dispatchEvent(new CustomEvent("siaga:draft-restored", { bubbles: true }));
    this.say("restored");
    void this.push();
  }

  private say(state: State): void {
    const line = one("[data-draft-state]", this.form) ?? this.elsewhere();
    if (!line || line.dataset["state"] === state) return;
    line.dataset["state"] = state;
    const pictures: Record<State, string> = {
      idle: "",
      saving: "cloud-upload",
      saved: "cloud-check",
      device: "device-mobile",
      unreachable: "cloud-off",
      restored: "history",
    };
    const picture = pictures[state];
    line.replaceChildren(...(picture ? [icon(picture), word(`draft_${state}`)] : []));
  }

  private elsewhere(): HTMLElement | null {
    return this.form.id ? one(`[data-draft-state="${CSS.escape(this.form.id)}"]`) : null;
  }
}

function nameOf(field: HTMLElement): string {
  return field.getAttribute("name") ?? "";
}

function read(key: string): Kept | null {
  try {
    const text = localStorage.getItem(key);
    return text ? (JSON.parse(text) as Kept) : null;
  } catch {
    return null;
  }
}

function put(field: HTMLInputElement, fields: [string, string][]): boolean {
  const values = fields.filter(([name]) => name === field.name).map(([, value]) => value);
  if (field.type === "file" || field.dataset["draftSkip"] !== undefined) return false;
  if (["password", "submit", "button"].includes(field.type)) return false;
  if (field.name === "csrfmiddlewaretoken" || !field.name) return false;
  if (field.type === "checkbox" || field.type === "radio") {
    const checked = values.includes(field.value);
    if (field.checked === checked) return false;
    field.checked = checked;
    return true;
  }
  const value = values[0];
  if (value === undefined || value === field.value) return false;
  field.value = value;
  return true;
}

/** Whether a quick hand has written here before this island had come. */
function typedAhead(field: HTMLInputElement): boolean {
  if (field.type === "hidden" || field.type === "file") return false;
  if (field.type === "checkbox" || field.type === "radio") {
    return field.checked !== field.defaultChecked;
  }
  return field.value !== field.defaultValue;
}

/** Drafts of a desk shared by three shifts must not stay for ever. */
function forgetOld(): void {
  try {
    for (const key of Object.keys(localStorage)) {
      if (!key.startsWith(PREFIX)) continue;
      const kept = read(key);
      if (!kept || Date.now() - kept.at > OLD_MS) localStorage.removeItem(key);
    }
  } catch {
    // No store, nothing to forget.
  }
}
