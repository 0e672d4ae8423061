import { all, emit, isTyping, one } from "../../lib/dom";

const STILL_MS = 3_000;
const NEAR_ZOOM = 11;

/**
 * The hands of the desk. On a scrolling list of rows: J, K and the arrows move through
 * `[data-row-link]`, the open one is marked, and nothing is exchanged while the pointer moves over
 * it. For the page around it: Esc leaves a field, `data-fill-lat` and `data-clears` write fields,
 * forms with `data-closing` close their dialog, and the map is shown the place of what was opened.
 */
export function mount(root: HTMLElement): () => void {
  const list = new List(root);
  const stop = new AbortController();
  const { signal } = stop;
  document.addEventListener("keydown", pressed(list), { signal });
  document.addEventListener("click", clicked, { signal });
  document.addEventListener("submit", submitted, { signal, capture: true });
  document.addEventListener("htmx:afterRequest", answered, { signal });
  document.addEventListener("htmx:afterSettle", settled(list), { signal });
  document.addEventListener("htmx:pushedIntoHistory", () => list.mark(), { signal });
  document.addEventListener("htmx:replacedInHistory", () => list.mark(), { signal });
  document.addEventListener("siaga:draft-done", forward, { signal });
  document.addEventListener("siaga:focus", focus, { signal });
  document.addEventListener("siaga:chosen", chosen, { signal });
  list.mark();
  showPlace(document);
  return () => {
    stop.abort();
    list.leave();
  };
}

class List {
  private movedAt = 0;
  private timer = 0;

  constructor(private readonly root: HTMLElement) {
    root.addEventListener("pointermove", this.moved);
    root.addEventListener("pointerleave", this.left);
    root.addEventListener("htmx:beforeRequest", this.asked);
    root.addEventListener("htmx:afterSwap", this.swapped);
  }

  leave(): void {
    window.clearTimeout(this.timer);
    this.root.removeEventListener("pointermove", this.moved);
    this.root.removeEventListener("pointerleave", this.left);
    this.root.removeEventListener("htmx:beforeRequest", this.asked);
    this.root.removeEventListener("htmx:afterSwap", this.swapped);
  }

  private get links(): HTMLElement[] {
    return all("[data-row-link]", this.root).filter((link) => link.getClientRects().length > 0);
  }

  /** The row whose work lies open. */
  mark(): void {
    for (const link of all<HTMLAnchorElement>("[data-row-link]", this.root)) {
      const row = link.closest(".row");
      if (new URL(link.href, location.href).pathname === location.pathname) {
        row?.setAttribute("aria-current", "true");
      } else row?.removeAttribute("aria-current");
    }
  }

  step(by: number): void {
    const links = this.links;
    if (!links.length) return;
    const active = document.activeElement;
    let at = links.findIndex((link) => link === active);
    if (at < 0) {
      at = links.findIndex((link) => link.closest("[aria-current='true']"));
      if (at < 0) at = by > 0 ? -1 : links.length;
    }
    const next = links[Math.min(Math.max(at + by, 0), links.length - 1)];
    next?.focus();
    next?.scrollIntoView({ block: "nearest" });
  }

  private readonly moved = () => {
    this.movedAt = Date.now();
  };

  private readonly left = () => {
    this.movedAt = 0;
    if (this.timer) this.look();
  };

  /** A hand on the way to a row must find it where it was. */
  private readonly asked = (event: Event) => {
    const { elt } = (event as CustomEvent<{ elt: HTMLElement }>).detail;
    if (elt !== this.root || Date.now() - this.movedAt > STILL_MS) return;
    event.preventDefault();
    one("#wait-news")?.removeAttribute("hidden");
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.look(), STILL_MS);
  };

  private look(): void {
    window.clearTimeout(this.timer);
    this.timer = 0;
    emit("siaga:rows-wanted", null, this.root);
  }

  private readonly swapped = () => {
    one("#wait-news")?.setAttribute("hidden", "");
    this.mark();
  };
}

function pressed(list: List) {
  return (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.isComposing || one("dialog[open]")) return;
    if (event.key === "Escape" && isTyping(event.target)) {
      (event.target as HTMLElement).blur();
      return;
    }
    const step = stepOf(event);
    if (!step) return;
    event.preventDefault();
    list.step(step);
  };
}

