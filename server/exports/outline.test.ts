import assert from "node:assert/strict";
import { test } from "node:test";
import type { Raster } from "#protocol/mask.ts";
import { ringArea, traceOutline } from "./outline.ts";
import type { OutlinePart, Ring } from "./outline.ts";

/** Rows of `#` and `.`; the top-left corner lies at (u, v). */
function raster(rows: readonly string[], u = 0, v = 0): Raster {
  const width = rows[0]!.length;
  return { box: [u, v, u + width, v + rows.length], data: Uint8Array.from(rows.join(""), (mark) => (mark === "#" ? 1 : 0)) };
}

function corners(part: OutlinePart): number[][] {
  return [part.shell, ...part.holes].map((ring) => [...ring]);
}

test("one pixel is a square, far from the origin too", () => {
  const parts = traceOutline(raster(["#"], 40_000, 7));
  assert.deepEqual(parts.map(corners), [[[40_001, 7, 40_001, 8, 40_000, 8, 40_000, 7]]]);
});

test("only corners are kept", () => {
  const parts = traceOutline(raster(["####", "####", "#..."]));
  assert.deepEqual(parts.map(corners), [[[4, 0, 4, 2, 1, 2, 1, 3, 0, 3, 0, 0]]]);
});

test("a hole runs the other way, an island in it is a part of its own", () => {
  const parts = traceOutline(raster(["#####", "#...#", "#.#.#", "#...#", "#####"]));
  assert.equal(parts.length, 2);
  assert.deepEqual(parts.map((part) => [part.shell, ...part.holes].map(ringArea)), [[25, -9], [1]]);
});

test("pixels that meet at a corner are two parts", () => {
  const parts = traceOutline(raster(["#.", ".#"]));
  assert.deepEqual(parts.map((part) => ringArea(part.shell)), [1, 1]);
});

test("a part that meets itself at a corner keeps its hole apart from the outside", () => {
  const parts = traceOutline(raster(["##.", "#.#", "###"]));
  assert.deepEqual(parts.map((part) => [part.shell, ...part.holes].map(ringArea)), [[8, -1]]);
});

test("two holes that meet at a corner are two rings", () => {
  const parts = traceOutline(raster(["####", "#.##", "##.#", "####"]));
  assert.deepEqual(parts.map((part) => [part.shell, ...part.holes].map(ringArea)), [[16, -1, -1]]);
});

test("no pixel, no part", () => {
  assert.deepEqual(traceOutline(raster(["...", "..."])), []);
  assert.deepEqual(traceOutline({ box: [0, 0, 0, 0], data: new Uint8Array(0) }), []);
});

test("filling the rings gives the pixels back, and no ring passes a corner twice", () => {
  for (let seed = 1; seed <= 400; seed++) {
    const random = generator(seed);
    const width = 1 + Math.floor(random() * 13);
    const height = 1 + Math.floor(random() * 11);
    const share = random();
    const data = Uint8Array.from({ length: width * height }, () => (random() < share ? 1 : 0));
    const parts = traceOutline({ box: [3, 5, 3 + width, 5 + height], data });
    const rings = parts.flatMap((part) => [part.shell, ...part.holes]);
    assert.deepEqual(fill(rings, width, height), data, `seed ${seed}`);
    assert.equal(rings.reduce((sum, ring) => sum + ringArea(ring), 0), data.reduce((sum, value) => sum + value, 0), `seed ${seed}`);
    for (const part of parts) {
      assert.ok(ringArea(part.shell) > 0 && part.holes.every((hole) => ringArea(hole) < 0), `seed ${seed}`);
    }
    for (const ring of rings) {
      const seen = new Set<number>();
      for (let at = 0; at < ring.length; at += 2) seen.add(ring[at]! * 1000 + ring[at + 1]!);
      assert.equal(seen.size, ring.length / 2, `seed ${seed}`);
    }
  }
});

/** Even-odd at pixel centres: crossings with vertical edges to the left of the centre. */
function fill(rings: readonly Ring[], width: number, height: number): Uint8Array {
  const data = new Uint8Array(width * height);
  for (const ring of rings) {
    for (let at = 0; at < ring.length; at += 2) {
      const next = (at + 2) % ring.length;
      if (ring[at] !== ring[next]) continue;
      for (let y = Math.min(ring[at + 1]!, ring[next + 1]!); y < Math.max(ring[at + 1]!, ring[next + 1]!); y++) {
        for (let x = ring[at]!; x < 3 + width; x++) data[(y - 5) * width + x - 3]! ^= 1;
      }
    }
  }
  return data;
}

function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
