// What an object was found to be along several axes, put to the vote voxel by voxel.
import { connectedTo } from "#server/classical/kernels/connected-to.ts";
import type { Axis, IndexRange, Mask, Shape } from "#protocol/types.ts";
import { drawInto, planeBits, spanAround } from "./voxels.ts";
import type { VoxelSpan } from "./voxels.ts";

/** One direction's answer: masks of one object in one frame, at most one a plane of the axis. */
export interface Found {
  readonly axis: Axis;
  readonly masks: readonly Mask[];
}

export interface Ballot {
  /** Two or three, each along its own axis. */
  readonly found: readonly Found[];
  /** Directions that must have found a voxel. */
  readonly votes: number;
  /** The result must hang together with what was kept of these. */
  readonly anchors: readonly Mask[];
  readonly within?: { readonly axis: Axis; readonly range: IndexRange } | undefined;
  readonly shape: Shape;
}

export interface Agreement {
  /** On z planes; their score is the mean score of the masks that found their voxels. */
  readonly masks: readonly Mask[];
  readonly kept: number;
  /** Voxels that some directions found and others did not. */
  readonly disputed: number;
  /** Voxels of each direction, and those that directions have in common, pair by pair: 0-1, 0-2, 1-2. */
  readonly sizes: readonly number[];
  readonly common: readonly number[];
  /** The z plane with most disputed voxels, the first of equal ones; undefined where nothing is disputed. */
  readonly worst: { readonly index: number; readonly voxels: number } | undefined;
}

/**
 * Memory: two bytes a voxel of the box around all that was found.
 * @throws too_large when that box is beyond maxObjectVoxels
 */
export function vote({ found, votes, anchors, within, shape }: Ballot): Agreement {
  const all = found.flatMap(({ masks }) => masks);
  const whole = spanAround(all, shape, 0);
  const span = whole === undefined ? undefined : clip(whole, within);
  if (span === undefined) return { masks: [], kept: 0, disputed: 0, sizes: found.map(() => 0), common: pairs(found.length).map(() => 0), worst: undefined };
  const bits = new Uint8Array(span.size[0] * span.size[1] * span.size[2]);
  found.forEach(({ masks }, nth) => drawInto(bits, span, masks, 1 << nth));
  const tally = count(bits, span, found.length);
  const voted = bits.map((value) => (bitCount(value) >= votes ? 1 : 0));
  const kept = connectedTo(voted, span.size, anchorVoxels(anchors, span));
  const masks = zMasks(kept, bits, span, found);
  return { masks, kept: masks.reduce((sum, mask) => sum + mask.area, 0), ...tally };
}

/** Every pair of directions, in the order of `common`. */
export function pairs(count: number): readonly (readonly [number, number])[] {
  return ([[0, 1], [0, 2], [1, 2]] as const).filter(([, second]) => second < count);
}

function clip(span: VoxelSpan, within: Ballot["within"]): VoxelSpan | undefined {
  if (within === undefined) return span;
  const at = ["z", "y", "x"].indexOf(within.axis);
  const low = Math.max(span.start[at]!, within.range.start);
  const high = Math.min(span.start[at]! + span.size[at]!, within.range.end);
  if (low >= high) return undefined;
  const start = span.start.map((value, axis) => (axis === at ? low : value));
  const size = span.size.map((value, axis) => (axis === at ? high - low : value));
  return { start: [start[0]!, start[1]!, start[2]!], size: [size[0]!, size[1]!, size[2]!] };
}

function bitCount(value: number): number {
  return (value & 1) + ((value >> 1) & 1) + ((value >> 2) & 1);
}

function count(bits: Uint8Array, { start, size }: VoxelSpan, directions: number): Pick<Agreement, "disputed" | "sizes" | "common" | "worst"> {
  // How often each of the eight possible answers was given, plane by plane.
  const totals = new Array<number>(8).fill(0);
  const all = (1 << directions) - 1;
  let worst: Agreement["worst"];
  let disputed = 0;
  for (let z = 0, at = 0; z < size[0]; z++) {
    const plane = new Array<number>(8).fill(0);
    for (const end = at + size[1] * size[2]; at < end; at++) plane[bits[at]!]!++;
    let own = 0;
    for (let value = 0; value < 8; value++) {
      totals[value]! += plane[value]!;
      if (value !== 0 && value !== all) own += plane[value]!;
    }
    disputed += own;
    if (own > (worst?.voxels ?? 0)) worst = { index: start[0] + z, voxels: own };
  }
  const holding = (wanted: number): number => totals.reduce((sum, voxels, value) => ((value & wanted) === wanted ? sum + voxels : sum), 0);
  const sizes = Array.from({ length: directions }, (_, nth) => holding(1 << nth));
  return { disputed, sizes, common: pairs(directions).map(([a, b]) => holding((1 << a) | (1 << b))), worst };
}

function anchorVoxels(anchors: readonly Mask[], span: VoxelSpan): number[] {
  const drawn = new Uint8Array(span.size[0] * span.size[1] * span.size[2]);
  drawInto(drawn, span, anchors, 1);
  const voxels: number[] = [];
  for (let at = 0; at < drawn.length; at++) if (drawn[at] !== 0) voxels.push(at);
  return voxels;
}

function zMasks(kept: Uint8Array, bits: Uint8Array, span: VoxelSpan, found: readonly Found[]): Mask[] {
  const [z0, y0, x0] = span.start;
  const [depth, height, width] = span.size;
  const first = found.flatMap(({ masks }) => masks)[0];
  const scores = found.map(({ masks }) => new Map(masks.map((mask) => [mask.index, mask.score])));
  const made: Mask[] = [];
  for (let z = z0; z < z0 + depth; z++) {
    const plane = planeBits(span, "z", z, (at) => kept[at] !== 0);
    if (plane.area === 0 || first === undefined) continue;
    let sum = 0;
    let weight = 0;
    for (let y = 0, at = (z - z0) * height * width; y < height; y++) {
      for (let x = 0; x < width; x++, at++) {
        if (kept[at] === 0) continue;
        for (let nth = 0; nth < found.length; nth++) {
          if ((bits[at]! & (1 << nth)) === 0) continue;
          const { axis } = found[nth]!;
          sum += scores[nth]!.get(axis === "z" ? z : axis === "y" ? y0 + y : x0 + x) ?? 0;
          weight++;
        }
      }
    }
    made.push({ objectId: first.objectId, axis: "z", index: z, t: first.t, ...(first.c === undefined ? {} : { c: first.c }), ...plane, score: sum / weight });
  }
  return made;
}
