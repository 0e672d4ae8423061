import { announce, icon, make, one } from "../../lib/dom";
import { send } from "../../lib/http";
import { word } from "../../lib/words";

interface Item {
  value: string;
  label: string;
  hint?: string;
  icon?: string;
  urgency?: string;
}

interface Answer {
  items: Item[];
  note?: string;
}

const PAUSE_MS = 120;
let counter = 0;

/** Type a few letters, choose with arrows and Enter. The pattern is ARIA's list combobox. */
export function mount(root: HTMLElement): () => void {
  const box = new Combobox(root);
  return () => box.leave();
}

class Combobox {
  private readonly input: HTMLInputElement;
  private readonly value: HTMLInputElement | null;
  private readonly list: HTMLUListElement;
  private items: Item[] = [];
  private active = -1;
  private asked = 0;
  private timer = 0;
  /** What the list on the screen answers; older letters may still stand there. */
  private answered = "";
  private asking = false;
  /** Enter came before the answer: the first of it is taken when it is there. */
  private hurried = false;
  private chosenLabel: string;

  constructor(private readonly root: HTMLElement) {
    const input = one<HTMLInputElement>('input:not([type="hidden"])', root);
    if (!input) throw new Error("combobox needs a text input");
    this.input = input;
    this.value = one<HTMLInputElement>("[data-combobox-value]", root);
    counter += 1;
    const id = `combobox-${counter}`;
    this.list = make("ul", { class: "combobox__list", role: "listbox", id, hidden: true });
    const label = input.getAttribute("aria-labelledby");
    if (label) this.list.setAttribute("aria-labelledby", label);
    else this.list.setAttribute("aria-label", input.labels?.[0]?.textContent?.trim() ?? "");
    root.append(this.list);
    this.chosenLabel = input.value;
    for (const [name, value] of [
      ["role", "combobox"],
      ["autocomplete", "off"],
      ["aria-autocomplete", "list"],
      ["aria-expanded", "false"],
      ["aria-controls", id],
    ] as const) {
      input.setAttribute(name, value);
    }
    input.addEventListener("input", this.typed);
    input.addEventListener("keydown", this.pressed);
    input.addEventListener("focus", this.focused);
    root.addEventListener("focusout", this.left);
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.list.addEventListener("click", this.clicked);
    // A quick hand has typed before this island had come.
    if (document.activeElement === input && input.value && !this.value?.value) this.typed();
  }

  leave(): void {
    window.clearTimeout(this.timer);
    this.list.remove();
    this.input.removeEventListener("input", this.typed);
    this.input.removeEventListener("keydown", this.pressed);
    this.input.removeEventListener("focus", this.focused);
    this.root.removeEventListener("focusout", this.left);
  }

