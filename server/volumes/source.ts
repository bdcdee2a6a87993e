// What every kind of volume promises to its readers.
import type { DisplayRange, Dtype, Plane, Shape, Spacing } from "#protocol/types.ts";

export type Pixels = Uint8Array | Uint16Array | Float32Array;

/** A part of one frame and channel, half-open, `[start, end)` along each axis. */
export interface VoxelBox {
  readonly t: number;
  readonly c: number;
  readonly z: readonly [number, number];
  readonly y: readonly [number, number];
  readonly x: readonly [number, number];
}

/** Raw values, never scaled or rounded. Readers are many and independent; pixels may come late (a client is asked for them). */
export interface VolumeSource {
  readonly name: string;
  readonly shape: Shape;
  readonly dtype: Dtype;
  /** The three channels are red, green and blue of one colour image. */
  readonly rgb: boolean;
  /** Micrometres; undefined when the image is not calibrated. */
  readonly spacing: Spacing | undefined;
  readonly displayRange: DisplayRange | undefined;
  /** `[z, y, x]` voxels of the box, in a new array of the volume's dtype. @throws plane_off_volume, pixels_missing, file_unreadable, zarr_chunk_corrupt, cancelled */
  read(box: VoxelBox, signal?: AbortSignal): Promise<Pixels>;
  /** Names a plane's content: equal keys promise equal pixels, also after a restart. */
  planeKey(plane: Plane, signal?: AbortSignal): Promise<string>;
  /** Whether a plane's pixels are here, so that reading asks nobody; volumes without it hold all of theirs. */
  holds?(plane: Plane): boolean;
  /** Voxels stored and decoded as one, for volumes that keep such blocks decoded themselves: boxes along them cost least. */
  readonly chunk?: { readonly z: number; readonly y: number; readonly x: number } | undefined;
  /** Chunks that reads so far found absent, which their format reads as the fill value: worth a warning. */
  missingChunks?(): number;
  close(): Promise<void>;
}
