import { one } from "../../lib/dom";
import { send } from "../../lib/http";
import { readable } from "../../lib/phones";

const AGAIN_MS = 700;
const TRIES = 6;

/** Who rings: the number at once, what is known of it as soon as a page of ours answers. */
export class Pop {
  private showing = "";
  private timer = 0;

  constructor(private readonly panel: HTMLElement) {}

  show(key: string, number: string, cannotSpeak: boolean, url: string): void {
    this.flag("cannot-speak", cannotSpeak);
    if (this.showing === key) return;
    this.hide();
    this.showing = key;
    const slot = one("[data-pop=number]", this.panel);
    if (slot) {
      slot.dataset["digits"] = number;
      slot.textContent = readable(number) || (this.panel.dataset["withheld"] ?? "");
    }
    this.panel.hidden = false;
    void this.fill(key, url, TRIES);
  }

  hide(): void {
    window.clearTimeout(this.timer);
    this.showing = "";
    this.panel.hidden = true;
    one("[data-pop=about]", this.panel)?.replaceChildren();
  }

  private flag(name: string, on: boolean): void {
    const slot = one(`[data-pop=${name}]`, this.panel);
    if (slot) slot.hidden = !on;
  }

  private async fill(key: string, url: string, tries: number): Promise<void> {
    try {
      const answer = await send(url, { method: "GET", headers: { "HX-Request": "true" } });
      if (this.showing !== key) return;
      if (answer.ok) {
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        one("[data-pop=about]", this.panel)?.replaceChildren(...page.body.childNodes);
        return;
      }
    } catch {
      // The web part is away; the number and the key to answer are there without it.
    }
    if (tries > 1 && this.showing === key) {
      this.timer = window.setTimeout(() => void this.fill(key, url, tries - 1), AGAIN_MS);
    }
  }
}
