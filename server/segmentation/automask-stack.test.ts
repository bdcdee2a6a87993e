// What happens to masklets that meet, with found masks and followed planes written out.
import assert from "node:assert/strict";
import test from "node:test";
import { MaskletError } from "#protocol/errors.ts";
import { packMask } from "#protocol/mask.ts";
import type { Mask, PixelBox } from "#protocol/types.ts";
import { memoryVolume } from "../../test/contracts/memory-volume.ts";
import { thresholdTrackers } from "../../test/contracts/threshold-tracker.ts";
import { automaskStack, type StackRequest, type StackWorker } from "./automask-stack.ts";
import { automask, type PlaneMask } from "./automask.ts";
import type { Scene } from "./contract.ts";
import { isSameMasklet } from "./masklet-overlap.ts";
import { checkRun, propagate } from "./propagate.ts";

const plane = (box: PixelBox): PlaneMask => ({ ...packMask({ box, data: new Uint8Array((box[2] - box[0]) * (box[3] - box[1])).fill(1) }), score: 0.9 });
const scene: Scene = { source: memoryVolume({ t: 5, c: 1, z: 9, y: 12, x: 20 }, () => 0), view: { range: [0, 1], invert: false, sigma: 0 }, trackers: thresholdTrackers(), model: "m", window: "object" };

/** What following finds of the mask with a box, plane by plane. */
type Followed = Readonly<Record<string, Readonly<Record<number, PixelBox>>>>;

interface Script {
  /** By plane along the axis. */
  readonly found: Readonly<Record<number, readonly PixelBox[]>>;
  readonly followed: Followed;
  /** Masks after which following fails. */
  readonly failAfter?: number;
}

/** @returns what was told, in order, and how it ended */
async function told(script: Script, more: Partial<StackRequest> = {}): Promise<string[]> {
  const lines: string[] = [];
  let masks = 0;
  const along = more.along ?? "z";
  const at = (cut: { index: number; t?: number | undefined }): number => (along === "t" ? cut.t ?? 0 : cut.index);
  const worker: StackWorker = {
    checkRun: () => undefined,
    automask: async (_scene, { cut }) => (script.found[at(cut)] ?? []).map(plane),
    propagate: async (_scene, { objects, range }, { onMask }) => {
      for (const { objectId, prompts } of objects) {
        const { cut, parts } = prompts[0]!;
        for (const [index, box] of Object.entries(script.followed[parts.mask!.box.join()] ?? {})) {
          assert.ok(Number(index) >= range!.start && Number(index) < range!.end);
          if (masks++ === script.failAfter) throw MaskletError.of("cancelled", {});
          await onMask({ objectId, axis: cut.axis, ...(along === "t" ? { index: cut.index, t: Number(index) } : { index: Number(index), t: cut.t ?? 0 }), ...plane(box) });
        }
      }
    },
  };
  let last = 0;
  const run = automaskStack(scene, { along, frame: 0, c: 0, every: 3, mergeIou: 0.5, ...more }, worker, {
    onObjects: async (prompts) => prompts.map(({ cut, parts }) => {
      lines.push(`new ${++last} at ${cut.axis} ${cut.index} t ${cut.t}: ${parts.mask?.box.join()}`);
      return last;
    }),
    onPrompt: async (objectId, { cut }) => void lines.push(`prompt ${objectId} at ${cut.axis} ${cut.index}`),
    onMask: ({ objectId, index, t, box }: Mask) => void lines.push(`${objectId} ${index} ${t}: ${box.join()}`),
  });
  await run.catch((error: unknown) => lines.push(error instanceof MaskletError ? error.code : String(error)));
  return lines;
}

const a: PixelBox = [0, 0, 4, 4];
const a2: PixelBox = [0, 0, 4, 3];
const far: PixelBox = [10, 0, 14, 4];
const shifted: PixelBox = [2, 0, 6, 4];

test("a new mask that lies on a known masklet is passed over, another one is not", async () => {
  const script: Script = { found: { 0: [a], 3: [a2, far] }, followed: { [a.join()]: { 0: a, 1: a, 2: a, 3: a }, [far.join()]: { 4: far } } };
  assert.deepEqual(await told(script), ["new 1 at z 0 t 0: 0,0,4,4", "1 0 0: 0,0,4,4", "1 1 0: 0,0,4,4", "1 2 0: 0,0,4,4", "1 3 0: 0,0,4,4", "new 2 at z 3 t 0: 10,0,14,4", "2 3 0: 10,0,14,4", "2 4 0: 10,0,14,4"]);
  // Both masks of plane 3 overlap by 12 of 16 pixels.
  assert.equal((await told({ found: { 0: [a], 3: [a2] }, followed: { [a.join()]: { 3: a } } }, { mergeIou: 0.76 })).includes("new 2 at z 3 t 0: 0,0,4,3"), true);
});

