import assert from "node:assert/strict";
import test from "node:test";
import { windowPlanes, windowSlots } from "./window-planes.ts";

test("every window has its planes; no plane is prepared twice but where the other end is needed", () => {
  const walk = (depth: number, reach: number, border: Parameters<typeof windowPlanes>[2]) => {
    const slots: number[] = Array(windowSlots(reach)).fill(NaN);
    const prepared: number[] = [];
    const seen: string[] = [];
    windowPlanes(depth, reach, border, (source, slot) => {
      prepared.push(source);
      slots[slot] = source;
    }, (_z, window) => seen.push(window.map((slot) => slots[slot]).join(" ")));
    return { prepared, seen };
  };
  assert.deepEqual(walk(4, 1, "replicate"), { prepared: [0, 1, 2, 3], seen: ["0 0 1", "0 1 2", "1 2 3", "2 3 3"] });
  assert.deepEqual(walk(3, 2, "reflect"), { prepared: [1, 0, 2], seen: ["1 0 0 1 2", "0 0 1 2 2", "0 1 2 2 1"] });
  assert.deepEqual(walk(3, 1, "constant"), { prepared: [-1, 0, 1, 2, -1], seen: ["-1 0 1", "0 1 2", "1 2 -1"] });
  assert.deepEqual(walk(4, 1, "wrap"), { prepared: [3, 0, 1, 2, 3, 0], seen: ["3 0 1", "0 1 2", "1 2 3", "2 3 0"] });
  assert.deepEqual(walk(1, 3, "wrap"), { prepared: [0], seen: ["0 0 0 0 0 0 0"] });
});
