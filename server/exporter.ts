// Masks as files, for the server's sessions and for the command line alike.
import { isEmptyBox } from "#protocol/mask.ts";
import type { Shape } from "#protocol/types.ts";
import { maskFeature, objectsGeojson } from "./exports/geojson.ts";
import { writeLabelsTiff } from "./exports/labels-tiff.ts";
import { measuresCsv } from "./exports/measures-csv.ts";
import { encodeRoi } from "./exports/roi.ts";
import { writeRoisZip } from "./exports/rois-zip.ts";
import { measureObjects } from "./measure/measurements.ts";
import type { Exporter } from "./operations/contract.ts";
import { measureMasks } from "./operations/measure-masks.ts";
import { groupByPlane, labelPlane } from "./segmentation/masks-to-labels.ts";

export const exporter: Exporter = {
  labels: async (path, { volume, masks, overlap }, watch) => {
    const { shape, spacing } = volume;
    const planes = new Map(groupByPlane(masks).map((plane) => [`${plane.t} ${plane.z}`, plane.masks]));
    const highest = masks.reduce((max, mask) => Math.max(max, mask.objectId), 0);
    await writeLabelsTiff(path, { shape, spacing }, highest, (t, z) => labelPlane(planes.get(`${t} ${z}`) ?? [], shape.x, shape.y, overlap), watch);
  },
  rois: ({ masks, volume }) => writeRoisZip(masks, { shape: volume.shape }),
  geojson: ({ masks, sessionId, volume: { spacing } }) => JSON.stringify(objectsGeojson(masks, { scope: sessionId, spacing }, measureObjects(masks, spacing))),
  measurements: async ({ masks, volume }, watch) => {
    const frames = [...new Set(masks.map(({ t }) => t))].sort((a, b) => a - b);
    const objects = frames.length === 0 ? [] : (await measureMasks({ name: "the objects", volume, masks, frames }, watch)).objects;
    return measuresCsv(objects, { calibrated: volume.spacing !== undefined });
  },
  // Masks of y and x planes cross many z planes; one by one they stay as they are.
  roi: (mask, shape: Shape) => (isEmptyBox(mask.box) || mask.axis !== "z" ? undefined : encodeRoi(mask, { shape })),
  feature: (mask, sessionId) => (isEmptyBox(mask.box) || mask.axis !== "z" ? undefined : JSON.stringify(maskFeature(mask, { scope: sessionId }))),
};
