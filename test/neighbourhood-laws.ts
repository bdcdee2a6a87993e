// What must hold for every kernel whose value at a voxel depends on a neighbourhood only.
import assert from "node:assert/strict";
import { seededRandom } from "../fixtures/make/seeded-random.ts";
import type { Size3, Voxels } from "../server/classical/kernels/size3.ts";

export interface Neighbourhood {
  /** With edges repeated, or with a border that a block cut from a volume has too. */
  readonly filter: (values: Voxels, size: Size3) => Voxels;
  /** Voxels it reaches. */
  readonly reach: number;
  /** Relative to the largest answer: how far results may differ when axes are exchanged, since they are worked on in an order. */
  readonly exchangeTolerance: number;
}

export const kinds = { uint8: 255, uint16: 65535, float32: 1000 } as const;

/** Whole numbers; float32 ones have fractions and both signs. */
export function seededVoxels(seed: number, kind: keyof typeof kinds, length: number): Voxels {
  const random = seededRandom(seed);
  const value = (): number => (kind === "float32" ? random.between(-kinds.float32, kinds.float32) : random.whole(0, kinds[kind]));
  if (kind === "uint8") return Uint8Array.from({ length }, value);
  return kind === "uint16" ? Uint16Array.from({ length }, value) : Float32Array.from({ length }, value);
}

/** The half-open box from `start` to `end`. */
export function cutBox<V extends Voxels>(values: V, size: Size3, start: Size3, end: Size3): { values: V; size: Size3 };
export function cutBox(values: Voxels, size: Size3, start: Size3, end: Size3): { values: Voxels; size: Size3 } {
  const cut = [end[0] - start[0], end[1] - start[1], end[2] - start[2]] as const;
  const part = values.slice(0, cut[0] * cut[1] * cut[2]);
  for (let z = 0; z < cut[0]; z++) {
    for (let y = 0; y < cut[1]; y++) {
      const from = ((start[0] + z) * size[1] + start[1] + y) * size[2] + start[2];
      part.set(values.subarray(from, from + cut[2]), (z * cut[1] + y) * cut[2]);
    }
  }
  return { values: part, size: cut };
}

function flip(values: Voxels, size: Size3, axis: number): Voxels {
  const out = values.slice();
  for (let at = 0; at < values.length; at++) {
    const place = [Math.floor(at / (size[1] * size[2])), Math.floor(at / size[2]) % size[1], at % size[2]];
    place[axis] = size[axis]! - 1 - place[axis]!;
    out[at] = values[(place[0]! * size[1] + place[1]!) * size[2] + place[2]!]!;
  }
  return out;
}

/** Axes z, y, x become x, z, y. */
function exchange(values: Voxels, [depth, height, width]: Size3): { values: Voxels; size: Size3 } {
  const out = values.slice();
  for (let z = 0, at = 0; z < depth; z++) for (let y = 0; y < height; y++) for (let x = 0; x < width; x++, at++) out[(x * depth + z) * height + y] = values[at]!;
  return { values: out, size: [width, depth, height] };
}

export function assertNeighbourhoodLaws({ filter, reach, exchangeTolerance }: Neighbourhood): void {
  for (const [seed, kind] of (["uint8", "uint16", "float32"] as const).entries()) {
    for (const size of [[7, 45, 38], [1, 19, 33], [11, 1, 5], [6, 9, 1], [1, 1, 1]] as const) {
      const values = seededVoxels(seed, kind, size[0] * size[1] * size[2]);
      const before = values.slice();
      const whole = filter(values, size);
      const what = `${kind} ${size.join(" x ")}`;
      assert.deepEqual(values, before, `${what}: the input is untouched`);
      for (const axis of [0, 1, 2]) assert.deepEqual(filter(flip(values, size, axis), size), flip(whole, size, axis), `${what}: flipped along axis ${axis}`);
      const turned = exchange(values, size);
      const [there, back] = [filter(turned.values, turned.size), exchange(whole, size).values];
      const largest = Math.max(...Float32Array.from(whole, Math.abs));
      there.forEach((value, at) => assert.ok(Math.abs(value - back[at]!) <= exchangeTolerance * largest, `${what}: axes exchanged, ${value} for ${back[at]}`));
    }
    assertTiles(filter, reach, seed, kind);
  }
  assertShared(filter);
}

/** Tiles with their reach, clipped at the volume's edge, give what the whole gives. */
function assertTiles(filter: Neighbourhood["filter"], reach: number, seed: number, kind: keyof typeof kinds): void {
  const size = [9, 26, 41] as const;
  const values = seededVoxels(seed + 10, kind, size[0] * size[1] * size[2]);
  const whole = filter(values, size);
  for (const start of [[0, 0, 0], [4, 13, 17], [5, 20, 30], [3, 7, 1]] as const) {
    const end = [Math.min(size[0], start[0] + 4), Math.min(size[1], start[1] + 6), Math.min(size[2], start[2] + 11)] as const;
    const low = [Math.max(0, start[0] - reach), Math.max(0, start[1] - reach), Math.max(0, start[2] - reach)] as const;
    const high = [Math.min(size[0], end[0] + reach), Math.min(size[1], end[1] + reach), Math.min(size[2], end[2] + reach)] as const;
    const block = cutBox(values, size, low, high);
    const inBlock = [start[0] - low[0], start[1] - low[1], start[2] - low[2]] as const;
    const found = cutBox(filter(block.values, block.size), block.size, inBlock, [inBlock[0] + end[0] - start[0], inBlock[1] + end[1] - start[1], inBlock[2] + end[2] - start[2]]);
    assert.deepEqual(found.values, cutBox(whole, size, start, end).values, `${kind}: the tile at ${start.join(", ")}`);
  }
}

function assertShared(filter: Neighbourhood["filter"]): void {
  const values = seededVoxels(20, "float32", 3 * 4 * 5);
  const shared = new Float32Array(new SharedArrayBuffer(values.byteLength));
  shared.set(values);
  assert.deepEqual(filter(shared, [3, 4, 5]), filter(values, [3, 4, 5]), "in shared memory");
}
