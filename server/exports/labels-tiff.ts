// The label image: the voxel value is the object id, in a TIFF that lies over the source image.
import { MaskletError } from "#protocol/errors.ts";
import { limits } from "#protocol/limits.ts";
import type { Shape, Spacing, Watch } from "#protocol/types.ts";
import type { Pixels } from "#server/volumes/source.ts";
import { objectColorTable } from "./object-colors.ts";
import { writeImagejTiff } from "./tiff-writer.ts";

export interface LabelsTarget {
  /** The source's; a label image has one channel whatever `c` says. */
  readonly shape: Shape;
  readonly spacing?: Spacing | undefined;
}

/** Writes uint16 up to id 65535 and float32, which is exact, up to 2^24. Planes without an object are written too.
 * @param maxId the largest id in any plane, 0 for none
 * @param planeAt ids `[y, x]` of one plane, 0 = background
 * @throws labels_too_many above 2^24 or for an id over `maxId`, and as writeImagejTiff */
export async function writeLabelsTiff(path: string, target: LabelsTarget, maxId: number,
  planeAt: (t: number, z: number) => Uint16Array | Uint32Array | Promise<Uint16Array | Uint32Array>, watch: Watch = {}): Promise<void> {
  if (maxId > limits.maxObjectId) throw MaskletError.of("labels_too_many", { objectId: maxId, limit: limits.maxObjectId });
  const shape = { ...target.shape, c: 1 };
  const dtype = maxId > limits.maxUint16Label ? "float32" : "uint16";

  async function* planes(): AsyncGenerator<Pixels> {
    for (let t = 0; t < shape.t; t++) {
      for (let z = 0; z < shape.z; z++) {
        const ids = await planeAt(t, z);
        // An id that does not fit would wrap round to another object's.
        for (let at = 0; at < ids.length; at++) if (ids[at]! > maxId) throw MaskletError.of("labels_too_many", { objectId: ids[at]!, limit: maxId });
        yield dtype === "float32" ? Float32Array.from(ids) : ids instanceof Uint16Array ? ids : Uint16Array.from(ids);
      }
    }
  }
  // A fixed range, never one fitted to the values: the same id has the same colour in every label image of up to 255 objects.
  await writeImagejTiff(path, { shape, dtype, spacing: target.spacing, displayRange: [0, Math.max(255, maxId)], luts: [objectLut()] }, planes(), watch);
}

/** 256 reds, 256 greens, 256 blues. */
function objectLut(): Uint8Array {
  const lut = new Uint8Array(768);
  objectColorTable.forEach((color, entry) => color.forEach((value, channel) => { lut[channel * 256 + entry] = value; }));
  return lut;
}
