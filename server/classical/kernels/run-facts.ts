// Components' facts and labels over a part of their block, straight from their runs: no voxel is painted that nobody looks at.
import type { ComponentRuns } from "./components.ts";
import type { LabelFacts } from "./label-facts.ts";
import type { Size3 } from "./size3.ts";

/** A part of the block, `[start, end)` along each axis. */
export interface BlockPart {
  readonly start: Size3;
  readonly end: Size3;
}

/** A run at least this long is painted by `fill`, whose call costs more than painting a shorter one. */
const longRun = 48;

/** As `labelFacts` of the part alone, with places counted in it. Memory: 32 bytes a label */
export function runFacts({ bounds, rows, labels, count }: ComponentRuns, [, height]: Size3, { start, end }: BlockPart): LabelFacts {
  const [voxels, first, box] = [new Uint32Array(count), new Uint32Array(count), new Uint32Array(6 * count)];
  const [z0, y0, x0] = start;
  const x1 = end[2];
  for (let z = 0, row = 0; z < end[0] - z0; z++) {
    for (let y = 0; y < end[1] - y0; y++, row += x1 - x0) {
      const line = (z + z0) * height + y + y0;
      for (let run = rows[line]!; run < rows[line + 1]!; run++) {
        const from = Math.max(bounds[2 * run]!, x0) - x0;
        const to = Math.min(bounds[2 * run + 1]!, x1) - x0;
        if (from >= to) continue;
        const own = labels[run]! - 1;
        const at = 6 * own;
        if (voxels[own] === 0) {
          first[own] = row + from;
          box[at] = z;
          box[at + 1] = y;
          box[at + 2] = from;
        }
        voxels[own]! += to - from;
        box[at + 3] = z + 1;
        if (y < box[at + 1]!) box[at + 1] = y;
        if (y >= box[at + 4]!) box[at + 4] = y + 1;
        if (from < box[at + 2]!) box[at + 2] = from;
        if (to > box[at + 5]!) box[at + 5] = to;
      }
    }
  }
  return { voxels, first, box };
}

/** Labels over the part, `[z, y, x]`. */
export function runLabels(runs: ComponentRuns, size: Size3, part: BlockPart): Uint32Array<ArrayBuffer> {
  const { start, end } = part;
  const out = new Uint32Array((end[0] - start[0]) * (end[1] - start[1]) * (end[2] - start[2]));
  paintPartInto(out, runs, size, part, undefined);
  return out;
}

/**
 * Writes each run of the part; what lies between them stays as it is.
 * @param out `[z, y, x]` over the part
 * @param values for label 1 first; by default the labels themselves
 */
export function paintPartInto(out: Uint32Array | Uint8Array, { bounds, rows, labels }: ComponentRuns, [, height]: Size3, { start, end }: BlockPart, values: Uint8Array | undefined): void {
  const [x0, x1] = [start[2], end[2]];
  for (let z = start[0], row = 0; z < end[0]; z++) {
    for (let y = start[1]; y < end[1]; y++, row += x1 - x0) {
      const last = rows[z * height + y + 1]!;
      for (let run = rows[z * height + y]!; run < last; run++) {
        const from = row + Math.max(bounds[2 * run]!, x0) - x0;
        const to = row + Math.min(bounds[2 * run + 1]!, x1) - x0;
        const value = values === undefined ? labels[run]! : values[labels[run]! - 1]!;
        if (to - from >= longRun) out.fill(value, from, to);
        else for (let at = from; at < to; at++) out[at] = value;
      }
    }
  }
}
