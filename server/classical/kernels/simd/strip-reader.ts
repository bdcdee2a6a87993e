// Brings strips of a volume's planes into the core's memory: some rows, and around them what a neighbourhood reaches, border included.
import { MaskletError } from "#protocol/errors.ts";
import { sourceIndex } from "../border.ts";
import type { Border, Size3, Voxels } from "../size3.ts";
import { roundUp, u32At, voxelsAt, type Core } from "./core.ts";

export interface Strips {
  readonly values: Voxels;
  readonly size: Size3;
  /** Places that a neighbourhood reaches beyond a voxel along y and x. */
  readonly reach: readonly [y: number, x: number];
  readonly border: Border;
  readonly constant: number;
  /** Rows of the highest strip, without its reach. */
  readonly rows: number;
  /** Everything as float32; or uint8 and uint16 as they are and float32 as order keys (int32), which compare as the floats do. */
  readonly as: "float" | "ordered";
}

export interface StripReader {
  /** Bytes from a row to the next. Vectors that start at a voxel of the strip may be read at all places its neighbourhood reaches. */
  readonly pitch: number;
  /** Of a whole strip with its reach. */
  readonly sizeBytes: number;
  /** @param z a plane of the volume, or -1 for one of nothing but the constant @param to where its rows - reach go */
  read(z: number, y0: number, rows: number, to: number): void;
}

/** Bytes of a row with its reach, and of one value in it. */
export function stripPitch({ values, size, reach, as }: Pick<Strips, "values" | "size" | "reach" | "as">): number {
  const unit = as === "float" ? 4 : values.BYTES_PER_ELEMENT;
  return roundUp((roundUp(size[2], 16 / unit) + 2 * reach[1]) * unit, 16);
}

export function createStripReader(core: Core, take: (bytes: number) => number, strips: Strips): StripReader {
  const { values, size, reach, border, as } = strips;
  const [depth, height, width] = size;
  if (values.length !== depth * height * width) throw MaskletError.of("internal", { why: `${values.length} voxels are not ${size.join(" x ")}` });
  const [reachY, reachX] = reach;
  const unit = as === "float" ? 4 : values.BYTES_PER_ELEMENT;
  const pitch = stripPitch(strips);
  const own = values.BYTES_PER_ELEMENT;
  const stage = take((strips.rows + 2 * reachY) * width * own);
  const columns = take(2 * reachX * 4);
  const spread = values instanceof Float32Array ? (as === "float" ? core.moveRows : core.keyRows) : as === "ordered" ? core.moveRows : values instanceof Uint8Array ? core.floatRowsU8 : core.floatRowsU16;
  const length = spread === core.moveRows ? width * own : width;
  const pad = unit === 1 ? core.padRows1 : unit === 2 ? core.padRows2 : core.padRows4;
  const constant = constantBits(strips.constant, values, as);
  const sources = Array.from({ length: 2 * reachX }, (_, nth) => sourceIndex(nth < reachX ? nth - reachX : width + nth - reachX, width, border));
  const read = (z: number, y0: number, rows: number, to: number): void => {
    u32At(core, columns, 2 * reachX).set(sources);
    const staged = voxelsAt(core, values, stage, (rows + 2 * reachY) * width);
    const all = rows + 2 * reachY;
    for (let row = 0; row < all; ) {
      const source = z < 0 ? -1 : sourceIndex(y0 - reachY + row, height, border);
      let run = 1;
      if (source < 0) staged.fill(strips.constant, row * width, (row + 1) * width);
      else {
        while (row + run < all && source + run < height && sourceIndex(y0 - reachY + row + run, height, border) === source + run) run++;
        const from = (z * height + source) * width;
        staged.set(values.subarray(from, from + run * width), row * width);
      }
      row += run;
    }
    spread(to + reachX * unit, pitch, stage, width * own, all, length);
    pad(to, pitch, all, width, reachX, columns, constant);
  };
  return { pitch, sizeBytes: (strips.rows + 2 * reachY) * pitch, read };
}

/** The constant as it lies in a strip. */
function constantBits(constant: number, values: Voxels, as: "float" | "ordered"): number {
  if (as === "ordered" && !(values instanceof Float32Array)) return constant;
  const bits = new Int32Array(Float32Array.of(constant).buffer)[0]!;
  return as === "float" || bits >= 0 ? bits : bits ^ 0x7fffffff;
}

/** Strips that cannot be small (long reaches, wide volumes) get this much before their rows are made fewer. */
const largeStripBytes = 2 ** 27;

/**
 * Rows for each strip, all but the last the same: as many as fit `targetBytes`, which a processor's second cache holds, but not so few
 * that reading the reach outweighs the work, unless memory asks for it.
 */
export function stripRows(height: number, reachY: number, bytesPerRow: number, targetBytes: number): number {
  const fitting = (bytes: number): number => Math.floor(bytes / bytesPerRow) - 2 * reachY;
  const rows = Math.max(1, fitting(targetBytes), Math.min(Math.max(8, Math.min(2 * reachY, 32)), fitting(largeStripBytes)));
  return Math.ceil(height / Math.ceil(height / Math.min(height, rows)));
}
