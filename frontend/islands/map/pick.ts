import { Marker, type Map as MapLibre } from "maplibre-gl";
import { announce, emit, icon, make } from "../../lib/dom";
import { word } from "../../lib/words";
import type { Areas } from "./style";

const DIGITS = 5; // about one metre
const CLOSE_ZOOM = 15;

interface Place {
  lng: number;
  lat: number;
}

/** A pin that fills two fields of a form, by pointer, by keyboard or by the device's position. */
export class Pick {
  private readonly lat: HTMLInputElement | null;
  private readonly lng: HTMLInputElement | null;
  private marker: Marker | null = null;
  private filling = false;

  constructor(
    private readonly map: MapLibre,
    private readonly root: HTMLElement,
    private readonly areas: Areas,
    private readonly note: (text: string) => void,
  ) {
    this.lat = field(root.dataset["latField"]);
    this.lng = field(root.dataset["lngField"]);
    map.on("click", (event) => this.place(event.lngLat));
    map.getCanvas().addEventListener("keydown", (event) => {
      if (event.key === "Enter") this.placeCenter();
    });
    for (const input of [this.lat, this.lng]) input?.addEventListener("change", this.typed);
    document.body.addEventListener("siaga:position", this.located);
    if (this.read()) this.show(this.read() as Place);
  }

  leave(): void {
    for (const input of [this.lat, this.lng]) input?.removeEventListener("change", this.typed);
    document.body.removeEventListener("siaga:position", this.located);
  }

  placeCenter(): void {
    this.place(this.map.getCenter());
  }

  /** Where the map should begin: at the pin, if the form already has one. */
  start(): Place | null {
    return this.read();
  }

  private readonly typed = () => {
    const place = this.read();
    if (!this.filling && place) this.show(place);
  };

  private readonly located = (event: Event) => {
    const place = (event as CustomEvent<Place>).detail;
    this.place(place);
    // The person pressed "my position": going there is what was asked for.
    this.map.jumpTo({ center: place, zoom: Math.max(this.map.getZoom(), CLOSE_ZOOM) });
  };

  private read(): Place | null {
    const lat = Number.parseFloat(this.lat?.value ?? "");
    const lng = Number.parseFloat(this.lng?.value ?? "");
    return Number.isFinite(lat) && Number.isFinite(lng) ? { lat, lng } : null;
  }

  private place({ lng, lat }: Place): void {
    this.show({ lng, lat });
    this.filling = true;
    for (const [input, value] of [
      [this.lat, lat],
      [this.lng, lng],
    ] as const) {
      if (!input) continue;
      input.value = value.toFixed(DIGITS);
      input.dispatchEvent(new Event("input", { bubbles: true }));
      input.dispatchEvent(new Event("change", { bubbles: true }));
    }
    this.filling = false;
    const text = this.describe({ lng, lat });
    this.note(text);
    announce(text);
    emit("siaga:placed", { lng, lat }, this.root);
  }

  private describe({ lng, lat }: Place): string {
    const values = { lat: lat.toFixed(4), lng: lng.toFixed(4) };
    const near = nearest(this.areas, { lng, lat });
    if (near) return word("map_pin_near", { ...values, name: near });
    return word("map_pin_set", values);
  }

  private show({ lng, lat }: Place): void {
    if (!this.marker) {
      const element = make("div", { class: "map-pin" }, icon("pin-filled"));
      this.marker = new Marker({ element, anchor: "bottom", draggable: true });
      this.marker.on("dragend", () => this.place((this.marker as Marker).getLngLat()));
      this.marker.setLngLat([lng, lat]).addTo(this.map);
      element.setAttribute("aria-label", word("map_pin"));
    }
    this.marker.setLngLat([lng, lat]);
  }
}

function field(id: string | undefined): HTMLInputElement | null {
  const found = id ? document.getElementById(id) : null;
  return found instanceof HTMLInputElement ? found : null;
}

function nearest(areas: Areas, place: Place): string | null {
  let best: { name: string; far: number } | null = null;
  for (const label of areas.labels ?? []) {
    const far = (label.lng - place.lng) ** 2 + (label.lat - place.lat) ** 2;
    if (!best || far < best.far) best = { name: label.name, far };
  }
  return best && best.far < 0.04 ? best.name : null;
}
