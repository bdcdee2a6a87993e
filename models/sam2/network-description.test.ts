import assert from "node:assert/strict";
import test from "node:test";
import type { Sam2Config } from "./config.ts";
import { COMPILER_VERSION, encodeNetworkDescription, parseNetworkDescription, readNetworkDescription, type NetworkDescription } from "./network-description.ts";

const config: Sam2Config = {
  imageSize: 64,
  trunk: { kind: "hiera", embedDim: 8, blocks: [1, 2, 3, 1], heads: [1, 2, 4, 8], windows: [8, 4, 14, 7], globalBlocks: [4], positionGrid: 7, windowPositionGrid: 8 },
  width: 3, memoryWidth: 2, maskPromptWidth: 4,
  decoder: { layers: 2, heads: 1, mlpWidth: 6 }, memoryAttention: { layers: 4, mlpWidth: 5 },
  perceiver: undefined, fuserLayers: 2, memoryFrames: 2, maxPointers: 16, occlusionMemory: true, pointerTime: false,
};
const description: NetworkDescription = {
  compilerVersion: COMPILER_VERSION,
  sourceSha256: "0123456789abcdef".repeat(4),
  int8: false,
  config,
  constants: {
    noMemory: Float32Array.of(0.1, -1e-30, 3),
    temporal: Float32Array.of(1, 2, 3, 1 / 3),
    noObjectPointer: Float32Array.of(4, 5, 6),
    maskDownsample: { weight: Float32Array.from({ length: 16 }, (_, index) => index / 7), bias: 0.25 },
  },
};

test("a description is read as it was written, to the last bit", () => {
  assert.deepEqual(parseNetworkDescription(encodeNetworkDescription(description), "m"), description);
  const unnamed = { ...description, sourceSha256: undefined };
  assert.deepEqual(parseNetworkDescription(encodeNetworkDescription(unnamed), "m"), unnamed);
});

test("EdgeTAM's too, which has another trunk and a perceiver", () => {
  const edgetam = { ...description, config: { ...config, trunk: { kind: "repvit", embedDim: 48, blocks: [2, 2, 14, 2] }, perceiver: { layers: 2, loose: 256, side: 16 } } } satisfies NetworkDescription;
  assert.deepEqual(parseNetworkDescription(encodeNetworkDescription(edgetam), "m"), edgetam);
});

test("what is not a description is refused, saying where", async () => {
  const edited = (edit: (text: string) => string) => () => parseNetworkDescription(edit(encodeNetworkDescription(description)), "m");
  assert.throws(edited(() => "{"), { code: "model_damaged", message: /not JSON/ });
  assert.throws(edited(() => "[]"), { code: "model_damaged" });
  assert.throws(edited((text) => text.replace('"embedDim": 8', '"embedDim": -8')), { message: /config\.trunk\.embedDim is missing or wrong/ });
  assert.throws(edited((text) => text.replace('"hiera"', '"vit"')), { message: /config\.trunk\.kind is missing or wrong/ });
  assert.throws(edited((text) => text.replace('"fuserLayers"', '"perceiver": { "layers": 2 }, "fuserLayers"')), { message: /config\.perceiver\.loose is missing or wrong/ });
  assert.throws(edited((text) => text.replace('"bias": 0.25', '"bias": null')), { message: /constants\.maskDownsample\.bias/ });
  assert.throws(edited((text) => text.replace(`"compilerVersion": ${COMPILER_VERSION}`, '"compilerVersion": 9999')), { message: /version 9999 of the compiler/ });
  assert.throws(edited((text) => text.replace('"width": 3', '"width": 4')), { message: /constants\.noMemory/ });
  await assert.rejects(readNetworkDescription("/nowhere", "m"), { code: "model_damaged" });
});
