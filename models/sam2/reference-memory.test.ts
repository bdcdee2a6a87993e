import assert from "node:assert/strict";
import { it } from "node:test";
import { fakeDescription } from "../../test/fake-sam2.ts";
import { coded } from "../../test/contracts/tracker.ts";
import { pointerTimes } from "./pointer-time.ts";
import { recollect } from "./reference-memory.ts";
import type { Stores } from "./reference-memory.ts";

const { config } = fakeDescription;

function stored(cond: number[], nonCond: number[]): Stores {
  const output = (frame: number) => [frame, { memory: Uint16Array.of(frame), pointer: Float32Array.of(frame) }] satisfies [number, unknown];
  return { cond: new Map(cond.map(output)), nonCond: new Map(nonCond.map(output)) };
}

function inWords(stores: Stores, frame: number, reverse: boolean, frames?: number) {
  const { memories, pointers, pointerFrames } = recollect(stores, frame, reverse, frames, config);
  return { memories: memories.map(({ tokens, row }) => `${tokens[0]}:${row}`).join(" "), pointers: pointers.map(({ vector, distance }) => `${vector[0]}@${distance}`).join(" "), pointerFrames };
}

it("takes conditioning frames in the order they came, those ahead without their pointers", () => {
  assert.deepEqual(inWords(stored([9, 2], [1, 3, 4]), 5, false), { memories: "9:6 2:6 1:3 3:1 4:0", pointers: "2@3 4@1 3@2 1@4", pointerFrames: 16 });
});

it("turns round in reverse", () => {
  assert.deepEqual(inWords(stored([9, 2], [6, 7, 4]), 5, true), { memories: "9:6 2:6 7:1 6:0", pointers: "9@4 6@1 7@2", pointerFrames: 16 });
});

it("stops pointers at the video's border and at its length", () => {
  assert.deepEqual(inWords(stored([0], [2, 3]), 1, true, 3), { memories: "0:6 3:1 2:0", pointers: "2@1", pointerFrames: 3 });
  assert.equal(inWords(stored([0], [2, 3]), 1, true).pointers, "2@1 3@2");
});

it("divides nothing by nothing in a video of one frame, as the official predictor does", () => {
  const { pointers, pointerFrames } = recollect(stored([0], []), 0, false, 1, config);
  assert.ok(pointerTimes(pointers.map(({ distance }) => distance), pointerFrames, config).every(Number.isNaN));
});

it("needs a conditioning frame", () => {
  assert.throws(() => recollect(stored([], [1]), 2, false, undefined, config), coded("nothing_prompted"));
});
