// A fine-tuned file compiles, and finds in TypeScript what PyTorch finds with it: the same stacks, prompts, windows and view, on one plane and
// through the stack. Expected masks are made by fixtures/make/finetune.
import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { after } from "node:test";
import { fileURLToPath } from "node:url";
import { createModelStore } from "#models/registry/store.ts";
import { openSam2Network } from "#models/sam2/network.ts";
import type { TrackerSource } from "#models/tracker.ts";
import { unpackMask } from "#protocol/mask.ts";
import type { Box, Mask, Point } from "#protocol/types.ts";
import { propagate } from "#server/segmentation/propagate.ts";
import { segmentPlane } from "#server/segmentation/segment-plane.ts";
import type { Scene } from "#server/segmentation/contract.ts";
import { openVolume } from "#server/volumes/open-volume.ts";

const folder = fileURLToPath(new URL("../../fixtures/finetune/", import.meta.url));

/** As make_fixtures.py writes it. */
interface Case {
  readonly object: number;
  readonly plane: number;
  readonly box?: Box;
  readonly points?: Point[];
  /** The network's estimate of the overlap. */
  readonly score: number;
  readonly dice: number;
  readonly clipDice: number;
  /** Plane -> a bit a pixel of the whole plane, base64. */
  readonly masks: Readonly<Record<string, string>>;
}

interface Expected {
  readonly shape: readonly [number, number, number];
  readonly stacks: readonly { readonly image: string; readonly labels: string; readonly range: [number, number]; readonly sigma: number }[];
  readonly networks: Readonly<Record<string, readonly (readonly Case[])[]>>;
}

const expected: Expected = JSON.parse(await readFile(join(folder, "expected.json"), "utf8"));
const [planes, rows, columns] = expected.shape;
const home = await mkdtemp(join(tmpdir(), "masklet-finetune-"));
after(() => rm(home, { recursive: true, force: true, maxRetries: 5 }));

/** One byte a pixel of a whole plane. */
function bytesOf(bits: string | undefined): Uint8Array {
  const packed = Buffer.from(bits ?? "", "base64");
  return Uint8Array.from({ length: rows * columns }, (_, at) => ((packed[at >> 3] ?? 0) >> (7 - (at & 7))) & 1);
}

function wholePlane(mask: Mask | undefined): Uint8Array {
  const whole = new Uint8Array(rows * columns);
  if (mask === undefined) return whole;
  const { box: [u0, v0, u1, v1], data } = unpackMask(mask);
  for (let v = v0, at = 0; v < v1; v++) for (let u = u0; u < u1; u++, at++) whole[v * columns + u] = data[at]!;
  return whole;
}

function overlap(a: readonly Uint8Array[], b: readonly Uint8Array[]): { iou: number; dice: number } {
  let [both, sum] = [0, 0];
  a.forEach((plane, at) => plane.forEach((pixel, index) => {
    both += pixel & b[at]![index]!;
    sum += pixel + b[at]![index]!;
  }));
  return sum === 0 ? { iou: 1, dice: 1 } : { iou: both / (sum - both), dice: (2 * both) / sum };
}

for (const [name, stacks] of Object.entries(expected.networks)) {
  test(`${name}: masks and scores are PyTorch's, and so is their Dice`, async () => {
    const store = createModelStore({ home });
    const { model } = await store.add({ source: join(folder, name), int8: false, id: name.includes("small") ? "small" : "tuned" });
    const network = await openSam2Network({ id: model.id, family: "sam2", folder: join(home, "models", model.id), hash: name }, { provider: "cpu" });
    const trackers: TrackerSource = {
      openTracker: async () => network.createTracker((view) => network.encode(view)),
      clicks: async (_model, view, request) => network.clicks(await network.encode(view), view, request),
      encodeAhead: async () => undefined,
    };
    const dice = { ours: [] as number[], theirs: [] as number[] };
    try {
      for (const [at, cases] of stacks.entries()) {
        const { image, labels, range, sigma } = expected.stacks[at]!;
        const [source, truth] = [await openVolume(join(folder, image)), await openVolume(join(folder, labels))];
        const ids = await truth.read({ t: 0, c: 0, z: [0, planes], y: [0, rows], x: [0, columns] });
        const scene: Scene = { source, view: { range, invert: false, sigma }, trackers, model: model.id, window: "object" };
        for (const one of cases) {
          const what = `${name}, ${image}, object ${one.object}, ${one.box === undefined ? "click" : "box"}`;
          const parts = { ...(one.box === undefined ? {} : { box: one.box }), ...(one.points === undefined ? {} : { points: one.points }) };
          const cut = { axis: "z" as const, index: one.plane };
          const { mask } = await segmentPlane(scene, { objectId: one.object, cut, parts, multimask: false }, {});
          const single = overlap([wholePlane(mask)], [bytesOf(one.masks[one.plane])]);
          assert.ok(single.iou >= 0.99, `${what}: IoU ${single.iou} on plane ${one.plane}`);
          assert.ok(Math.abs(mask.score - one.score) < 2e-3, `${what}: score ${mask.score}, PyTorch's ${one.score}`);

          const found = new Map<number, Mask>();
          await propagate(scene, { objects: [{ objectId: one.object, prompts: [{ cut, parts }] }], along: "z", direction: "both" }, { onMask: (seen) => void found.set(seen.index, seen), onEnd: () => undefined });
          const ours = Array.from({ length: planes }, (_, z) => wholePlane(found.get(z)));
          const theirs = Array.from({ length: planes }, (_, z) => bytesOf(one.masks[z]));
          const through = overlap(ours, theirs);
          assert.ok(through.iou >= 0.99, `${what}: IoU ${through.iou} through the stack`);
          const right = Array.from({ length: planes }, (_, z) => Uint8Array.from({ length: rows * columns }, (_, pixel) => Number(ids[z * rows * columns + pixel] === one.object)));
          dice.ours.push(overlap([ours[one.plane]!], [right[one.plane]!]).dice, overlap(ours, right).dice);
          dice.theirs.push(one.dice, one.clipDice);
        }
        await source.close();
        await truth.close();
      }
    } finally {
      await network.close();
    }
    const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value) / values.length;
    assert.ok(Math.abs(mean(dice.ours) - mean(dice.theirs)) < 1e-3, `mean Dice ${mean(dice.ours)}, PyTorch's ${mean(dice.theirs)}`);
    // The trained network's masks mean something.
    if (model.id === "small") assert.ok(mean(dice.ours) > 0.7, `mean Dice ${mean(dice.ours)}`);
  });
}
