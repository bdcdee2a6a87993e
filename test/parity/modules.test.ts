// Each compiled graph against the official module, alone: equal inputs, all outputs. Made by fixtures/make/sam2.
import assert from "node:assert/strict";
import test from "node:test";
import type { Decoded } from "#models/sam2/graphs.ts";
import { compileFixture, fixture } from "./compiled.ts";
import type { Compiled } from "./compiled.ts";
import { relativeDifference } from "./difference.ts";
import { readTensors } from "./read-tensors.ts";
import type { Tensors } from "./read-tensors.ts";

/** In parts of the greatest value. Float32 sums in another order; measured at most 9e-6. */
const TOLERANCE = 5e-5;

const networks = [
  { title: "2.1, windows that pad", weights: "sam2.1_shrunken.safetensors", reference: "sam2.1_shrunken.modules-128.safetensors", imageSize: undefined },
  { title: "2.1, windows that fit", weights: "sam2.1_shrunken.safetensors", reference: "sam2.1_shrunken.modules-192.safetensors", imageSize: 192 },
  { title: "EdgeTAM", weights: "edgetam_shrunken.safetensors", reference: "edgetam_shrunken.modules-128.safetensors", imageSize: undefined },
  { title: "EdgeTAM, larger windows", weights: "edgetam_shrunken.safetensors", reference: "edgetam_shrunken.modules-192.safetensors", imageSize: 192 },
  { title: "2.0", weights: "sam2_shrunken.safetensors", reference: "sam2_shrunken.modules-128.safetensors", imageSize: undefined },
];

for (const { title, weights, reference, imageSize } of networks) {
  test(title, async (t) => {
    const compiled = await compileFixture(weights, imageSize);
    const said = readTensors(fixture(reference));
    const cases = new Set(said.names().filter((name) => name.split(".").length === 3).map((name) => name.slice(0, name.lastIndexOf("."))));
    for (const name of [...cases].sort()) {
      await t.test(name, async () => {
        const answers = await answersOf(name, compiled, said);
        assert.ok(Object.keys(answers).length > 0);
        for (const [output, ours] of Object.entries(answers)) {
          const difference = relativeDifference(ours, said.get(`${name}.${output}`).data);
          assert.ok(difference <= TOLERANCE, `${output} differs by ${difference.toExponential(2)}`);
        }
      });
    }
  });
}

async function answersOf(name: string, { graphs }: Compiled, said: Tensors): Promise<Record<string, Float32Array>> {
  const given = (input: string) => said.get(`${name}.${input}`);
  const encoded = (output: string) => said.get(`image-encoder.image.${output}`).data;
  const features = { s0: encoded("s0"), s1: encoded("s1"), s2: encoded("s2") };
  if (name.startsWith("image-encoder")) return { ...(await graphs.encodeImage(given("image").data)) };
  if (name.startsWith("mask-decoder")) {
    const maskPrompt = given("has_mask").data[0] === 1 ? given("mask_prompt").data : undefined;
    const { data: points, dims } = given("points");
    return namedOutputs(await graphs.decode({ conditioned: said.get("features").data, features, points, labels: given("labels").data, batch: dims[0]!, maskPrompt }));
  }
  if (name.startsWith("memory-encoder")) {
    const [binarise, absent] = [given("binarise").data[0] === 1, given("absent").data[0] === 1];
    return { memory: await graphs.encodeMemory({ s2: features.s2, logits: said.get("logits").data, binarise, absent }) };
  }
  const conditioned = await graphs.attend({
    s2: features.s2, memory: given("memory").data, temporal: given("temporal").data, pointers: given("pointers").data, pointerTimes: given("pointer_time").data,
  });
  return { conditioned };
}

function namedOutputs({ masks, ious, pointers, objectScores }: Decoded): Record<string, Float32Array> {
  return { masks, ious, pointers, object_score: objectScores };
}
