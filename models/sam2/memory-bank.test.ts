// What the masklet profile promises of its state, on a compiled network: shrunken and of weights that were drawn, not trained,
// so its masks mean nothing, but they must not depend on what they should not depend on.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { OneWay, PromptParts } from "#protocol/types.ts";
import { compileFixture, fixture } from "../../test/parity/compiled.ts";
import { readTensors } from "../../test/parity/read-tensors.ts";
import type { RestorableTracker } from "../restorable.ts";
import type { Step, View } from "../tracker.ts";
import { sam2Network } from "./network.ts";

const compiled = await compileFixture("sam2.1_shrunken.safetensors");
const encoded = new Map<string, Promise<Float32Array>>();

function open(): RestorableTracker {
  const network = sam2Network(compiled.installed, compiled.description, compiled.graphs);
  return network.createTracker((view) => {
    const known = encoded.get(view.key) ?? network.encode(view);
    encoded.set(view.key, known);
    return known;
  });
}

const film = readTensors(fixture("sam2.1_shrunken.frames.safetensors")).get("film");

/** The ten frames of the film, there and back for ever: the network sees its object on all of them. */
function plane(index: number): View {
  const at = index % 18 > 9 ? 18 - (index % 18) : index % 18;
  const [, height, width] = film.dims;
  const pixels = film.data.slice(at * width! * height!, (at + 1) * width! * height!);
  return { window: { u0: 0, v0: 0, width: width!, height: height! }, box: [0, 0, width!, height!], width: width!, height: height!, channels: 1, pixels, key: `film ${at}` };
}

const box: PromptParts = { box: [22, 28.5, 76, 81] };
const click: PromptParts = { points: [[62, 60, 1], [20, 100, 0]] };

async function walk(tracker: RestorableTracker, from: number, to: number): Promise<Step[]> {
  const [sign, direction]: [number, OneWay] = to >= from ? [1, "forward"] : [-1, "backward"];
  const steps: Step[] = [];
  for (let index = from; index !== to + sign; index += sign) steps.push(await tracker.step(plane(index), index, direction));
  return steps;
}

async function prompt(tracker: RestorableTracker, index: number, parts: PromptParts = box): Promise<Step> {
  await tracker.setPrompt(index, parts);
  return tracker.step(plane(index), index, "forward");
}


/** Steps that all found something, so that comparing them says something. */
function alive(steps: readonly Step[]): readonly Step[] {
  assert.ok(steps.every((step) => step.end === undefined && step.mask.data.length > 0));
  return steps;
}

describe("the masklet profile on a network", () => {
  it("finds in one gap what it finds when all are walked", async () => {
    const [all, one] = [open(), open()];
    for (const tracker of [all, one]) for (const index of [0, 6, 12]) await prompt(tracker, index);
    await walk(all, 1, 3);
    await walk(all, 5, 4);
    await walk(all, 13, 16);
    const found = [await walk(all, 7, 9), await walk(all, 11, 10)];
    assert.deepEqual([await walk(one, 7, 9), await walk(one, 11, 10)], found.map(alive));
  });

  it("does not let objects disturb each other", async () => {
    const [first, second, alone] = [open(), open(), open()];
    for (const tracker of [first, alone]) await prompt(tracker, 0);
    await prompt(second, 0, click);
    const steps: Step[] = [];
    for (let index = 1; index < 6; index++) {
      steps.push(...(await walk(first, index, index)));
      await walk(second, index, index);
    }
    assert.deepEqual(steps, alive(await walk(alone, 1, 5)));
  });

  it("goes on from its traces at any plane as if nothing had happened", async () => {
    const whole = open();
    for (const prompted of [0, 9]) await prompt(whole, prompted);
    for (let index = 1; index < 9; index++) {
      const tracker = open();
      for (const prompted of [0, 9]) await tracker.setPrompt(prompted, box);
      tracker.restore(structuredClone(Array.from({ length: 10 }, (_, at) => whole.traces(at)).flat()));
      assert.deepEqual(await walk(tracker, index, index), alive(await walk(whole, index, index)), `plane ${index}`);
    }
  });

  it("keeps as much after sixty planes as after thirty", async () => {
    const tracker = open();
    await prompt(tracker, 0);
    const kept = () => Array.from({ length: 61 }, (_, index) => tracker.traces(index)).filter((traces) => traces.length > 0).length;
    alive(await walk(tracker, 1, 30));
    assert.equal(kept(), 1 + 1 + tracker.horizon);
    alive(await walk(tracker, 31, 60));
    assert.equal(kept(), 1 + 1 + tracker.horizon);
  });
});
