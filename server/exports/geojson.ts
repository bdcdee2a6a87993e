// Masks as GeoJSON in the shape QuPath reads and writes: pixel-corner coordinates, the plane as `geometry.plane`.
import { createHash } from "node:crypto";
import { MaskletError } from "#protocol/errors.ts";
import { isEmptyBox, unpackMask } from "#protocol/mask.ts";
import type { Mask, MaskBits, Spacing } from "#protocol/types.ts";
import { masksAsZPlanes } from "#protocol/z-planes.ts";
import type { ObjectMeasurements } from "#server/measure/measurements.ts";
import { objectColor } from "./object-colors.ts";
import type { Rgb } from "./object-colors.ts";
import { traceOutline } from "./outline.ts";
import type { OutlinePart, Ring } from "./outline.ts";

type Position = [number, number];
/** QuPath's own member, 0-based; c = -1 means every channel. Left out on the first plane, as QuPath does. */
interface ImagePlane {
  c: number;
  z: number;
  t: number;
}
export type MaskGeometry =
  | { type: "Polygon"; coordinates: Position[][]; plane?: ImagePlane }
  | { type: "MultiPolygon"; coordinates: Position[][][]; plane?: ImagePlane };

export interface MaskFeature {
  type: "Feature";
  id: string;
  geometry: MaskGeometry;
  properties: {
    objectType: "annotation";
    name: string;
    color: Rgb;
    classification?: { name: string; color: Rgb };
    measurements: Record<string, number>;
    metadata: Record<string, string>;
  };
}

export interface FeatureCollection {
  type: "FeatureCollection";
  features: MaskFeature[];
}

export interface GeojsonOptions {
  /** The class QuPath shows for every object; none by default. */
  readonly classification?: string | undefined;
  /** Mixed into the ids, so that the same object and plane of another session is another feature. */
  readonly scope?: string | undefined;
  /** Of the volume in micrometres: areas and volumes are then given in them too. */
  readonly spacing?: Spacing | undefined;
}

/**
 * One object on one plane. Shells run counter-clockwise by the numbers and holes clockwise (RFC 7946), rings are closed.
 * The planes of an object share their name, since QuPath has no object that spans planes.
 * @param mask on a z plane; masks of other planes go through `masksAsZPlanes` first
 * @param whole what the feature says of its whole object in the mask's frame
 * @throws export_empty, axis_unsupported, request_invalid
 */
export function maskFeature(mask: Mask, options: GeojsonOptions = {}, whole?: ObjectMeasurements): MaskFeature {
  if (mask.axis !== "z") throw MaskletError.of("axis_unsupported", { axis: mask.axis, why: "a GeoJSON feature lies on a z plane" });
  const geometry = maskGeometry(mask);
  if (geometry === undefined) throw MaskletError.of("export_empty", {});
  if (mask.index > 0 || mask.t > 0) geometry.plane = { c: -1, z: mask.index, t: mask.t };
  const color = objectColor(mask.objectId);
  const metadata: Record<string, string> = { "masklet.object": String(mask.objectId) };
  if (mask.warnings !== undefined && mask.warnings.length > 0) metadata["masklet.warnings"] = mask.warnings.join(",");
  return {
    type: "Feature",
    id: featureId(mask, options.scope ?? ""),
    geometry,
    properties: {
      objectType: "annotation",
      name: `obj${String(mask.objectId).padStart(4, "0")}`,
      color,
      ...(options.classification === undefined ? {} : { classification: { name: options.classification, color } }),
      measurements: measurementsOf(mask, options.spacing, whole),
      metadata,
    },
  };
}

/**
 * All masks that hold a pixel, in the order object, t, z; masks of y and x planes as their z planes.
 * @param measured of the same masks: each feature then tells the voxels and the volume of its object in its frame
 * @throws export_empty, request_invalid
 */
export function objectsGeojson(masks: readonly Mask[], options: GeojsonOptions = {}, measured: readonly ObjectMeasurements[] = []): FeatureCollection {
  const planes = masksAsZPlanes(masks).filter((mask) => !isEmptyBox(mask.box));
  if (planes.length === 0) throw MaskletError.of("export_empty", {});
  planes.sort((a, b) => a.objectId - b.objectId || a.t - b.t || a.index - b.index);
  const wholes = new Map(measured.map((object) => [`${object.objectId} ${object.t}`, object]));
  return { type: "FeatureCollection", features: planes.map((mask) => maskFeature(mask, options, wholes.get(`${mask.objectId} ${mask.t}`))) };
}

function measurementsOf({ score, area }: Mask, spacing: Spacing | undefined, whole: ObjectMeasurements | undefined): Record<string, number> {
  const measurements: Record<string, number> = { score, area };
  if (spacing !== undefined) measurements["area_um2"] = area * spacing.y * spacing.x;
  if (whole === undefined) return measurements;
  measurements["voxels"] = whole.voxels;
  if (spacing !== undefined) measurements["volume_um3"] = whole.volume;
  return measurements;
}

/** The outline alone, without a plane; undefined for a mask without a pixel. @throws request_invalid */
export function maskGeometry(mask: MaskBits): MaskGeometry | undefined {
  const parts = traceOutline(unpackMask(mask));
  return parts.length === 0 ? undefined : partsGeometry(parts);
}

function partsGeometry(parts: readonly OutlinePart[]): MaskGeometry {
  const polygons = parts.map((part) => [part.shell, ...part.holes].map(closedRing));
  const only = polygons[0];
  if (polygons.length === 1 && only !== undefined) return { type: "Polygon", coordinates: only };
  return { type: "MultiPolygon", coordinates: polygons };
}

function closedRing(ring: Ring): Position[] {
  const positions: Position[] = [];
  for (let at = 0; at < ring.length; at += 2) positions.push([ring[at]!, ring[at + 1]!]);
  positions.push([ring[0]!, ring[1]!]);
  return positions;
}

/** QuPath keeps only ids that are UUIDs. This one is made from object and plane as RFC 9562 makes version 5. */
function featureId(mask: Mask, scope: string): string {
  const hash = createHash("sha1").update(`masklet\n${scope}\n${mask.objectId}\n${mask.t}\n${mask.index}`).digest().subarray(0, 16);
  hash[6] = (hash[6]! & 0x0f) | 0x50;
  hash[8] = (hash[8]! & 0x3f) | 0x80;
  const hex = hash.toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
