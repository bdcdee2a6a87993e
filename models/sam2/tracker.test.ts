import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { fakeDescription, fakeSam2, fakeView } from "../../test/fake-sam2.ts";
import { coded } from "../../test/contracts/tracker.ts";
import type { FakeSam2 } from "../../test/fake-sam2.ts";
import type { RestorableTracker } from "../restorable.ts";
import { HORIZON } from "./memory-bank.ts";
import { sam2Network } from "./network.ts";

const box = { box: [12, 12, 20, 20] satisfies [number, number, number, number] };
const square = { box: [12, 12, 20, 20] satisfies [number, number, number, number], data: new Uint8Array(64).fill(1) };

function open(profile: "reference" | "masklet" = "masklet"): { tracker: RestorableTracker; fake: FakeSam2 } {
  const fake = fakeSam2();
  const network = sam2Network({ id: "fake", family: "sam2", folder: "", hash: "fake" }, fakeDescription, fake.graphs, { profile });
  return { tracker: network.createTracker((view) => network.encode(view)), fake };
}

async function walk(tracker: RestorableTracker, from: number, to: number): Promise<void> {
  const step = to >= from ? 1 : -1;
  for (let index = from; index !== to + step; index += step) await tracker.step(fakeView(index), index, step === 1 ? "forward" : "backward");
}

