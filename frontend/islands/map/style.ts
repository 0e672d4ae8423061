import type { LayerSpecification, StyleSpecification } from "maplibre-gl";
import { asset } from "../../lib/dom";

export interface Areas {
  center?: [number, number];
  zoom?: number;
  labels?: { name: string; lng: number; lat: number }[];
  polygons?: GeoJSON.FeatureCollection | null;
}

export interface Colours {
  sea: string;
  land: string;
  line: string;
  text: string;
  halo: string;
}

interface Coast {
  land: GeoJSON.MultiPolygon;
  borders: GeoJSON.MultiLineString;
}

/** The map wears the page's own tokens, so light, dark and print need no second list. */
export function colours(root: HTMLElement): Colours {
  const style = getComputedStyle(root);
  const read = (name: string) => style.getPropertyValue(`--map-${name}`).trim() || "#888888";
  return {
    sea: read("sea"),
    land: read("land"),
    line: read("line"),
    text: read("text"),
    halo: read("halo"),
  };
}

let coast: Promise<Coast> | null = null;

export function loadCoast(): Promise<Coast> {
  coast ??= fetch(asset("coast")).then((answer) => answer.json() as Promise<Coast>);
  return coast;
}

const NOTHING: GeoJSON.FeatureCollection = { type: "FeatureCollection", features: [] };

function geojson(data: GeoJSON.GeoJSON): { type: "geojson"; data: GeoJSON.GeoJSON } {
  return { type: "geojson", data };
}

/**
 * Sea, coast, borders, areas and their names. There is no `glyphs` address on purpose: letters are
 * drawn from the page's own font, so nothing is asked from anywhere.
 */
export function baseStyle(shore: Coast, areas: Areas, paint: Colours): StyleSpecification {
  const labels: GeoJSON.FeatureCollection = {
    type: "FeatureCollection",
    features: (areas.labels ?? []).map(({ name, lng, lat }) => ({
      type: "Feature",
      properties: { name },
      geometry: { type: "Point", coordinates: [lng, lat] },
    })),
  };
  return {
    version: 8,
    sources: {
      land: geojson(shore.land),
      borders: geojson(shore.borders),
      areas: geojson(areas.polygons ?? NOTHING),
      labels: geojson(labels),
    },
    layers: layers(paint),
  };
}

function layers(paint: Colours): LayerSpecification[] {
  return [
    { id: "sea", type: "background", paint: { "background-color": paint.sea } },
    { id: "land", type: "fill", source: "land", paint: { "fill-color": paint.land } },
    {
      id: "coast",
      type: "line",
      source: "land",
      paint: { "line-color": paint.line, "line-width": 1.25 },
    },
    {
      id: "borders",
      type: "line",
      source: "borders",
      paint: { "line-color": paint.line, "line-width": 1.25, "line-dasharray": [4, 2] },
    },
    {
      id: "areas",
      type: "line",
      source: "areas",
      paint: { "line-color": paint.line, "line-width": 1 },
    },
    {
      id: "labels",
      type: "symbol",
      source: "labels",
      layout: {
        "text-field": ["get", "name"],
        "text-font": ["Plus Jakarta Sans"],
        "text-size": ["interpolate", ["linear"], ["zoom"], 7, 10, 10, 13, 14, 15],
        "text-padding": 4,
      },
      paint: { "text-color": paint.text, "text-halo-color": paint.halo, "text-halo-width": 1.5 },
    },
  ];
}

/** Which paint property of which layer follows which colour when the theme changes. */
export const PAINTED: [layer: string, property: string, colour: keyof Colours][] = [
  ["sea", "background-color", "sea"],
  ["land", "fill-color", "land"],
  ["coast", "line-color", "line"],
  ["borders", "line-color", "line"],
  ["areas", "line-color", "line"],
  ["labels", "text-color", "text"],
  ["labels", "text-halo-color", "halo"],
  // Only where a centre has vector streets of its own.
  ["street-earth", "fill-color", "land"],
  ["street-water", "fill-color", "sea"],
  ["street-minor", "line-color", "line"],
  ["street-medium", "line-color", "line"],
  ["street-major", "line-color", "line"],
  ["street-names", "text-color", "text"],
  ["street-names", "text-halo-color", "halo"],
];
