// Films tracked by our reference profile against the official predictor: every prompt's and every frame's logits, score,
// expected overlap and pointer, faults included. Made by fixtures/make/sam2.
import assert from "node:assert/strict";
import test from "node:test";
import type { Output } from "#models/sam2/reference-video.ts";
import { compileFixture, fixture } from "./compiled.ts";
import { maskOverlap, relativeDifference } from "./difference.ts";
import { readTensors } from "./read-tensors.ts";
import { answersTo, filmOf, replay, scenariosOf } from "./replay.ts";
import type { Answers } from "./replay.ts";

/**
 * In parts of the greatest value. Memories are rounded to bfloat16, and where one rounds the other way tracked frames move: PyTorch by up
 * to 7e-4 from itself when its images change by two millionths, ours by 6e-5 from PyTorch here. Deliberate faults (a pointer left
 * out, codes of time exchanged, a memory not binarised) moved them by 2e-3 to 6e-1.
 */
const TOLERANCE = 1e-3;
/** Scores were set to lie about 4 from the threshold; one near it has no greatest value to be compared with. */
const USUAL_SCORE = 4;

for (const generation of ["sam2.1", "sam2", "edgetam"] as const) {
  test(generation, async (t) => {
    const compiled = await compileFixture(`${generation}_shrunken.safetensors`);
    const said = readTensors(fixture(`${generation}_shrunken.frames.safetensors`));
    for (const [name, scenario] of Object.entries(scenariosOf(said))) {
      await t.test(name, async () => {
        const { make } = replay(compiled, filmOf(scenario, said.get("film")), scenario.corrections_condition ?? false);
        for (const [at, call] of scenario.calls.entries()) {
          const outputs = await make(call);
          if (outputs.length > 0) compare(outputs, answersTo(said, name, at), `call ${at} (${call.call})`);
        }
      });
    }
  });
}

function compare(outputs: readonly Output[], theirs: Answers, where: string): void {
  assert.equal(outputs.length, theirs.frames.length);
  for (const [row, ours] of outputs.entries()) {
    const frame = `${where}, frame ${theirs.frames[row]}`;
    near(ours.logits, theirs.logits(row), `${frame}: logits`);
    near(ours.pointer, theirs.pointer(row), `${frame}: pointer`);
    near(Float32Array.of(ours.objectScore, USUAL_SCORE), Float32Array.of(theirs.score(row), USUAL_SCORE), `${frame}: object score`);
    near(Float32Array.of(ours.iou), Float32Array.of(theirs.iou(row)), `${frame}: expected overlap`);
    assert.ok(maskOverlap(ours.logits, theirs.logits(row)) >= 0.99, `${frame}: mask`);
  }
}

function near(ours: Float32Array, theirs: Float32Array, what: string): void {
  const difference = relativeDifference(ours, theirs);
  assert.ok(difference <= TOLERANCE, `${what} differs by ${difference.toExponential(2)}`);
}
