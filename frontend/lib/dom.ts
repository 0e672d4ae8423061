export type Mount = (root: HTMLElement) => void | (() => void);

export function one<T extends Element = HTMLElement>(
  selector: string,
  root: ParentNode = document,
): T | null {
  return root.querySelector<T>(selector);
}

export function all<T extends Element = HTMLElement>(
  selector: string,
  root: ParentNode = document,
): T[] {
  return [...root.querySelectorAll<T>(selector)];
}

type Attributes = Record<string, string | boolean | null>;

/** Builds an element; text is always text, so nothing a citizen wrote can become markup. */
export function make<K extends keyof HTMLElementTagNameMap>(
  name: K,
  attributes: Attributes = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === false) continue;
    element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children);
  return element;
}

const SVG = "http://www.w3.org/2000/svg";

export function icon(name: string): SVGSVGElement {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `${asset("icons")}#${name}`);
  svg.append(use);
  return svg;
}

/** Addresses of our own files, already hashed, given by the page on <html data-asset-…>. */
export function asset(name: string): string {
  return document.documentElement.getAttribute(`data-asset-${name}`) ?? "";
}

export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement) return true;
  if (target instanceof HTMLSelectElement) return true;
  if (!(target instanceof HTMLInputElement)) return false;
  const keyless = ["button", "submit", "reset", "checkbox", "radio", "file", "image", "range"];
  return !keyless.includes(target.type);
}

export function emit(name: string, detail: unknown = null, target: EventTarget = document.body) {
  target.dispatchEvent(new CustomEvent(name, { detail, bubbles: true }));
}

/** Says something to a screen reader without moving anything. */
export function announce(text: string, urgent = false): void {
  const region = one(urgent ? "#announce-now" : "#announce");
  if (!region) return;
  region.textContent = "";
  window.setTimeout(() => {
    region.textContent = text;
  }, 50);
}
