import { type LayerSpecification, type Map as MapLibre, addProtocol } from "maplibre-gl";
import { PMTiles, Protocol, TileType } from "pmtiles";
import type { Colours } from "./style";

let protocol: Protocol | null = null;

/**
 * Streets from a centre's own PMTiles file (raster, or vector in the Protomaps scheme), below the
 * labels. Greys only: on this map colour belongs to urgency.
 */
export async function addTiles(map: MapLibre, url: string, paint: Colours): Promise<string> {
  if (!protocol) {
    protocol = new Protocol();
    addProtocol("pmtiles", protocol.tile);
  }
  const address = new URL(url, location.href).href;
  const archive = new PMTiles(address);
  protocol.add(archive);
  const header = await archive.getHeader();
  const metadata = (await archive.getMetadata()) as { attribution?: string } | null;
  const vector = header.tileType === TileType.Mvt;
  map.addSource("streets", {
    type: vector ? "vector" : "raster",
    url: `pmtiles://${address}`,
    ...(vector ? {} : { tileSize: 256 }),
  } as never);
  if (!vector) map.addLayer({ id: "streets", type: "raster", source: "streets" }, "areas");
  else for (const layer of vectorLayers(paint)) map.addLayer(layer, "areas");
  return plain(metadata?.attribution ?? "");
}

function vectorLayers(paint: Colours): LayerSpecification[] {
  const line = (id: string, kinds: string[], width: [number, number]): LayerSpecification => ({
    id,
    type: "line",
    source: "streets",
    "source-layer": "roads",
    filter: ["in", ["get", "kind"], ["literal", kinds]],
    paint: {
      "line-color": paint.line,
      "line-width": ["interpolate", ["exponential", 1.6], ["zoom"], 10, width[0], 18, width[1]],
    },
  });
  return [
    {
      id: "street-earth",
      type: "fill",
      source: "streets",
      "source-layer": "earth",
      paint: { "fill-color": paint.land },
    },
    {
      id: "street-water",
      type: "fill",
      source: "streets",
      "source-layer": "water",
      paint: { "fill-color": paint.sea },
    },
    line("street-minor", ["minor_road", "path", "other"], [0.2, 8]),
    line("street-medium", ["medium_road"], [0.5, 12]),
    line("street-major", ["major_road", "highway"], [1, 16]),
    {
      id: "street-names",
      type: "symbol",
      source: "streets",
      "source-layer": "roads",
      minzoom: 14,
      layout: {
        "symbol-placement": "line",
        "text-field": ["get", "name"],
        "text-font": ["Plus Jakarta Sans"],
        "text-size": 12,
      },
      paint: { "text-color": paint.text, "text-halo-color": paint.halo, "text-halo-width": 1.5 },
    },
  ];
}

/** Attributions come as HTML; only their words are shown. */
function plain(html: string): string {
  return new DOMParser().parseFromString(html, "text/html").body.textContent?.trim() ?? "";
}
