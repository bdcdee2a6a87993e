import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { seededRandom } from "../../../fixtures/make/seeded-random.ts";
import { interpolateSlices } from "./interpolate-slices.ts";
import type { SliceAxis } from "./interpolate-slices.ts";
import type { LabelVoxels } from "./itk-contours.ts";
import type { Size3 } from "./size3.ts";

const size = [5, 4, 6] as const;

/** One text a row, top to bottom, one list a plane; a digit is a label. */
function planes(...rows: string[]): Uint8Array {
  return Uint8Array.from(rows.join(""), (mark) => (mark === "." ? 0 : Number(mark)));
}

const none = ["......", "......", "......", "......"];
const sparse = planes(
  ...none,
  ".11...", ".11...", ".11...", "......",
  ...none,
  ".11...", ".11...", ".11...", "2.....",
  ...none,
);

test("a label on two slices is filled in between, one on a single slice stays as it is", async () => {
  const before = sparse.slice();
  const full = await interpolateSlices(sparse, size, "z");
  assert.deepEqual(Array.from(full), Array.from(planes(
    ...none,
    ".11...", ".11...", ".11...", "......",
    ".11...", ".11...", ".11...", "......",
    ".11...", ".11...", ".11...", "2.....",
    ...none,
  )));
  assert.deepEqual(sparse, before, "the input is untouched");
});

test("without a label, or without one on two slices, nothing is made", async () => {
  assert.deepEqual(Array.from(await interpolateSlices(new Uint16Array(120), size, "y")), Array(120).fill(0));
  const one = planes(...none, ...none, "......", "..7...", "......", "...7..", ...none, ...none);
  assert.deepEqual(Array.from(await interpolateSlices(one, size, "z")), Array.from(one));
});

/** The axes in another order; `order[0]` becomes z. */
function turned(labels: ArrayLike<number>, from: Size3, order: Size3): { readonly data: Uint32Array; readonly size: Size3 } {
  const to = [from[order[0]]!, from[order[1]]!, from[order[2]]!] as const;
  const steps = [from[1] * from[2], from[2], 1];
  const data = new Uint32Array(labels.length);
  for (let at = 0, a = 0; a < to[0]; a++) for (let b = 0; b < to[1]; b++) for (let c = 0; c < to[2]; c++) data[at++] = labels[a * steps[order[0]]! + b * steps[order[1]]! + c * steps[order[2]]!]!;
  return { data, size: to };
}

test("along y and x alike", async () => {
  const along: readonly (readonly [SliceAxis, Size3])[] = [["y", [1, 0, 2]], ["x", [2, 1, 0]]];
  const straight = await interpolateSlices(sparse, size, "z");
  for (const [axis, order] of along) {
    const there = turned(sparse, size, order);
    const full = await interpolateSlices(there.data, there.size, axis);
    assert.deepEqual(turned(full, there.size, order).data, Uint32Array.from(straight), axis);
  }
});

test("what is one voxel thick is filled in too, finer than ITK does it", async () => {
  const thin = planes("1.....", ".1....", "..1...", "...1..", ...none, ...none, "1.....", ".1....", "..1...", "...1..", ...none);
  const full = await interpolateSlices(thin, size, "z");
  assert.deepEqual(Array.from(full), Array.from(planes(...Array.from({ length: 4 }, () => ["1.....", ".1....", "..1...", "...1.."]).flat(), ...none)));
});

test("ids beyond 16 bits, and more labels than 8 bits count, keep their names", async () => {
  const large = Uint32Array.from(sparse, (id) => [0, 4_000_000_000, 70_000][id]!);
  const full = await interpolateSlices(large, size, "z");
  const small = await interpolateSlices(sparse, size, "z");
  assert.deepEqual(Array.from(full), Array.from(small, (id) => [0, 4_000_000_000, 70_000][id]!));
  // 300 columns of 3 x 3, each annotated at both its ends.
  const columns = new Uint32Array(3 * 60 * 80);
  for (let at = 0; at < 4800; at++) {
    const [y, x] = [Math.floor(at / 80), at % 80];
    if (y % 4 < 3 && x % 4 < 3) columns[at] = columns[2 * 4800 + at] = 1000 * (20 * Math.floor(y / 4) + Math.floor(x / 4) + 1);
  }
  const found = await interpolateSlices(columns, [3, 60, 80], "z");
  assert.deepEqual(found.subarray(4800, 9600), columns.subarray(0, 4800));
});

