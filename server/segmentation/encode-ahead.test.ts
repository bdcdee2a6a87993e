import assert from "node:assert/strict";
import test from "node:test";
import { limits } from "#protocol/limits.ts";
import type { Cut } from "#protocol/types.ts";
import type { VolumeSource } from "#server/volumes/source.ts";
import { memoryVolume } from "../../test/contracts/memory-volume.ts";
import { thresholdTrackers } from "../../test/contracts/threshold-tracker.ts";
import type { FrozenView, Scene } from "./contract.ts";
import { encodeAhead } from "./encode-ahead.ts";
import { renderView } from "./view.ts";

const volume = memoryVolume({ t: 1, c: 1, z: 20, y: 12, x: 14 }, (_t, _c, z, y, x) => 30 * z + y + x);
const plain: FrozenView = { range: [0, 600], invert: false, sigma: 0 };
const window = { u0: 2, v0: 0, width: 8, height: 8 };

/** The planes encoded, by number; `stopAfter` of them the signal fires. */
async function planesAhead(cut: Cut, options: { source?: VolumeSource; view?: FrozenView; stopAfter?: number } = {}): Promise<number[]> {
  const { source = volume, view = plain, stopAfter = Infinity } = options;
  const keys = new Map<string, number>();
  for (let index = 0; index < source.shape[cut.axis]; index++) keys.set((await renderView(source, view, { axis: cut.axis, index, t: 0, c: 0 }, window)).key, index);
  const found: number[] = [];
  const stop = new AbortController();
  let underway = 0;
  const scene: Scene = {
    source, view, model: "threshold", window: "object",
    trackers: {
      ...thresholdTrackers(),
      async encodeAhead(_model, seen) {
        assert.equal(++underway, 1, "one at a time");
        assert.deepEqual(seen.window, window);
        await Promise.resolve();
        underway--;
        found.push(keys.get(seen.key)!);
        if (found.length === stopAfter) stop.abort();
      },
    },
  };
  await encodeAhead(scene, cut, window, { signal: stop.signal });
  return found;
}

test("neighbours through the same window, nearest first, so many on each side", async () => {
  const found = await planesAhead({ axis: "z", index: 9 });
  assert.deepEqual(found.slice(0, 4), [10, 8, 11, 7]);
  assert.equal(found.length, 2 * limits.encodeAheadPlanes);
  assert.deepEqual(await planesAhead({ axis: "y", index: 10 }), [11, 9, 8, 7, 6, 5, 4]);
});

test("only where every plane that denoising takes is held: nobody is asked for pixels", async () => {
  // A Gaussian of one plane reaches three planes to each side.
  const source: VolumeSource = { ...volume, holds: ({ z }) => z >= 6 && z <= 14 };
  assert.deepEqual(await planesAhead({ axis: "z", index: 10 }, { source, view: { ...plain, sigma: 1 } }), [11, 9]);
  assert.deepEqual(await planesAhead({ axis: "z", index: 10 }, { source }), [11, 9, 12, 8, 13, 7, 14, 6]);
  assert.deepEqual(await planesAhead({ axis: "y", index: 5 }, { source }), [], "a y plane crosses every z plane of its window");
});

test("it stops between planes", async () => {
  await assert.rejects(planesAhead({ axis: "z", index: 9 }, { stopAfter: 3 }), { code: "cancelled" });
});
