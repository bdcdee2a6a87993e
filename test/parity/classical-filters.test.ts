// The neighbourhood filters against scipy.ndimage, scikit-image, SimpleITK and numpy (fixtures/make/classical/filters.py).
// Float results are float32 on both sides, ours with sums in float32, so 1e-5 of the largest answer is allowed; medians and morphology
// must be equal. Departures, each of them avoided here by the choice of arguments:
// - a constant border other than 0 continues the input for derivatives too, where scipy continues the images on the way;
// - scipy knows no slope at sigma 0, we take the central difference;
// - SimpleITK's cross of radius 2 and more is the three lines, ours the octahedron; its ball is wider by half a voxel;
// - SimpleITK's closing by default works in a larger volume of background (safe border), so it does not fill towards the edge; ours does;
// - ImageJ's 3D median and morphology take ellipsoids.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { boxMean } from "../../server/classical/kernels/box-mean.ts";
import { differenceOfGaussians } from "../../server/classical/kernels/difference-of-gaussians.ts";
import { gradientMagnitude } from "../../server/classical/kernels/gradient-magnitude.ts";
import { laplacianOfGaussian } from "../../server/classical/kernels/laplacian-of-gaussian.ts";
import { medianFilter } from "../../server/classical/kernels/median.ts";
import { close, dilate, erode, open, type Shape } from "../../server/classical/kernels/morphology.ts";
import { ringProfile } from "../../server/classical/kernels/rings.ts";
import { sheetness } from "../../server/classical/kernels/sheetness.ts";
import type { Border, Size3, Voxels } from "../../server/classical/kernels/size3.ts";
import { gaussianSmooth } from "../../server/classical/kernels/smooth.ts";
import { unsharpMask } from "../../server/classical/kernels/unsharp.ts";

interface Place {
  readonly at: number;
  readonly type: "uint8" | "uint16" | "float32";
  readonly length: number;
}

interface Args {
  readonly sigma: number | Size3;
  readonly radius: number;
  readonly fine: number;
  readonly coarse: number;
  readonly amount: number;
  readonly border: Border;
  readonly constant: number;
  readonly shape: Shape;
}

interface Case extends Place {
  readonly what: keyof typeof filters;
  readonly oracle: string;
  readonly input: string;
  readonly args: Args;
}

const folder = new URL("../../fixtures/classical/filters/", import.meta.url);
const { size, inputs, cases }: { size: Size3; inputs: Record<string, Place>; cases: Case[] } = JSON.parse(readFileSync(new URL("cases.json", folder), "utf8"));
const answers = new Uint8Array(readFileSync(new URL("answers.bin", folder))).buffer;

function arrayAt({ at, type, length }: Place): Voxels {
  if (type === "uint8") return new Uint8Array(answers, at, length);
  return type === "uint16" ? new Uint16Array(answers, at, length) : new Float32Array(answers, at, length);
}

const filters = {
  gaussianSmooth: (v: Voxels, a: Args) => gaussianSmooth(v, size, a.sigma, a.border, a.constant),
  laplacianOfGaussian: (v: Voxels, a: Args) => laplacianOfGaussian(v, size, a.sigma, a.border, a.constant),
  gradientMagnitude: (v: Voxels, a: Args) => gradientMagnitude(v, size, a.sigma, a.border, a.constant),
  sheetness: (v: Voxels, a: Args) => sheetness(v, size, a.sigma, a.border, a.constant),
  differenceOfGaussians: (v: Voxels, a: Args) => differenceOfGaussians(v, size, a.fine, a.coarse, a.border, a.constant),
  boxMean: (v: Voxels, a: Args) => boxMean(v, size, a.radius, a.border, a.constant),
  unsharpMask: (v: Voxels, a: Args) => unsharpMask(v, size, a.sigma, a.amount, a.border, a.constant),
  medianFilter: (v: Voxels, a: Args) => medianFilter(v, size, a.radius, a.border, a.constant),
  ringProfile: (v: Voxels, a: Args) => ringProfile(v, size, Number(a.sigma)),
  erode: (v: Voxels, a: Args) => erode(v, size, a.radius, a.shape),
  dilate: (v: Voxels, a: Args) => dilate(v, size, a.radius, a.shape),
  open: (v: Voxels, a: Args) => open(v, size, a.radius, a.shape),
  close: (v: Voxels, a: Args) => close(v, size, a.radius, a.shape),
} as const;
const exact = ["medianFilter", "erode", "dilate", "open", "close"];

for (const what of new Set(cases.map((each) => each.what))) {
  const asked = cases.filter((each) => each.what === what);
  test(`${what} as ${[...new Set(asked.map(({ oracle }) => oracle))].join(" and ")}, ${asked.length} cases`, () => {
    for (const each of asked) {
      const expected = arrayAt(each);
      const found = filters[what](arrayAt(inputs[each.input]!), each.args);
      const say = `${each.oracle} ${each.input} ${JSON.stringify(each.args)}`;
      assert.equal(found.length, expected.length);
      if (exact.includes(what)) assert.deepEqual(found, expected, say);
      else {
        const allowed = 1e-5 * Math.max(...Float32Array.from(expected, Math.abs));
        found.forEach((value, at) => assert.ok(Math.abs(value - expected[at]!) <= allowed, `${say}: ${value} for ${expected[at]} at ${at}`));
      }
    }
  });
}
