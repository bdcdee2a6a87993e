// Where nothing is mended the masklet profile finds what the official predictor finds: a film longer than any memory, from a mask.
import assert from "node:assert/strict";
import test from "node:test";
import { maskIou, packMask } from "#protocol/mask.ts";
import { withoutSmallHoles } from "#models/sam2/fill-holes.ts";
import { maskFromLogits } from "#models/sam2/mask-logits.ts";
import { sam2Network } from "#models/sam2/network.ts";
import { compileFixture, fixture } from "./compiled.ts";
import { filmView } from "./film-view.ts";
import { readTensors } from "./read-tensors.ts";
import { answersTo, scenariosOf } from "./replay.ts";

const SCENARIO = "long-from-mask";
/** As in frames.test.ts. */
const TOLERANCE = 1e-3;

for (const name of ["sam2.1_shrunken", "edgetam_shrunken"]) test(`twenty frames from a mask, as the official predictor follows them: ${name}`, async () => {
  const { installed, description, graphs } = await compileFixture(`${name}.safetensors`);
  const network = sam2Network(installed, description, graphs, { profile: "masklet" });
  const tracker = network.createTracker((view) => network.encode(view));
  const said = readTensors(fixture(`${name}.frames.safetensors`));
  const { film = [], calls } = scenariosOf(said)[SCENARIO]!;
  assert.deepEqual([film.length, calls[0]!.call], [20, "mask"]);
  const [x0, y0, x1, y1] = calls[0]!.call === "mask" ? calls[0]!.rectangle : [0, 0, 0, 0];
  await tracker.setPrompt(0, { mask: packMask({ box: [x0, y0, x1, y1], data: new Uint8Array((x1 - x0) * (y1 - y0)).fill(1) }) });

  const official = answersTo(said, SCENARIO, 1);
  for (const [at, frame] of film.entries()) {
    const view = { ...filmView(said.get("film"), frame), key: String(at) };
    const step = await tracker.step(view, at, "forward");
    const presence = 1 / (1 + Math.exp(-official.score(at)));
    assert.ok(Math.abs(step.score - official.iou(at)) <= TOLERANCE, `frame ${at}: score ${step.score}, officially ${official.iou(at)}`);
    assert.ok(Math.abs(step.presence - presence) <= TOLERANCE, `frame ${at}: presence ${step.presence}, officially ${presence}`);
    // Officially holes are filled where CUDA is, so the reference was made without.
    const { mask } = maskFromLogits(withoutSmallHoles(official.logits(at)), view.box);
    assert.ok(maskIou(step.mask, mask) >= 0.99, `frame ${at}: mask`);
  }
});