function stepOf(event: KeyboardEvent): number {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return 0;
  const down = event.key === "ArrowDown";
  if (event.altKey) return down ? 1 : event.key === "ArrowUp" ? -1 : 0;
  const target = event.target;
  if (isTyping(target)) return 0;
  if (event.key === "j") return 1;
  if (event.key === "k") return -1;
  // Arrows belong to radios, scrollers and the map where those have the focus.
  const free = target === document.body || (target as Element).matches?.("[data-row-link], #wait");
  if (!free) return 0;
  return down ? 1 : event.key === "ArrowUp" ? -1 : 0;
}

function clicked(event: MouseEvent): void {
  const target = event.target instanceof Element ? event.target : null;
  const filler = target?.closest<HTMLElement>("[data-fill-lat]");
  if (filler) {
    write("place-lat", filler.dataset["fillLat"] ?? "");
    write("place-lng", filler.dataset["fillLng"] ?? "", true);
    show(Number(filler.dataset["fillLng"]), Number(filler.dataset["fillLat"]));
  }
  const clearer = target?.closest<HTMLElement>("[data-clears]");
  const ids = clearer?.dataset["clears"]?.split(" ") ?? [];
  ids.forEach((id, index) => write(id, "", index === ids.length - 1));
  const opener = target?.closest<HTMLElement>("[data-opens='refuse-dialog']");
  if (opener) followType();
}

function write(id: string, value: string, tell = false): void {
  const field = document.getElementById(id);
  if (!(field instanceof HTMLInputElement)) return;
  field.value = value;
  if (!tell) return;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

/** The sentence for the type that the form names is chosen already. */
function followType(): void {
  const code = one<HTMLInputElement>("#report-form [name=type_code]")?.value;
  if (!code) return;
  for (const radio of all<HTMLInputElement>("#refuse-dialog [data-codes]")) {
    if (radio.dataset["codes"]?.split(" ").includes(code)) radio.checked = true;
  }
}

/** Enter in a field of the report sends nothing; only its keys do. */
function submitted(event: Event): void {
  const form = event.target;
  if (form instanceof HTMLFormElement && form.dataset["keeps"] !== undefined && !form.hasAttribute("hx-post")) {
    event.preventDefault();
    event.stopPropagation();
  }
}

function answered(event: Event): void {
  const { elt, successful } = (event as CustomEvent<{ elt: HTMLElement; successful: boolean }>).detail;
  if (!successful || !(elt instanceof HTMLFormElement)) return;
  if (elt.dataset["closing"] !== undefined) elt.closest("dialog")?.close();
  if (elt.dataset["clearsAfter"] !== undefined) elt.reset();
}

function settled(list: List) {
  return (event: Event) => {
    list.mark();
    const { target } = (event as CustomEvent<{ target: HTMLElement }>).detail;
    if (target?.id === "main") showPlace(document);
  };
}

function showPlace(root: ParentNode): void {
  const place = one<HTMLElement>("[data-map-show]", root);
  if (!place) return;
  show(Number(place.dataset["lng"]), Number(place.dataset["lat"]), place.dataset["id"]);
}

/** Opening something was a person's wish, so the map may go there. */
function show(lng: number, lat: number, id = ""): void {
  if (!Number.isFinite(lng) || !Number.isFinite(lat)) return;
  const frame = one("#desk-map [data-island=map]");
  if (frame) emit("siaga:map-show", { id, lng, lat, zoom: NEAR_ZOOM }, frame);
}

function chosen(event: Event): void {
  const box = event.target instanceof Element ? event.target.closest("[data-places]") : null;
  const { lat, lng } = (event as CustomEvent<{ lat?: number; lng?: number }>).detail;
  if (box && typeof lat === "number" && typeof lng === "number") show(lng, lat);
}

/** The server took the form: its copy on this device may go. */
function forward(event: Event): void {
  const form = document.getElementById("report-form");
  if (form && event.target !== form) form.dispatchEvent(new CustomEvent("siaga:draft-done"));
}

function focus(event: Event): void {
  const { id } = (event as CustomEvent<{ id: string }>).detail;
  document.getElementById(id)?.focus();
}