  private readonly typed = () => {
    if (this.value && this.input.value !== this.chosenLabel) this.value.value = "";
    this.hurried = false;
    this.asking = true;
    // An answer to older letters that is still on its way must not take the Enter of the new ones.
    this.asked += 1;
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.ask(), PAUSE_MS);
  };

  private readonly focused = () => {
    if (!this.input.value && this.minimum === 0) void this.ask();
  };

  private readonly left = (event: FocusEvent) => {
    if (event.relatedTarget instanceof Node && this.root.contains(event.relatedTarget)) return;
    this.close();
  };

  private readonly clicked = (event: MouseEvent) => {
    const option = (event.target as Element).closest<HTMLElement>("[data-index]");
    if (option) this.choose(Number(option.dataset["index"]));
  };

  private readonly pressed = (event: KeyboardEvent) => {
    if (event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (this.list.hidden) void this.ask();
      else this.move(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter" && !event.ctrlKey && this.awaited) {
      event.preventDefault();
      this.hurried = true;
    } else if (event.key === "Enter" && !this.list.hidden && !event.ctrlKey) {
      event.preventDefault();
      this.choose(this.active < 0 ? 0 : this.active);
    } else if (event.key === "Escape" && !this.list.hidden) {
      event.preventDefault();
      event.stopPropagation();
      this.close();
    } else if (event.key === "Tab" && !this.list.hidden && this.active >= 0) {
      this.choose(this.active);
    }
  };

  /** Letters were typed that no list has answered yet. */
  private get awaited(): boolean {
    return this.asking && this.input.value.trim() !== this.answered;
  }

  private get minimum(): number {
    return Number(this.root.dataset["min"] ?? "1");
  }

  private async ask(): Promise<void> {
    const wanted = this.input.value.trim();
    if (wanted.length < this.minimum) return this.close();
    this.asked += 1;
    this.asking = true;
    const mine = this.asked;
    try {
      const url = `${this.root.dataset["url"] ?? ""}${encodeURIComponent(wanted)}`;
      const headers = { Accept: "application/json" };
      const answer = await send(url, { method: "GET", headers });
      if (mine !== this.asked || !this.input.isConnected) return;
      if (!answer.ok) throw new Error(String(answer.status));
      this.show((await answer.json()) as Answer, wanted);
    } catch {
      if (mine === this.asked) this.show({ items: [], note: word("unreachable") }, wanted);
    }
  }

  private show({ items, note }: Answer, wanted: string): void {
    const hurried = this.hurried;
    this.hurried = this.asking = false;
    this.answered = wanted;
    this.items = items;
    this.active = items.length ? 0 : -1;
    if (hurried && items.length) return this.choose(0);
    const options = items.map((item, index) => this.option(item, index, wanted));
    const said = note || (items.length ? "" : word("no_match"));
    if (said) options.push(make("li", { class: "combobox__note", role: "presentation" }, said));
    this.list.replaceChildren(...options);
    this.list.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
    this.mark();
    announce(items.length ? word("results", { count: items.length }) : said);
  }

  private option(item: Item, index: number, wanted: string): HTMLLIElement {
    const text = make("span", { class: "combobox__text" }, ...highlighted(item.label, wanted));
    if (item.hint) text.append(make("span", { class: "combobox__hint" }, item.hint));
    const option = make("li", {
      class: "combobox__option",
      role: "option",
      id: `${this.list.id}-${index}`,
      "data-index": String(index),
    });
    if (item.icon) option.append(icon(item.icon));
    option.append(text);
    if (item.urgency) {
      const look = `urgency urgency--${item.urgency.toLowerCase()}`;
      option.append(make("span", { class: look }, item.urgency));
    }
    return option;
  }

  private move(step: number): void {
    if (!this.items.length) return;
    this.active = (this.active + step + this.items.length) % this.items.length;
    this.mark();
  }

  private mark(): void {
    const options = [...this.list.querySelectorAll<HTMLElement>("[role=option]")];
    options.forEach((option, index) => {
      option.setAttribute("aria-selected", String(index === this.active));
    });
    const current = options[this.active];
    if (current) {
      this.input.setAttribute("aria-activedescendant", current.id);
      current.scrollIntoView({ block: "nearest" });
    } else this.input.removeAttribute("aria-activedescendant");
  }

  private choose(index: number): void {
    const item = this.items[index];
    if (!item) return this.close();
    this.input.value = item.label;
    this.chosenLabel = item.label;
    if (this.value) {
      this.value.value = item.value;
      this.value.dispatchEvent(new Event("change", { bubbles: true }));
    }
    this.close();
    this.root.dispatchEvent(new CustomEvent("siaga:chosen", { detail: item, bubbles: true }));
  }

  private close(): void {
    window.clearTimeout(this.timer);
    this.asked += 1;
    this.hurried = this.asking = false;
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }
}

function highlighted(label: string, wanted: string): (Node | string)[] {
  const at = label.toLowerCase().indexOf(wanted.toLowerCase());
  if (!wanted || at < 0) return [label];
  const end = at + wanted.length;
  return [label.slice(0, at), make("mark", {}, label.slice(at, end)), label.slice(end)];
}