/** Three balls side by side, of which every third slice is left. */
function seededBalls(seed: number): { readonly whole: Uint16Array; readonly sparse: Uint16Array; readonly size: Size3 } {
  const random = seededRandom(seed);
  const shape = [random.whole(20, 30), random.whole(58, 64), random.whole(20, 24)] as const;
  const [whole, left] = [new Uint16Array(shape[0] * shape[1] * shape[2]), new Uint16Array(shape[0] * shape[1] * shape[2])];
  for (let id = 1; id <= 3; id++) {
    const centre = [random.between(8, 14), 18 * id - 8 + random.between(-1, 1), random.between(8, 12)];
    const radius = random.between(4, 7);
    for (let at = 0; at < whole.length; at++) {
      const place = [Math.floor(at / (shape[1] * shape[2])), Math.floor(at / shape[2]) % shape[1], at % shape[2]];
      if (place.reduce((sum, value, axis) => sum + (value - centre[axis]!) ** 2, 0) <= radius * radius) whole[at] = id;
    }
  }
  for (let at = 0; at < whole.length; at++) if (Math.floor(at / (shape[1] * shape[2])) % 3 === 0) left[at] = whole[at]!;
  return { whole, sparse: left, size: shape };
}

test("given voxels stay, labels keep to their slices, and balls come back", async () => {
  for (let seed = 1; seed <= 8; seed++) {
    const { whole, sparse: given, size: shape } = seededBalls(seed);
    const full = await interpolateSlices(given, shape, "z");
    given.forEach((id, at) => assert.ok(id === 0 || full[at] === id, `seed ${seed}`));
    const plane = shape[1] * shape[2];
    for (const id of new Set(full)) {
      if (id === 0) continue;
      const [first, last] = [Math.floor(given.indexOf(id) / plane), Math.floor(given.lastIndexOf(id) / plane)];
      assert.ok(Math.floor(full.indexOf(id) / plane) === first && Math.floor(full.lastIndexOf(id) / plane) === last, `seed ${seed}, label ${id}`);
      const inside = (labels: LabelVoxels, at: number): boolean => labels[at] === id && at >= first * plane && at < (last + 1) * plane;
      let [both, sum] = [0, 0];
      for (let at = 0; at < full.length; at++) {
        both += Number(inside(full, at) && inside(whole, at));
        sum += Number(inside(full, at)) + Number(inside(whole, at));
      }
      assert.ok((2 * both) / sum > 0.85, `seed ${seed}, label ${id}: Dice ${(2 * both) / sum}`);
    }
    // The volume around the labels does not matter.
    const wider = [shape[0] + 4, shape[1] + 6, shape[2] + 8] as const;
    const moved = new Uint16Array(wider[0] * wider[1] * wider[2]);
    const to = (at: number): number => ((Math.floor(at / plane) + 2) * wider[1] + (Math.floor(at / shape[2]) % shape[1]) + 3) * wider[2] + (at % shape[2]) + 4;
    given.forEach((id, at) => { moved[to(at)] = id; });
    const again = await interpolateSlices(moved, wider, "z");
    full.forEach((id, at) => assert.equal(again[to(at)], id));
  }
});

test("a process that has interpolated ends by itself, and asks no network", { timeout: 60_000 }, () => {
  const module = fileURLToPath(new URL("./interpolate-slices.ts", import.meta.url));
  const program = `import net from "node:net"; const refuse = () => { throw new Error("network"); }; net.Socket.prototype.connect = refuse;
    const { fetch } = globalThis; globalThis.fetch = (what) => (String(what).startsWith("data:") ? fetch(what) : refuse());
    const { interpolateSlices } = await import(${JSON.stringify(module)});
    console.log((await interpolateSlices(Uint8Array.of(5, 0, 5), [3, 1, 1], "z")).join());`;
  const ended = spawnSync(process.execPath, ["--input-type=module", "-e", program], { encoding: "utf8", timeout: 50_000 });
  assert.deepEqual([ended.status, ended.stdout.trim()], [0, "5,5,5"], ended.stderr);
});
