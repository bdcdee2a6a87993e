// What a person draws, and images to draw it on.
import { randomUUID } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Feature, Image, Plane, Position } from "./run-script.ts";

export interface Look {
  readonly z?: number;
  readonly t?: number;
  readonly name?: string;
  /** A class; `A: B` is B derived from A. */
  readonly pathClass?: string;
}

export const classColor = [12, 200, 34] as const;

/** [x0, y0, x1, y1] */
export function rectangle([x0, y0, x1, y1]: readonly [number, number, number, number], look: Look = {}): Feature {
  return outline([[[x0, y0], [x1, y0], [x1, y1], [x0, y1], [x0, y0]]], look);
}

/** Closed rings, the first of which is the shell. */
export function outline(rings: Position[][], look: Look = {}): Feature {
  return drawn({ type: "Polygon", coordinates: rings }, look);
}

export function points(places: Position[], look: Look = {}): Feature {
  return drawn({ type: "MultiPoint", coordinates: places }, look);
}

export function line(places: Position[], look: Look = {}): Feature {
  return drawn({ type: "LineString", coordinates: places }, look);
}

function drawn(geometry: Omit<Feature["geometry"], "plane">, { z = 0, t = 0, name, pathClass }: Look): Feature {
  const plane: { plane?: Plane } = z === 0 && t === 0 ? {} : { plane: { c: -1, z, t } };
  const names = pathClass?.split(": ");
  const classification = names === undefined ? {} : { classification: { ...(names.length === 1 ? { name: names[0]! } : { names }), color: classColor } };
  return { type: "Feature", id: randomUUID(), geometry: { ...geometry, ...plane }, properties: { objectType: "annotation", ...(name === undefined ? {} : { name }), ...classification } };
}

type Raw = Uint8Array | Uint16Array | Int16Array | Float32Array;

/** @param values [t][z][c][y][x] */
export function imageFile(folder: string, values: Raw, image: Omit<Image, "pixels">): Image {
  const pixels = join(folder, `${image.name}.raw`);
  writeFileSync(pixels, new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  return { ...image, pixels };
}

/** A label image [z, y, x] of the pixels whose centres lie in an outline. */
export function draw(features: readonly Feature[], { width, height, slices }: Pick<Image, "width" | "height" | "slices">): Uint8Array {
  const labels = new Uint8Array(slices * height * width);
  for (const { geometry } of features) {
    const rings = ringsOf(geometry);
    const z = geometry.plane?.z ?? 0;
    for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) if (isInside(rings, x + 0.5, y + 0.5)) labels[(z * height + y) * width + x] = 1;
  }
  return labels;
}

/** Of all parts, shells and holes alike. */
export function ringsOf(geometry: Feature["geometry"]): Position[][] {
  const { type, coordinates } = JSON.parse(JSON.stringify(geometry));
  return type === "MultiPolygon" ? coordinates.flat() : coordinates;
}

/** Even-odd. */
function isInside(rings: readonly Position[][], x: number, y: number): boolean {
  const crossings = rings.flatMap((ring) => ring.slice(1).filter(([x1, y1], at) => {
    const [x0, y0] = ring[at]!;
    return (y0 > y) !== (y1 > y) && x < x0 + ((y - y0) * (x1 - x0)) / (y1 - y0);
  }));
  return crossings.length % 2 === 1;
}
