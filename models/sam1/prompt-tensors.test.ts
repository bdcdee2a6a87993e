import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { packMask } from "#protocol/mask.ts";
import { LOGIT_SIDE, netFrame } from "./net-frame.ts";
import { decoderPrompt, promptTensors } from "./prompt-tensors.ts";

/** 64 x 32 plane pixels at (100, 50): 16 input pixels each, 4 logits. */
const frame = netFrame({ box: [100, 50, 164, 82], width: 64, height: 32 });

describe("promptTensors", () => {
  it("gives a box as two labelled corners, half an input pixel less than the corner", () => {
    const said = promptTensors({ box: [102, 54, 110, 60] }, frame);
    assert.deepEqual([...said.coords], [31.5, 63.5, 159.5, 159.5]);
    assert.deepEqual([...said.labels], [2, 3]);
    assert.equal(said.hasMask, false);
  });

  it("adds one padding point where there is no box", () => {
    const said = promptTensors({ points: [[101, 51, 1], [103, 52, 0]] }, frame);
    assert.deepEqual([...said.coords], [15.5, 15.5, 47.5, 31.5, 0, 0]);
    assert.deepEqual([...said.labels], [1, 0, -1]);
    assert.equal(said.count, 3);
  });

  it("puts points before the box", () => {
    assert.deepEqual([...promptTensors({ points: [[101, 51, 1]], box: [100, 50, 101, 51] }, frame).labels], [1, 2, 3]);
  });

  it("maps a mask's pixels onto the logits they cover", () => {
    const said = promptTensors({ mask: { box: [101, 51, 103, 52], data: Uint8Array.of(1, 0) } }, frame);
    assert.equal(said.hasMask, true);
    assert.equal(said.mask.filter((logit) => logit === 6).length, 16);
    assert.equal(said.mask[4 * LOGIT_SIDE + 4], 6);
    assert.equal(said.mask[7 * LOGIT_SIDE + 7], 6);
    assert.equal(said.mask[4 * LOGIT_SIDE + 8], -6);
    assert.equal(said.mask.filter((logit) => logit === -6).length, LOGIT_SIDE * LOGIT_SIDE - 16);
  });

  it("keeps a line one pixel wide when many pixels share a logit", () => {
    const wide = netFrame({ box: [0, 0, 2048, 2048], width: 1024, height: 1024 });
    const said = promptTensors({ mask: { box: [801, 400, 802, 480], data: new Uint8Array(80).fill(1) } }, wide);
    for (let y = 50; y < 60; y++) assert.equal(said.mask[y * LOGIT_SIDE + 100], 6);
    assert.equal(said.mask.filter((logit) => logit === 6).length, 10);
  });
});

describe("decoderPrompt", () => {
  it("passes a box and points through", () => {
    assert.deepEqual(decoderPrompt({ box: [102, 54, 110, 60], points: [[105, 55, 0]] }, frame), { box: [102, 54, 110, 60], points: [[105, 55, 0]] });
  });

  it("makes of a polygon a mask, its box and a point inside", () => {
    const said = decoderPrompt({ polygon: [[110, 60], [115, 60], [115, 63], [110, 63]] }, frame);
    assert.deepEqual(said.box, [110, 60, 115, 63]);
    assert.deepEqual(said.mask?.box, [110, 60, 115, 63]);
    assert.equal(said.mask?.data.every((bit) => bit === 1), true);
    assert.equal(said.points?.length, 1);
    assert.equal(said.points?.[0]?.[1], 61.5);
  });

  it("takes a mask's own pixels, and lets a box and a positive point given beside it stand", () => {
    const mask = packMask({ box: [110, 60, 113, 62], data: Uint8Array.of(1, 1, 0, 0, 1, 1) });
    const said = decoderPrompt({ mask: { box: mask.box, bits: mask.bits }, box: [109, 59, 114, 63], points: [[112.5, 61.5, 1]] }, frame);
    assert.deepEqual(said.box, [109, 59, 114, 63]);
    assert.deepEqual(said.points, [[112.5, 61.5, 1]]);
    assert.deepEqual([...said.mask!.data], [1, 1, 0, 0, 1, 1]);
  });

  it("puts its point where a ring is thickest, never in the hole", () => {
    const data = new Uint8Array(9 * 7).fill(1);
    for (let v = 1; v < 6; v++) for (let u = 1; u < 5; u++) data[v * 9 + u] = 0;
    const { box, bits } = packMask({ box: [110, 60, 119, 67], data });
    const [u, v] = decoderPrompt({ mask: { box, bits } }, frame).points![0]!;
    assert.equal(data[Math.floor(v - 60) * 9 + Math.floor(u - 110)], 1);
    assert.ok(u > 115 && u < 118);
  });
});
