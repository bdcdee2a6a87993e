import assert from "node:assert/strict";
import test from "node:test";
import { createGraph } from "../../onnx/graph.ts";
import { wholeModel } from "../../onnx/whole-model.ts";
import { openGraph } from "../../runtime/session.ts";
import { channelsLastKernel, pixelOfKernel, upscaledMasks } from "./mask-upscaling.ts";

const UPSCALING = "sam_mask_decoder.output_upscaling";
const SIDE = 2;
// 8 channels on the grid, 2 halfway, 1 at last.
const shapes: Record<string, readonly number[]> = {
  [`${UPSCALING}.0.weight`]: [8, 2, 2, 2], [`${UPSCALING}.0.bias`]: [2], [`${UPSCALING}.1.weight`]: [2], [`${UPSCALING}.1.bias`]: [2],
  [`${UPSCALING}.3.weight`]: [2, 1, 2, 2], [`${UPSCALING}.3.bias`]: [1],
};

/** Masks [2][8 x 8] of one item, with filters 1 and -2. */
async function masksOf(weights: Record<string, readonly number[]>, places: Float32Array, s0: Float32Array, s1: Float32Array): Promise<Float32Array> {
  const tensors = {
    shape: (name: string) => shapes[name]!,
    read: async (name: string) => Float32Array.from({ length: shapes[name]!.reduce((product, dim) => product * dim, 1) }, (_, at) => weights[name]?.[at] ?? (name.endsWith("1.weight") ? 1 : 0)),
  };
  const graph = createGraph("upscaling");
  const inputs = [graph.input("places", ["B", SIDE * SIDE, 8]), graph.input("s0", [1, 1, 8, 8]), graph.input("s1", [1, 2, 4, 4]), graph.input("filters", ["B", 2, 1])] as const;
  graph.output("masks", upscaledMasks(graph, { imageSize: 16 * SIDE }, tensors, ...inputs), ["B", 2, 8, 8]);
  const run = await openGraph(await wholeModel(graph), { model: "test" });
  const { masks } = await run.run({
    places: { data: places, dims: [1, 4, 8] }, s0: { data: s0, dims: [1, 1, 8, 8] }, s1: { data: s1, dims: [1, 2, 4, 4] }, filters: { data: Float32Array.of(1, -2), dims: [1, 2, 1] },
  });
  await run.close();
  assert.deepEqual(masks!.dims, [1, 2, 8, 8]);
  return masks!.data;
}

const places = () => new Float32Array(32);

test("every pixel of the finest features lands where it was, in every mask", async () => {
  // From 10 on GELU changes nothing that a float32 could hold.
  const s0 = Float32Array.from({ length: 64 }, (_, at) => 10 + at);
  const masks = await masksOf({ [`${UPSCALING}.3.bias`]: [0.5] }, places(), s0, new Float32Array(32));
  assert.deepEqual(masks, Float32Array.from([...s0.map((value) => value + 0.5), ...s0.map((value) => -2 * (value + 0.5))]));
});

test("the halfway features and both kernels keep rows, columns and pixels apart", async () => {
  // The norm makes 1 and -1 of two unequal channels; a factor of 100 makes each pixel either 100 g or 0, g = GELU(1).
  const s1 = new Float32Array(32);
  const marked = [0, 3, 6, 9];
  for (let at = 0; at < 16; at++) {
    s1[at] = marked.includes(at) ? 5 : -5;
    s1[16 + at] = -s1[at]!;
  }
  // The first kernel adds to the lower right pixel of the last place alone, and turns its sign.
  const first = Array.from({ length: 64 }, () => 0);
  first[3] = 20;
  first[7] = -20;
  const grid = places();
  grid[3 * 8] = 1;
  // The second kernel weighs the four pixels of a block by 100, 200, 300, 400.
  const masks = await masksOf({ [`${UPSCALING}.0.weight`]: first, [`${UPSCALING}.3.weight`]: [100, 200, 300, 400, 0, 0, 0, 0] }, grid, new Float32Array(64), s1);
  const gelu1 = 0.8413447;
  for (let y = 0; y < 8; y++) {
    for (let x = 0; x < 8; x++) {
      const half = (y >> 1) * 4 + (x >> 1);
      const positive = marked.includes(half) || half === 15;
      const weight = 100 * (2 * (y & 1) + (x & 1) + 1);
      // GELU(-1) is -0.1586553, which hundredfold is nothing after the last GELU.
      assert.ok(Math.abs(masks[y * 8 + x]! - (positive ? weight * gelu1 : 0)) < 1e-3, `${y}, ${x}: ${masks[y * 8 + x]}`);
    }
  }
});

test("kernels as rows of a block's pixels, and one pixel of them", () => {
  const kernel = Float32Array.of(0, 1, 2, 3, 10, 11, 12, 13, 100, 101, 102, 103, 110, 111, 112, 113);
  assert.deepEqual(channelsLastKernel(kernel, 2), Float32Array.of(0, 10, 1, 11, 2, 12, 3, 13, 100, 110, 101, 111, 102, 112, 103, 113));
  assert.deepEqual(pixelOfKernel(kernel, 2), Float32Array.of(2, 12, 102, 112));
});