test("masklets that meet are the older one, which gets the planes and the prompt that it has not", async () => {
  assert.deepEqual(await told({ found: { 0: [a], 6: [a2] }, followed: { [a.join()]: { 1: a, 2: a, 3: a }, [a2.join()]: { 2: a, 3: a2, 4: a2, 5: a2 } } }), [
    "new 1 at z 0 t 0: 0,0,4,4", "1 0 0: 0,0,4,4", "1 1 0: 0,0,4,4", "1 2 0: 0,0,4,4", "1 3 0: 0,0,4,4",
    "prompt 1 at z 6", "1 4 0: 0,0,4,3", "1 5 0: 0,0,4,3", "1 6 0: 0,0,4,3",
  ]);
  const apart = await told({ found: { 0: [a], 6: [far] }, followed: { [a.join()]: { 3: a }, [far.join()]: { 3: shifted } } });
  assert.deepEqual(apart.filter((line) => line.startsWith("new")), ["new 1 at z 0 t 0: 0,0,4,4", "new 2 at z 6 t 0: 10,0,14,4"], "8 of 24 pixels are not enough");
  const twins = await told({ found: { 0: [a, shifted] }, followed: { [a.join()]: { 1: far, 2: far }, [shifted.join()]: { 1: far, 2: far } } });
  assert.deepEqual(twins, ["new 1 at z 0 t 0: 0,0,4,4", "1 0 0: 0,0,4,4", "1 1 0: 10,0,14,4", "1 2 0: 10,0,14,4"], "also of one plane, the surer first");
});

test("in time the slice stays and the frames go on; a range begins the counting", async () => {
  assert.deepEqual(await told({ found: { 1: [a], 4: [far] }, followed: { [a.join()]: { 2: a } } }, { along: "t", frame: 7, range: { start: 1, end: 5 } }), [
    "new 1 at z 7 t 1: 0,0,4,4", "1 7 1: 0,0,4,4", "1 7 2: 0,0,4,4", "new 2 at z 7 t 4: 10,0,14,4", "2 7 4: 10,0,14,4",
  ]);
});

test("what was found before a run stopped is told before its end is", async () => {
  assert.deepEqual(await told({ found: { 0: [a, far] }, followed: { [a.join()]: { 1: a, 2: a }, [far.join()]: { 1: far, 2: far } }, failAfter: 3 }), [
    "new 1 at z 0 t 0: 0,0,4,4", "new 2 at z 0 t 0: 10,0,14,4", "1 0 0: 0,0,4,4", "1 1 0: 0,0,4,4", "1 2 0: 0,0,4,4", "2 0 0: 10,0,14,4", "2 1 0: 10,0,14,4", "cancelled",
  ]);
});

test("masklets are compared on the planes that both have, all of these together", () => {
  const masklet = (planes: Readonly<Record<number, PixelBox>>): Map<number, PlaneMask> => new Map(Object.entries(planes).map(([index, box]) => [Number(index), plane(box)]));
  // 16 + 8 common pixels of 16 + 24.
  assert.equal(isSameMasklet(masklet({ 1: a, 2: a, 3: far }), masklet({ 1: a, 2: shifted, 4: a }), 0.6), true);
  assert.equal(isSameMasklet(masklet({ 1: a, 2: a, 3: far }), masklet({ 1: a, 2: shifted, 4: a }), 0.61), false);
  assert.equal(isSameMasklet(masklet({ 1: a }), masklet({ 2: a }), 0.1), false);
});

test("in time, with real looking and following: what moves keeps its id, and what is on the other slices is not seen", async () => {
  // On slice 7 a block that moves by one pixel a frame, and from frame 3 on a second one; another slice is bright as a whole.
  const isBright = (t: number, z: number, y: number, x: number): boolean => z === 2 || (z === 7 && y >= 2 && y < 7 && ((x >= 1 + t && x < 6 + t) || (t >= 3 && x >= 14 && x < 18)));
  const source = memoryVolume({ t: 5, c: 1, z: 9, y: 12, x: 20 }, (t, _c, z, y, x) => (isBright(t, z, y, x) ? 200 : 20));
  const request: StackRequest = { along: "t", frame: 7, c: 0, every: 4, mergeIou: 0.5, grid: { pointsPerSide: 8 } };
  const lines: string[] = [];
  let last = 0;
  await automaskStack({ ...scene, source, view: { range: [0, 255], invert: false, sigma: 0 } }, request, { checkRun, automask, propagate }, {
    onObjects: async (prompts) => prompts.map(() => ++last),
    onPrompt: async () => undefined,
    onMask: ({ objectId, axis, index, t, box }) => void lines.push(`${objectId} ${axis}${index} t${t} ${box.join(" ")}`),
  });
  assert.deepEqual(lines, [
    ...[0, 1, 2, 3, 4].map((t) => `1 z7 t${t} ${1 + t} 2 ${6 + t} 7`),
    ...[3, 4].map((t) => `2 z7 t${t} 14 2 18 7`),
  ]);
});
