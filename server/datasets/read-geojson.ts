// Objects of a GeoJSON file, as QuPath writes it, as masks on a volume's planes.
import { MaskletError, throwIfCancelled } from "#protocol/errors.ts";
import { limits } from "#protocol/limits.ts";
import type { Mask, Shape } from "#protocol/types.ts";
import { memberOf } from "./coco-annotations.ts";
import { parseJson } from "./description.ts";
import { fillRings, type FloatRing } from "./fill-rings.ts";
import { numberObjects, planeMask, type OutlinedObjects } from "./outlined-objects.ts";

interface Outline {
  readonly object: number | undefined;
  readonly rings: readonly FloatRing[];
  readonly z: number;
  readonly t: number;
}

/**
 * A FeatureCollection, a list of features, or one feature. Polygons and MultiPolygons with holes; the plane is QuPath's `geometry.plane`. The object is
 * what the metadata (or property) `masklet.object` says, else each feature is one.
 * @param text of the file
 * @throws dataset_invalid
 */
export function readGeojson(text: string, file: string, shape: Shape, signal?: AbortSignal): OutlinedObjects {
  const json = parseJson(text, file);
  const listed = Array.isArray(json) ? json : memberOf(json, "type") === "FeatureCollection" ? memberOf(json, "features") : [json];
  if (!Array.isArray(listed)) throw MaskletError.of("dataset_invalid", { file, why: "its FeatureCollection has no list of features" });
  if (listed.length > limits.maxAnnotations) throw MaskletError.of("dataset_invalid", { file, why: `it has ${listed.length} features where ${limits.maxAnnotations} are allowed (maxAnnotations)` });
  const outlines: Outline[] = [];
  let others = 0;
  for (const [nth, feature] of listed.entries()) {
    throwIfCancelled(signal);
    const outline = outlineOf(feature, `${file}/features/${nth}`, shape);
    if (outline === undefined) others++;
    else outlines.push(outline);
  }
  if (outlines.length === 0) throw MaskletError.of("dataset_invalid", { file, why: "it has no polygon" });
  const numbers = numberObjects(outlines.map(({ object }, nth) => ({ object, key: String(nth) })));
  const masks: Mask[] = [];
  for (const [nth, { rings, z, t }] of outlines.entries()) {
    throwIfCancelled(signal);
    const mask = planeMask(fillRings(rings, shape.x, shape.y, file), numbers[nth]!, z, t);
    if (mask !== undefined) masks.push(mask);
  }
  const named = outlines.filter(({ object }) => object !== undefined).length;
  return {
    masks,
    notes: [
      `${new Set(numbers).size} objects of ${outlines.length} features: ${named} by masklet.object, ${outlines.length - named} an object each`,
      ...(others > 0 ? [`${others} features without an inside (points, lines) were left out`] : []),
    ],
  };
}

/** Undefined for a geometry without an inside. */
function outlineOf(feature: unknown, at: string, shape: Shape): Outline | undefined {
  const invalid = (why: string): MaskletError => MaskletError.of("dataset_invalid", { file: at, why });
  const geometry = memberOf(feature, "geometry");
  const type = memberOf(geometry, "type");
  if (typeof type !== "string") throw invalid("it is no feature with a geometry");
  const coordinates = memberOf(geometry, "coordinates");
  if (type !== "Polygon" && type !== "MultiPolygon") return undefined;
  const polygons = type === "Polygon" ? [coordinates] : coordinates;
  if (!Array.isArray(polygons)) throw invalid("its coordinates are no list of polygons");
  const rings = polygons.flatMap((polygon: unknown) => {
    if (!Array.isArray(polygon)) throw invalid("a polygon is a list of rings");
    return polygon.map((ring: unknown) => ringOf(ring, invalid));
  });
  const plane = memberOf(geometry, "plane");
  const index = (axis: "z" | "t"): number => {
    const value = memberOf(plane, axis) ?? 0;
    if (typeof value !== "number" || !Number.isInteger(value) || value < 0 || value >= shape[axis]) throw invalid(`it lies on ${axis} = ${String(value).slice(0, 40)}, and the image has ${shape[axis]}`);
    return value;
  };
  return { object: objectOf(memberOf(feature, "properties"), invalid), rings, z: index("z"), t: index("t") };
}

/** Positions may have a height behind x and y, which is not looked at. */
function ringOf(ring: unknown, invalid: (why: string) => MaskletError): FloatRing {
  if (!Array.isArray(ring) || ring.length < 4) throw invalid("a ring has at least four positions");
  const corners = new Float64Array(2 * ring.length);
  ring.forEach((position: unknown, nth) => {
    const [x, y]: unknown[] = Array.isArray(position) ? position : [];
    if (typeof x !== "number" || typeof y !== "number") throw invalid(`position ${nth} of a ring is no pair of numbers`);
    corners.set([x, y], 2 * nth);
  });
  return corners;
}

function objectOf(properties: unknown, invalid: (why: string) => MaskletError): number | undefined {
  const said = memberOf(memberOf(properties, "metadata"), "masklet.object") ?? memberOf(properties, "masklet.object");
  if (said === undefined || said === null) return undefined;
  const number = Number(said);
  if (!Number.isInteger(number) || number < 1 || number > limits.maxObjectId) throw invalid(`its masklet.object is ${String(said).slice(0, 40)}`);
  return number;
}
