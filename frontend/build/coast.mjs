// The coast of Indonesia and its neighbours from Natural Earth (public domain, packaged as
// world-atlas), cut to a box and rounded to about ten metres, so that the map needs no internet.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { feature, mesh } from "topojson-client";

const BOX = { west: 92, south: -13, east: 144, north: 9 };
const ROUND = 1e3;

const EDGES = [
  [(p) => p[0] >= BOX.west, (a, b) => cut(a, b, 0, BOX.west)],
  [(p) => p[0] <= BOX.east, (a, b) => cut(a, b, 0, BOX.east)],
  [(p) => p[1] >= BOX.south, (a, b) => cut(a, b, 1, BOX.south)],
  [(p) => p[1] <= BOX.north, (a, b) => cut(a, b, 1, BOX.north)],
];

function cut(a, b, axis, at) {
  const t = (at - a[axis]) / (b[axis] - a[axis]);
  const p = [a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])];
  p[axis] = at;
  return p;
}

// Sutherland and Hodgman: keep what lies inside each edge of the box in turn.
function clipRing(ring) {
  let points = ring;
  for (const [inside, crossing] of EDGES) {
    const kept = [];
    for (let i = 0; i < points.length; i += 1) {
      const here = points[i];
      const before = points[(i + points.length - 1) % points.length];
      if (inside(here) !== inside(before)) kept.push(crossing(before, here));
      if (inside(here)) kept.push(here);
    }
    points = kept;
    if (points.length < 3) return null;
  }
  return round([...points, points[0]]);
}

function round(points) {
  const rounded = [];
  for (const [x, y] of points) {
    const p = [Math.round(x * ROUND) / ROUND, Math.round(y * ROUND) / ROUND];
    const last = rounded[rounded.length - 1];
    if (!last || last[0] !== p[0] || last[1] !== p[1]) rounded.push(p);
  }
  return rounded;
}

function clipLine(line) {
  const parts = [];
  let part = [];
  for (const p of line) {
    const inside = p[0] > BOX.west && p[0] < BOX.east && p[1] > BOX.south && p[1] < BOX.north;
    if (inside) part.push(p);
    else if (part.length) {
      parts.push(part);
      part = [];
    }
  }
  if (part.length) parts.push(part);
  return parts.filter((points) => points.length > 1).map(round);
}

export async function coast(modules) {
  const file = join(modules, "world-atlas/countries-10m.json");
  const world = JSON.parse(await readFile(file, "utf8"));
  const polygons = [];
  for (const shape of feature(world, world.objects.land).features ?? [
    feature(world, world.objects.land),
  ]) {
    const { type, coordinates } = shape.geometry;
    for (const polygon of type === "Polygon" ? [coordinates] : coordinates) {
      const rings = polygon.map(clipRing).filter((ring) => ring && ring.length > 3);
      if (rings.length) polygons.push(rings);
    }
  }
  const borders = mesh(world, world.objects.countries, (a, b) => a !== b).coordinates;
  return JSON.stringify({
    land: { type: "MultiPolygon", coordinates: polygons },
    borders: { type: "MultiLineString", coordinates: borders.flatMap(clipLine) },
  });
}
