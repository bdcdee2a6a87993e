// Real confocal nuclei, real weights: one box on one slice, followed through the stack, against the labels people drew.
import assert from "node:assert/strict";
import { join } from "node:path";
import test from "node:test";
import { createInProcessModels } from "#models/host/in-process.ts";
import type { Box, Mask } from "#protocol/types.ts";
import { unpackMask } from "#protocol/mask.ts";
import { freezeView } from "#server/segmentation/freeze-view.ts";
import { propagate } from "#server/segmentation/propagate.ts";
import { openVolume } from "#server/volumes/open-volume.ts";
import { realData } from "../tools.ts";
import { ensureWeights, weightsHome, weightsModel } from "../weights.ts";

const { folder, skip } = realData();
/** A nucleus in the middle of the embryo. */
const nucleus = 10;

test("a nucleus of a mouse embryo is found from one box", { skip, timeout: 300_000 }, async () => {
  await ensureWeights();
  const raw = await openVolume(join(folder, "bbbc050-embryo/raw/Emb06_t401.tif"));
  const truth = await openVolume(join(folder, "bbbc050-embryo/gt/Emb06_t401.tif"));
  const { z: depth, y: height, x: width } = truth.shape;
  const labels = Uint16Array.from(await truth.read({ t: 0, c: 0, z: [0, depth], y: [0, height], x: [0, width] }));
  const plane = (z: number) => labels.subarray(z * height * width, (z + 1) * height * width);
  const areas = Array.from({ length: depth }, (_, z) => plane(z).reduce((sum, id) => sum + Number(id === nucleus), 0));
  const largest = areas.indexOf(Math.max(...areas));
  const box: Box = [width, height, 0, 0];
  plane(largest).forEach((id, at) => {
    if (id !== nucleus) return;
    const [x, y] = [at % width, Math.floor(at / width)];
    box.splice(0, 4, Math.min(box[0], x), Math.min(box[1], y), Math.max(box[2], x + 1), Math.max(box[3], y + 1));
  });

  const models = createInProcessModels({ home: weightsHome() });
  const masks: Mask[] = [];
  const scene = { source: raw, view: await freezeView(raw, undefined), trackers: models, model: weightsModel, window: "object" as const };
  const objects = [{ objectId: 1, prompts: [{ cut: { axis: "z" as const, index: largest }, parts: { box } }] }];
  const { ends } = await propagate(scene, { objects, along: "z", direction: "both" }, { onMask: (mask) => void masks.push(mask), onEnd: () => undefined });
  await raw.close();
  await truth.close();

  let both = 0;
  let found = 0;
  for (const mask of masks) {
    const { box: [u0, v0, u1], data } = unpackMask(mask);
    data.forEach((pixel, at) => {
      found += pixel;
      const onPlane = (v0 + Math.floor(at / (u1 - u0))) * width + u0 + (at % (u1 - u0));
      if (pixel === 1 && plane(mask.index)[onPlane] === nucleus) both++;
    });
  }
  const dice = (2 * both) / (found + areas.reduce((sum, area) => sum + area, 0));
  assert.ok(dice > 0.7, `Dice ${dice.toFixed(3)}`);
  assert.equal(ends.length, 2);
  assert.ok(ends.every((end) => end.reason !== "volume-edge"), "it ends before the volume does");
});
