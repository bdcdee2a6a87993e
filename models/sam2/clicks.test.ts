import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { coded } from "../../test/contracts/tracker.ts";
import { fakeDescription, fakeSam2, fakeView } from "../../test/fake-sam2.ts";
import type { ClicksRequest } from "../tracker.ts";
import { answerClicks } from "./clicks.ts";
import type { DecoderInput } from "./graphs.ts";
import { imageInput } from "./input.ts";

const all: ClicksRequest = { points: [[16, 16]], multimask: true, refine: false, scoreThreshold: 0, stabilityThreshold: 0, stabilityOffset: 1 };

async function click(request: Partial<ClicksRequest>, signal?: AbortSignal) {
  const { graphs } = fakeSam2();
  const runs: DecoderInput[] = [];
  const decode = (input: DecoderInput) => {
    runs.push(input);
    return graphs.decode(input);
  };
  const features = await graphs.encodeImage(imageInput(fakeView(0), fakeDescription.config.imageSize));
  return { found: await answerClicks({ decode, description: fakeDescription }, features, fakeView(0), { ...all, ...request }, { signal }), runs };
}

describe("answerClicks", () => {
  it("gives a click's three alternatives, or its one mask, in plane pixels", async () => {
    const { found, runs } = await click({});
    assert.deepEqual(found.map(({ score }) => Math.round(score * 10)), [7, 9, 6]);
    assert.deepEqual(found[0]!.mask.box, [12, 12, 20, 20]);
    // Plane pixel 16 is the middle of the 64 model pixels; a padding point follows.
    assert.deepEqual([...runs[0]!.points], [31.5, 31.5, 0, 0]);
    assert.deepEqual([...runs[0]!.labels], [1, -1]);
    assert.equal((await click({ multimask: false })).found.length, 1);
  });

  it("keeps masks above the score and at least as stable as asked", async () => {
    assert.equal((await click({ scoreThreshold: 0.65 })).found.length, 2);
    const { stability } = (await click({})).found[0]!;
    assert.ok(stability > 0 && stability < 1);
    assert.equal((await click({ stabilityThreshold: stability })).found.length, 3);
    assert.equal((await click({ stabilityThreshold: stability + 0.001 })).found.length, 0);
  });

  it("decodes 64 prompts at a time and keeps their order", async () => {
    const points = Array.from({ length: 70 }, (_, at) => [at / 4, 1] satisfies [number, number]);
    const { found, runs } = await click({ points, multimask: false });
    assert.deepEqual(runs.map(({ batch }) => batch), [64, 6]);
    assert.deepEqual(found.map(({ point }) => point), points);
  });

  it("refines each mask from its own logits, as one unambiguous prompt", async () => {
    const { found, runs } = await click({ points: [[16, 16], [13, 13]], refine: true });
    assert.deepEqual(runs.map(({ batch }) => batch), [2, 6]);
    assert.deepEqual([...runs[1]!.points.filter((_, at) => at % 4 === 0)], [31.5, 31.5, 31.5, 25.5, 25.5, 25.5]);
    assert.equal(runs[1]!.maskPrompt?.length, 6 * 256);
    assert.ok(found.length === 6 && found.every(({ score }) => Math.abs(score - 0.8) < 1e-6));
  });

  it("stops when told to", async () => {
    await assert.rejects(click({}, AbortSignal.abort()), coded("cancelled"));
  });
});