describe("the masklet profile", () => {
  it("sees a plane in the light of every prompted plane and of the recent ones", async () => {
    const { tracker, fake } = open();
    await tracker.setPrompt(2, box);
    await tracker.setPrompt(9, box);
    await walk(tracker, 2, 2);
    await walk(tracker, 9, 9);
    await walk(tracker, 3, 5);
    assert.deepEqual(fake.attended, [
      { memories: ["2 row 6", "9 row 6"], pointers: [2], finiteTimes: true },
      { memories: ["2 row 6", "9 row 6", "3 row 0"], pointers: [2, 3], finiteTimes: true },
      { memories: ["2 row 6", "9 row 6", "3 row 1", "4 row 0"], pointers: [2, 3, 4], finiteTimes: true },
    ]);
    assert.deepEqual(fake.remembered.map(({ plane, binarise }) => `${plane} ${binarise}`), ["2 true", "9 true", "3 false", "4 false", "5 false"]);
  });

  it("remembers six recent planes, points to fifteen, and keeps no more", async () => {
    const { tracker, fake } = open();
    await tracker.setPrompt(0, box);
    await walk(tracker, 0, 40);
    const last = fake.attended.at(-1)!;
    assert.deepEqual(last.memories, ["0 row 6", "34 row 5", "35 row 4", "36 row 3", "37 row 2", "38 row 1", "39 row 0"]);
    assert.deepEqual(last.pointers, [0, ...Array.from({ length: 15 }, (_, at) => 25 + at)]);
    const kept = Array.from({ length: 41 }, (_, index) => index).filter((index) => tracker.traces(index).length > 0);
    assert.deepEqual(kept, [0, ...Array.from({ length: HORIZON + 1 }, (_, at) => 40 - HORIZON + at)]);
  });

  it("attends to at most four prompted planes, the nearest either way among them", async () => {
    const { tracker, fake } = open();
    for (const index of [0, 10, 12, 14, 16, 40]) {
      await tracker.setPrompt(index, box);
      await walk(tracker, index, index);
    }
    await walk(tracker, 17, 17);
    assert.deepEqual(fake.attended.at(-1)!.memories, ["12 row 6", "14 row 6", "16 row 6", "40 row 6"]);
  });

  it("is not disturbed by other fronts, or by the other direction", async () => {
    const all = open();
    const one = open();
    for (const { tracker } of [all, one]) {
      for (const index of [3, 9, 15]) {
        await tracker.setPrompt(index, box);
        await walk(tracker, index, index);
      }
    }
    await walk(all.tracker, 4, 8);
    await walk(all.tracker, 8, 4);
    await walk(all.tracker, 2, 0);
    await walk(all.tracker, 10, 12);
    await walk(one.tracker, 10, 12);
    assert.deepEqual(all.fake.attended.slice(-3), one.fake.attended);
  });

  it("takes a correction for good, where the official predictor overwrites it", async () => {
    for (const profile of ["masklet", "reference"] as const) {
      const { tracker, fake } = open(profile);
      await tracker.setPrompt(0, box);
      await walk(tracker, 0, 5);
      await tracker.setPrompt(3, box);
      await walk(tracker, 3, 3);
      const before = fake.attended.length;
      await walk(tracker, 3, 4);
      const planes = fake.attended.slice(before).map(({ memories }) => memories);
      if (profile === "masklet") assert.deepEqual(planes, [["0 row 6", "3 row 6"]]);
      else assert.deepEqual(planes, [["0 row 6", "1 row 1", "2 row 0"], ["0 row 6", "1 row 2", "2 row 1", "3 row 0"]]);
    }
  });

  it("bears two planes without the object, marks its return, and ends at the third", async () => {
    const { tracker, fake } = open();
    await tracker.setPrompt(0, box);
    await walk(tracker, 0, 1);
    const gap = [await tracker.step(fakeView(2, true), 2, "forward"), await tracker.step(fakeView(3, true), 3, "forward")];
    for (const step of gap) {
      assert.equal(step.end, undefined);
      assert.deepEqual(step.mask.box, [0, 0, 0, 0]);
      assert.ok(step.presence < 0.5);
    }
    assert.deepEqual(fake.remembered.slice(-2).map(({ absent }) => absent), [true, true]);
    const back = await tracker.step(fakeView(4), 4, "forward");
    assert.ok(back.end === undefined && back.warnings.includes("gap"));
    for (const index of [5, 6]) assert.equal((await tracker.step(fakeView(index, true), index, "forward")).end, undefined);
    assert.equal((await tracker.step(fakeView(7, true), 7, "forward")).end, "lost");
    const runs = fake.attended.length;
    assert.equal((await tracker.step(fakeView(8), 8, "forward")).end, "lost", "it does not come back");
    assert.equal(fake.attended.length, runs);
  });

  it("answers a prompt even where the network sees no object", async () => {
    const { tracker, fake } = open();
    await tracker.setPrompt(0, { mask: { box: [12, 12, 14, 13], bits: Uint8Array.of(0xc0) } });
    const step = await tracker.step(fakeView(0, true), 0, "forward");
    assert.deepEqual(step.mask, { box: [12, 12, 14, 13], data: Uint8Array.of(1, 1) });
    assert.deepEqual(fake.remembered, [{ plane: 0, binarise: true, absent: false }]);
  });

  it("goes on from a mask it is told, and in another tracker from its traces", async () => {
    const { tracker, fake } = open();
    await tracker.setPrompt(0, box);
    await tracker.recall(fakeView(0), 0, "forward", square);
    await tracker.recall(fakeView(1), 1, "forward", square);
    const other = open();
    await other.tracker.setPrompt(0, box);
    other.tracker.restore(structuredClone([0, 1].flatMap((index) => [...tracker.traces(index)])));
    assert.deepEqual(await other.tracker.step(fakeView(2), 2, "forward"), await tracker.step(fakeView(2), 2, "forward"));
    assert.deepEqual(other.fake.attended, fake.attended);
    assert.deepEqual(fake.attended, [{ memories: ["0 row 6", "1 row 0"], pointers: [0, 1], finiteTimes: true }]);
  });

  it("starts from a mask when points are said beside it", async () => {
    const { tracker, fake } = open();
    await tracker.setPrompt(0, { mask: { box: [8, 8, 24, 24], bits: new Uint8Array(32).fill(255) }, points: [[16, 16, 1]] });
    await tracker.step(fakeView(0), 0, "forward");
    assert.deepEqual(fake.maskPrompts, [10]);
  });

  it("stops when told to, and has learnt nothing then", async () => {
    const { tracker, fake } = open();
    await tracker.setPrompt(0, box);
    await assert.rejects(tracker.step(fakeView(0), 0, "forward", { signal: AbortSignal.abort() }), coded("cancelled"));
    assert.deepEqual(fake.remembered, []);
    await assert.rejects(tracker.step(fakeView(1), 1, "forward"), coded("nothing_prompted"));
  });

  it("takes a decoder's answer that is not a number for a fault, not for an absent object", async () => {
    const { tracker, fake } = open();
    const decode = fake.graphs.decode.bind(fake.graphs);
    fake.graphs.decode = async (input) => ({ ...(await decode(input)), objectScores: Float32Array.of(NaN) });
    await tracker.setPrompt(0, box);
    await assert.rejects(tracker.step(fakeView(0), 0, "forward"), coded("model_failed"));
  });

  it("moves memories with a window that pans, or leaves them as it is told", async () => {
    for (const pan of ["keep", "shift"] as const) {
      const fake = fakeSam2();
      const given: number[][] = [];
      const encodeMemory: FakeSam2["graphs"]["encodeMemory"] = async () => Float32Array.from({ length: 4 * 4 * 4 }, (_, at) => Math.floor(at / 4));
      const attend: FakeSam2["graphs"]["attend"] = async (input) => {
        given.push(Array.from({ length: 16 }, (_, place) => input.memory[4 * place]!));
        return input.s2;
      };
      const network = sam2Network({ id: "fake", family: "sam2", folder: "", hash: "fake" }, fakeDescription, { ...fake.graphs, encodeMemory, attend }, { pan });
      const tracker = network.createTracker((view) => network.encode(view));
      await tracker.setPrompt(0, box);
      await tracker.step(fakeView(0), 0, "forward");
      // A quarter of the window, one of four cells, to the right.
      await tracker.step({ ...fakeView(1), box: [8, 0, 40, 32] }, 1, "forward");
      const row = pan === "keep" ? [0, 1, 2, 3] : [1, 2, 3, 3];
      assert.deepEqual(given, [[0, 4, 8, 12].flatMap((first) => row.map((at) => first + at))]);
    }
  });

  it("refuses traces of another kind", () => {
    const { tracker } = open();
    assert.throws(() => tracker.restore([{ index: 0, direction: "forward", state: { mask: 1 } }]), coded("internal"));
  });
});

describe("the reference profile", () => {
  it("lets one direction use what the other found", async () => {
    const { tracker, fake } = open("reference");
    await tracker.setPrompt(2, box);
    await walk(tracker, 2, 4);
    await tracker.step(fakeView(1), 1, "backward");
    assert.deepEqual(fake.attended.at(-1)!.memories, ["2 row 6", "4 row 2", "3 row 1"]);
  });

  it("starts a second round of clicks from the logits of the first", async () => {
    const { tracker, fake } = open("reference");
    await tracker.setPrompt(2, box);
    await tracker.step(fakeView(2), 2, "forward");
    await tracker.setPrompt(2, { points: [[16, 16, 1]] });
    await tracker.step(fakeView(2), 2, "forward");
    assert.equal(fake.maskPrompts[0], undefined);
    assert.ok(fake.maskPrompts[1]! > 0);
  });
});
