// A volume a client declared: its planes come when they are used, and are kept.
import { asMaskletError, MaskletError } from "#protocol/errors.ts";
import { limits } from "#protocol/limits.ts";
import type { Declaration, Plane } from "#protocol/types.ts";
import { allocatePixels, checkBox, checkPlane, checkShape, dtypeBytes } from "./check-shape.ts";
import { openPlaneIndex, planeName } from "./plane-index.ts";
import { planeHash, type PlaneStore } from "./plane-store.ts";
import { createPlaneWaits, type PixelSupplier } from "./plane-waits.ts";
import type { Pixels, VolumeSource } from "./source.ts";

export interface PushedVolume extends VolumeSource {
  /** Takes one plane, raw little-endian, rows from the top.
   * @param options `onlyIfNeeded`: a plane that was neither asked for nor seen before is refused
   * @throws plane_off_volume, pixels_size, pixels_unexpected, volume_changed, disk_full, file_not_written */
  put(plane: Plane, bytes: Uint8Array, options?: { readonly onlyIfNeeded?: boolean }): Promise<void>;
  /** Whoever can get pixels now; undefined when nobody can, which ends all waits with pixels_missing. */
  setSupplier(supplier: PixelSupplier | undefined): void;
  /** The plane was asked for and has not come. */
  isNeeded(plane: Plane): boolean;
  /** Those that were asked for and have not come. */
  needed(): Plane[];
  /** How many planes are here. */
  held(): number;
}

export interface PushedVolumeOptions {
  readonly declaration: Declaration;
  readonly planes: PlaneStore;
  readonly indexFile: string;
  readonly timeoutMs?: number | undefined;
}

/** @throws shape_invalid, file_unreadable */
export async function openPushedVolume(options: PushedVolumeOptions): Promise<PushedVolume> {
  const { declaration, planes } = options;
  const { shape, dtype } = declaration;
  checkShape(shape, dtype);
  const rgb = declaration.rgb === true;
  if (rgb && (shape.c !== 3 || dtype !== "uint8")) throw MaskletError.of("shape_invalid", { why: `an RGB image has 3 channels of uint8, not ${shape.c} of ${dtype}` });
  const rowBytes = shape.x * dtypeBytes[dtype];
  const planeBytes = shape.y * rowBytes;
  const index = await openPlaneIndex(options.indexFile);
  const waits = createPlaneWaits(options.timeoutMs ?? limits.pixelTimeoutMs);

  /** Rows of a plane, waiting for it where needed; a plane lost from the disk is asked for again. */
  const rows = async (plane: Plane, y0: number, y1: number, signal: AbortSignal | undefined): Promise<Uint8Array> => {
    for (;;) {
      const hash = index.hashOf(plane);
      if (hash !== undefined) {
        const bytes = await planes.read(hash, planeBytes, y0 * rowBytes, (y1 - y0) * rowBytes);
        if (bytes !== undefined) return bytes;
        index.forget(plane);
      }
      await waits.wait([plane], signal);
    }
  };

  return {
    name: declaration.name, shape, dtype, rgb, spacing: declaration.spacing, displayRange: declaration.displayRange,
    async read(box, signal) {
      checkBox(shape, box, dtype);
      const wanted: Plane[] = [];
      for (let z = box.z[0]; z < box.z[1]; z++) wanted.push({ t: box.t, c: box.c, z });
      // All at once, so that the client is asked once.
      await waits.wait(wanted.filter((plane) => index.hashOf(plane) === undefined), signal);
      const [y0, y1] = box.y;
      const [x0, x1] = box.x;
      const width = x1 - x0;
      const out = allocatePixels(dtype, wanted.length * (y1 - y0) * width);
      let at = 0;
      for (const plane of wanted) {
        const values = asPixels(await rows(plane, y0, y1, signal), dtype);
        for (let y = 0; y < y1 - y0; y++, at += width) out.set(values.subarray(y * shape.x + x0, y * shape.x + x1), at);
      }
      return out;
    },
    async planeKey(plane, signal) {
      checkPlane(shape, plane);
      if (index.hashOf(plane) === undefined) await waits.wait([plane], signal);
      // The same bytes as rows of another length are another picture.
      return `${index.hashOf(plane)}-${dtype}-${shape.y}x${shape.x}`;
    },
    async put(plane, bytes, putOptions = {}) {
      checkPlane(shape, plane);
      const name = planeName(plane);
      if (putOptions.onlyIfNeeded === true && !waits.isNeeded(plane) && index.hashOf(plane) === undefined) {
        throw MaskletError.of("pixels_unexpected", { plane: name, why: "nobody reads that plane now" });
      }
      try {
        if (bytes.length !== planeBytes) throw MaskletError.of("pixels_size", { plane: name, needBytes: planeBytes, haveBytes: bytes.length });
        const hash = await planeHash(bytes);
        const before = index.hashOf(plane);
        if (before !== undefined && before !== hash) throw MaskletError.of("volume_changed", { plane: name });
        await planes.put(hash, bytes);
        await index.add(plane, hash);
      } catch (thrown) {
        // The asked client has answered and will not answer again: whoever waits hears why, instead of a silence.
        if (index.hashOf(plane) === undefined) waits.refused(plane, asMaskletError(thrown));
        throw thrown;
      }
      waits.arrived(plane);
    },
    setSupplier: waits.setSupplier,
    isNeeded: waits.isNeeded,
    needed: waits.needed,
    holds: (plane) => index.hashOf(plane) !== undefined,
    held: index.size,
    async close() {
      waits.setSupplier(undefined);
    },
  };
}

/** The bytes as values; they begin their buffer, and machines Node runs on are little-endian. */
function asPixels(bytes: Uint8Array, dtype: Declaration["dtype"]): Pixels {
  if (dtype === "uint8") return bytes;
  return dtype === "uint16" ? new Uint16Array(bytes.buffer, 0, bytes.length >> 1) : new Float32Array(bytes.buffer, 0, bytes.length >> 2);
}
