import { type LngLatLike, LngLatBounds, Map as MapLibre, setWorkerUrl } from "maplibre-gl";
import { all, asset, make, one } from "../../lib/dom";
import { send } from "../../lib/http";
import { word } from "../../lib/words";
import { Pick } from "./pick";
import { type Point, Points, nameOf } from "./points";
import { type Areas, PAINTED, baseStyle, colours, loadCoast } from "./style";

const INDONESIA: [number, number] = [117.5, -2.5];
const REFRESH_PAUSE_MS = 400;
let prepared = false;

/**
 * Coast, areas, incidents; or a pin for a form. After the first picture the map moves only when a
 * person moves it: new incidents appear where they are, in view or not.
 */
export class Frame {
  private map: MapLibre | null = null;
  private points: Points | null = null;
  private pick: Pick | null = null;
  private areas: Areas = {};
  private items: Point[] = [];
  private timer = 0;
  private readonly leaving: (() => void)[] = [];

  constructor(private readonly root: HTMLElement) {}

  async start(): Promise<void> {
    prepare();
    try {
      const [shore, areas] = await Promise.all([loadCoast(), this.fetchAreas()]);
      await document.fonts.load('16px "Plus Jakarta Sans"');
      this.areas = areas;
      const canvas = one("[data-map-canvas]", this.root);
      if (!canvas || !this.root.isConnected) return;
      this.map = new MapLibre({
        container: canvas,
        style: baseStyle(shore, areas, colours(this.root)),
        center: areas.center ?? INDONESIA,
        zoom: areas.zoom ?? 4,
        minZoom: 3,
        maxZoom: 18,
        attributionControl: false,
        dragRotate: false,
        pitchWithRotate: false,
        fadeDuration: 0,
      });
    } catch {
      return this.fail();
    }
    this.map.touchZoomRotate.disableRotation();
    this.map.keyboard.disableRotation();
    this.map.on("error", () => undefined);
    if (!this.map.loaded()) await new Promise((resolve) => this.map?.once("load", resolve));
    if (!this.root.isConnected) return this.leave();
    await this.furnish(this.map);
    this.root.dataset["mapReady"] = "true";
  }

  leave(): void {
    window.clearTimeout(this.timer);
    for (const undo of this.leaving) undo();
    this.pick?.leave();
    this.map?.remove();
    this.map = null;
  }

  private async furnish(map: MapLibre): Promise<void> {
    this.listen(map);
    const tiles = this.root.dataset["pmtilesUrl"];
    if (tiles) {
      try {
        const { addTiles } = await import("./tiles");
        this.credit(await addTiles(map, tiles, colours(this.root)));
      } catch {
        // Without the centre's own tiles the coast and the names remain.
      }
    }
    if (this.root.dataset["mode"] === "pick") {
      this.pick = new Pick(map, this.root, this.areas, (text) => this.note(text));
      const begin = this.pick.start();
      if (begin) map.jumpTo({ center: begin, zoom: 14 });
    }
    this.points = new Points(map);
    await this.load();
    const given = this.root.dataset["center"]?.split(",").map(Number);
    if (given?.length === 2) map.jumpTo({ center: given as [number, number], zoom: 14 });
    else if (!this.areas.center) this.fit();
  }

  private listen(map: MapLibre): void {
    const repaint = () => {
      const paint = colours(this.root);
      for (const [layer, property, colour] of PAINTED) {
        if (map.getLayer(layer)) {
          map.setPaintProperty(layer, property as never, paint[colour] as never);
        }
      }
    };
    const dark = window.matchMedia("(prefers-color-scheme: dark)");
    this.on(document.body, "siaga:theme", repaint);
    this.on(dark, "change", repaint);
    for (const name of this.root.dataset["refresh"]?.split(/[\s,]+/) ?? []) {
      if (name) this.on(document.body, name, this.later);
    }
    this.on(document.body, "siaga:resync", this.later);
    this.on(this.root, "siaga:map-show", (event) => {
      const { id, lng, lat, zoom } = (event as CustomEvent<Point & { zoom?: number }>).detail;
      this.points?.choose(id ?? "");
      this.go([lng, lat], zoom ?? Math.max(map.getZoom(), 13));
    });
    for (const button of all("[data-map-do]", this.root)) {
      this.on(button, "click", () => this.obey(map, button.dataset["mapDo"] ?? ""));
    }
  }

  private on(target: EventTarget, name: string, heard: (event: Event) => void): void {
    target.addEventListener(name, heard);
    this.leaving.push(() => target.removeEventListener(name, heard));
  }

  private readonly later = () => {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.load(), REFRESH_PAUSE_MS);
  };

  private obey(map: MapLibre, wish: string): void {
    const duration = calm() ? 0 : 200;
    if (wish === "in") map.zoomIn({ duration });
    else if (wish === "out") map.zoomOut({ duration });
    else if (wish === "fit") this.fit();
    else if (wish === "center") this.pick?.placeCenter();
  }

  private go(center: LngLatLike, zoom: number): void {
    if (calm()) this.map?.jumpTo({ center, zoom });
    else this.map?.easeTo({ center, zoom, duration: 250 });
  }

  private fit(): void {
    const bounds = new LngLatBounds();
    for (const { lng, lat } of this.areas.labels ?? []) bounds.extend([lng, lat]);
    for (const place of this.points?.bounds() ?? []) bounds.extend(place);
    if (bounds.isEmpty()) return;
    this.map?.fitBounds(bounds, { padding: 40, maxZoom: 13, duration: 0 });
  }

  private async fetchAreas(): Promise<Areas> {
    const url = this.root.dataset["areasUrl"];
    if (!url) return {};
    try {
      const answer = await send(url, { method: "GET" });
      return answer.ok ? ((await answer.json()) as Areas) : {};
    } catch {
      return {}; // The coast alone is better than no map.
    }
  }

  private async load(): Promise<void> {
    const url = this.root.dataset["pointsUrl"];
    if (!url) return;
    try {
      const headers = { Accept: "application/json" };
      const answer = await send(url, { method: "GET", headers });
      if (!answer.ok) return;
      this.items = ((await answer.json()) as { items: Point[] }).items;
      this.points?.show(this.items);
    } catch {
      // The last picture stays; the live line already says when the server is away.
    }
  }

  private note(text: string): void {
    const line = one("[data-map-note]", this.root);
    if (line) line.textContent = text;
  }

  private credit(text: string): void {
    const line = one("[data-map-credit]", this.root);
    if (line && text) line.textContent = `${line.textContent} · ${text}`;
  }

  /** No WebGL (old graphics, remote desktops): the same incidents as a plain list. */
  private async fail(): Promise<void> {
    const canvas = one("[data-map-canvas]", this.root);
    if (!canvas) return;
    await this.load();
    const list = make("ul", { class: "u-stack-tight" });
    for (const item of this.items) {
      list.append(make("li", {}, make("a", { href: item.url ?? "#" }, nameOf(item))));
    }
    const said = make("div", { class: "map-frame__failed" });
    said.append(make("div", { class: "u-stack" }, make("p", {}, word("map_failed")), list));
    canvas.replaceChildren(said);
    this.root.dataset["mapReady"] = "failed";
  }
}

function calm(): boolean {
  return window.matchMedia("(prefers-reduced-motion: reduce)").matches;
}

function prepare(): void {
  if (prepared) return;
  prepared = true;
  setWorkerUrl(asset("map-worker"));
  document.head.append(make("link", { rel: "stylesheet", href: asset("map-style") }));
}
