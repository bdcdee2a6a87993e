// Walking along y or x, every plane takes one row or column of each z plane, and denoising takes its neighbours' again. So
// that a step reads few new bytes, voxels are read in bricks on a grid fixed at the volume's origin and kept while the walk
// goes on, the longest unused ones dropped first.
import { limits } from "#protocol/limits.ts";
import type { Axis } from "#protocol/types.ts";
import { allocatePixels, dtypeBytes } from "#server/volumes/check-shape.ts";
import type { Pixels, VolumeSource, VoxelBox } from "#server/volumes/source.ts";

/** Voxels of a brick: rows lie together in files, so bricks are as thick along y and x as a walk soon needs, and few z planes. */
const side = { z: 16, y: 64, x: 64 } as const;
const brickVoxels = side.z * side.y * side.x;

interface Brick {
  readonly box: VoxelBox;
  readonly data: Pixels;
}

/** The same volume for planes along `axis`; along z it is read as it is. @param budgetBytes default limits.brickCacheBytes */
export function withBricks(source: VolumeSource, axis: Axis, budgetBytes: number = limits.brickCacheBytes): VolumeSource {
  if (axis === "z") return source;
  const { shape, dtype } = source;
  const most = Math.floor(budgetBytes / (brickVoxels * dtypeBytes[dtype]));
  const bricks = new Map<string, Brick>();
  const nameOf = ({ t, c }: VoxelBox, z: number, y: number, x: number): string => `${t} ${c} ${z} ${y} ${x}`;
  const span = (axisOf: Axis, from: number, to: number): readonly [number, number] => [from * side[axisOf], Math.min(shape[axisOf], to * side[axisOf])];

  /** Reads what is missing of one row of bricks in one piece, since a file gives whole rows anyway. */
  async function fillRow(box: VoxelBox, z: number, y: number, x0: number, x1: number, signal?: AbortSignal): Promise<void> {
    const missing: number[] = [];
    for (let x = x0; x < x1; x++) if (!bricks.has(nameOf(box, z, y, x))) missing.push(x);
    if (missing.length === 0) return;
    const whole = { t: box.t, c: box.c, z: span("z", z, z + 1), y: span("y", y, y + 1), x: span("x", missing[0]!, missing.at(-1)! + 1) };
    const data = await source.read(whole, signal);
    for (const x of missing) {
      const part = { ...whole, x: span("x", x, x + 1) };
      const cut = allocatePixels(dtype, voxelsIn(part));
      copyInto(cut, part, { box: whole, data });
      bricks.set(nameOf(box, z, y, x), { box: part, data: cut });
    }
  }

  return {
    name: source.name, shape, dtype, rgb: source.rgb, spacing: source.spacing, displayRange: source.displayRange,
    async read(box, signal) {
      const from = { z: Math.floor(box.z[0] / side.z), y: Math.floor(box.y[0] / side.y), x: Math.floor(box.x[0] / side.x) };
      const to = { z: Math.ceil(box.z[1] / side.z), y: Math.ceil(box.y[1] / side.y), x: Math.ceil(box.x[1] / side.x) };
      // A plane that fills the budget would push its own bricks out before the next one used them.
      if ((to.z - from.z) * (to.y - from.y) * (to.x - from.x) > most / 2) return source.read(box, signal);
      const out = allocatePixels(dtype, voxelsIn(box));
      for (let z = from.z; z < to.z; z++) {
        for (let y = from.y; y < to.y; y++) {
          await fillRow(box, z, y, from.x, to.x, signal);
          for (let x = from.x; x < to.x; x++) {
            const name = nameOf(box, z, y, x);
            const brick = bricks.get(name)!;
            // A Map keeps the order of insertion: the oldest use stays in front.
            bricks.delete(name);
            bricks.set(name, brick);
            copyInto(out, box, brick);
          }
        }
      }
      for (const name of bricks.keys()) {
        if (bricks.size <= most) break;
        bricks.delete(name);
      }
      return out;
    },
    planeKey: (plane, signal) => source.planeKey(plane, signal),
    close: () => source.close(),
  };
}

function voxelsIn({ z, y, x }: VoxelBox): number {
  return (z[1] - z[0]) * (y[1] - y[0]) * (x[1] - x[0]);
}

/** Copies what `from` holds of `box` into its place in `out`, `[z, y, x]`. */
function copyInto(out: Pixels, box: VoxelBox, from: Brick): void {
  const [width, height] = [box.x[1] - box.x[0], box.y[1] - box.y[0]];
  const [fromWidth, fromHeight] = [from.box.x[1] - from.box.x[0], from.box.y[1] - from.box.y[0]];
  const x0 = Math.max(box.x[0], from.box.x[0]);
  const x1 = Math.min(box.x[1], from.box.x[1]);
  for (let z = Math.max(box.z[0], from.box.z[0]); z < Math.min(box.z[1], from.box.z[1]); z++) {
    for (let y = Math.max(box.y[0], from.box.y[0]); y < Math.min(box.y[1], from.box.y[1]); y++) {
      const at = ((z - from.box.z[0]) * fromHeight + y - from.box.y[0]) * fromWidth - from.box.x[0];
      out.set(from.data.subarray(at + x0, at + x1), ((z - box.z[0]) * height + y - box.y[0]) * width + x0 - box.x[0]);
    }
  }
}
