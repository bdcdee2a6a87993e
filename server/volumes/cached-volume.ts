// Decoded planes kept under a budget, so that windows into neighbouring planes do not decode them again.
import { allocatePixels, checkBox, dtypeBytes, readPlane } from "./check-shape.ts";
import type { Pixels, VolumeSource } from "./source.ts";

/** Least recently used planes, or chunks of a Zarr array, go first. One cache may serve many volumes. */
export interface PlaneCache<A extends { readonly byteLength: number } = Pixels> {
  readonly budgetBytes: number;
  get(key: string): A | undefined;
  set(key: string, pixels: A): void;
  drop(prefix: string): void;
  usedBytes(): number;
  /** A prefix no other volume of this cache has. */
  newPrefix(): string;
}

/** @param budgetBytes of decoded pixels, over all volumes of the cache */
export function createPlaneCache<A extends { readonly byteLength: number } = Pixels>(budgetBytes: number): PlaneCache<A> {
  const planes = new Map<string, A>();
  let used = 0;
  let volumes = 0;
  const remove = (key: string): void => {
    used -= planes.get(key)?.byteLength ?? 0;
    planes.delete(key);
  };
  return {
    budgetBytes,
    get(key) {
      const found = planes.get(key);
      if (found === undefined) return undefined;
      // A Map keeps the order of insertion: the oldest use stays in front.
      planes.delete(key);
      planes.set(key, found);
      return found;
    },
    set(key, pixels) {
      remove(key);
      if (pixels.byteLength > budgetBytes) return;
      for (const oldest of planes.keys()) {
        if (used + pixels.byteLength <= budgetBytes) break;
        remove(oldest);
      }
      planes.set(key, pixels);
      used += pixels.byteLength;
    },
    drop(prefix) {
      for (const key of [...planes.keys()]) if (key.startsWith(prefix)) remove(key);
    },
    usedBytes: () => used,
    newPrefix: () => `${volumes++}/`,
  };
}

/**
 * The same volume, whose planes are decoded whole and kept. Planes over a quarter of the budget are read as they are, and so is
 * a box through so many planes that it would push its own first ones out: planes along y and x of a large volume.
 */
export function cachedVolume(source: VolumeSource, cache: PlaneCache): VolumeSource {
  const { shape, dtype } = source;
  const prefix = cache.newPrefix();
  const planeBytes = shape.x * shape.y * dtypeBytes[dtype];
  return {
    name: source.name, shape, dtype, rgb: source.rgb, spacing: source.spacing, displayRange: source.displayRange,
    async read(box, signal) {
      if (planeBytes > cache.budgetBytes / 4 || (box.z[1] - box.z[0]) * planeBytes > cache.budgetBytes) return source.read(box, signal);
      checkBox(shape, box, dtype);
      const [y0, y1] = box.y;
      const [x0, x1] = box.x;
      const out = allocatePixels(dtype, (box.z[1] - box.z[0]) * (y1 - y0) * (x1 - x0));
      let at = 0;
      for (let z = box.z[0]; z < box.z[1]; z++) {
        const key = `${prefix}${box.t}/${box.c}/${z}`;
        let plane = cache.get(key);
        if (plane === undefined) {
          plane = await readPlane(source, { t: box.t, c: box.c, z }, signal);
          cache.set(key, plane);
        }
        for (let y = y0; y < y1; y++, at += x1 - x0) out.set(plane.subarray(y * shape.x + x0, y * shape.x + x1), at);
      }
      return out;
    },
    planeKey: (plane, signal) => source.planeKey(plane, signal),
    close: () => {
      cache.drop(prefix);
      return source.close();
    },
  };
}
