import { Marker, type Map as MapLibre } from "maplibre-gl";
import { emit, make } from "../../lib/dom";
import { word } from "../../lib/words";

export interface Point {
  id: string;
  lng: number;
  lat: number;
  urgency: string;
  title: string;
  url?: string;
}

const SHOWN_MAX = 400;

/** Incidents as real links: they can be reached by Tab, named, and read aloud. */
export class Points {
  private readonly marks = new Map<string, { marker: Marker; point: Point }>();

  constructor(private readonly map: MapLibre) {}

  show(points: Point[]): void {
    const shown = [...points]
      .sort((a, b) => a.urgency.localeCompare(b.urgency))
      .slice(0, SHOWN_MAX);
    const wanted = new Set(shown.map((point) => point.id));
    for (const [id, { marker }] of this.marks) {
      if (wanted.has(id)) continue;
      marker.remove();
      this.marks.delete(id);
    }
    // Drawn from the least urgent up, so that a P1 is never hidden under a P4.
    for (const point of shown.reverse()) this.put(point);
  }

  bounds(): [number, number][] {
    return [...this.marks.values()].map(({ point }) => [point.lng, point.lat]);
  }

  choose(id: string): void {
    for (const [key, { marker }] of this.marks) {
      marker.getElement().setAttribute("aria-current", String(key === id));
    }
  }

  private put(point: Point): void {
    const known = this.marks.get(point.id);
    if (known && known.point.urgency === point.urgency && known.point.title === point.title) {
      if (known.point.lng !== point.lng || known.point.lat !== point.lat) {
        known.marker.setLngLat([point.lng, point.lat]);
        known.point = point;
      }
      return;
    }
    known?.marker.remove();
    const element = markOf(point);
    const marker = new Marker({ element }).setLngLat([point.lng, point.lat]).addTo(this.map);
    // MapLibre calls every marker "Map marker"; ours have a name of their own.
    element.setAttribute("aria-label", nameOf(point));
    this.marks.set(point.id, { marker, point });
  }
}

export function nameOf(point: Point): string {
  return word("map_incident", { urgency: point.urgency, title: point.title });
}

function markOf(point: Point): HTMLElement {
  const look = `map-mark map-mark--${point.urgency.toLowerCase()}`;
  const attributes = { class: look, title: nameOf(point) };
  const element = point.url
    ? make("a", { ...attributes, href: point.url }, point.urgency)
    : make("button", { ...attributes, type: "button" }, point.urgency);
  element.addEventListener("click", (event) => {
    event.stopPropagation();
    emit("siaga:map-chosen", point, element.closest("[data-island]") ?? document.body);
  });
  return element;
}
