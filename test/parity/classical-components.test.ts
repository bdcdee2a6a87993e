// Components, distances, label operations and maxima against cc3d, edt, scipy.ndimage, scikit-image and SimpleITK
// (fixtures/make/classical/components.py). All must be equal, distances with uneven spacings to 1e-6. Departures:
// - cc3d and scipy number components in orders of their own; both are numbered by first voxel here, as ours are;
// - expandLabels gives a tie to the smaller label, scikit-image to whichever its map finds first;
// - a volume of one value is one maximum here and in SimpleITK, none in scikit-image (not among the cases);
// - reconstruct cuts a marker that is on the wrong side of its mask, where scikit-image refuses it (not among the cases);
// - a single plane has no faces along z for fillHoles and selectLabels; for scipy and SimpleITK a volume of one plane has (not among the cases).
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { gunzipSync } from "node:zlib";
import { clijDistanceMap } from "../../server/classical/kernels/clij-distance-map.ts";
import { labelComponents } from "../../server/classical/kernels/components.ts";
import { squaredDistanceMap } from "../../server/classical/kernels/distance-map.ts";
import { expandLabels } from "../../server/classical/kernels/expand-labels.ts";
import { fillHoles } from "../../server/classical/kernels/fill-holes.ts";
import { floodFill } from "../../server/classical/kernels/flood-fill.ts";
import { extendedMaxima, hMaxima, hMaximaTransform, regionalMaxima, regionalMinima } from "../../server/classical/kernels/maxima.ts";
import { openLabels } from "../../server/classical/kernels/open-labels.ts";
import { reconstruct } from "../../server/classical/kernels/reconstruct.ts";
import { selectLabels } from "../../server/classical/kernels/select-labels.ts";
import type { Connectivity, Size3 } from "../../server/classical/kernels/size3.ts";

interface Place {
  readonly at: number;
  readonly type: "uint8" | "uint32" | "float32";
  readonly length: number;
}

interface Args {
  readonly connectivity: Connectivity;
  readonly spacing: Size3;
  readonly roundsMost: number;
  readonly low: number;
  readonly high: number;
  readonly seed: number;
  readonly h: number;
  readonly marker: string;
  readonly distance: number;
  readonly radius: number;
  readonly minVoxels: number;
  readonly removeBorder: boolean;
}

interface Case {
  readonly what: string;
  readonly oracle: string;
  readonly input: string;
  readonly answer: string;
  readonly args: Args;
}

const folder = new URL("../../fixtures/classical/components/", import.meta.url);
const { size, arrays, cases }: { size: Size3; arrays: Record<string, Place>; cases: Case[] } = JSON.parse(readFileSync(new URL("cases.json", folder), "utf8"));
const bytes = Uint8Array.from(gunzipSync(readFileSync(new URL("arrays.bin.gz", folder)))).buffer;

function place(name: string, type: Place["type"]): Place {
  const found = arrays[name];
  assert.ok(found !== undefined && found.type === type, `${name} is ${type}`);
  return found;
}

function u8(name: string): Uint8Array {
  const { at, length } = place(name, "uint8");
  return new Uint8Array(bytes, at, length);
}

function u32(name: string): Uint32Array {
  const { at, length } = place(name, "uint32");
  return Uint32Array.from({ length }, (_, nth) => new DataView(bytes).getUint32(at + 4 * nth, true));
}

function f32(name: string): Float32Array {
  const { at, length } = place(name, "float32");
  return Float32Array.from({ length }, (_, nth) => new DataView(bytes).getFloat32(at + 4 * nth, true));
}

const answers: Record<string, (input: string, args: Args) => Uint8Array | Uint32Array | Float32Array> = {
  labelComponents: (input, args) => labelComponents(u8(input), size, args.connectivity).labels,
  fillHoles: (input, args) => fillHoles(u8(input), size, args.connectivity),
  squaredDistanceMap: (input, args) => squaredDistanceMap(u8(input), size, args.spacing),
  clijDistanceMap: (input, args) => clijDistanceMap(u8(input), size, args.roundsMost),
  floodFill: (input, args) => floodFill(f32(input), size, [args.seed], args),
  regionalMaxima: (input, args) => regionalMaxima(f32(input), size, args.connectivity),
  regionalMinima: (input, args) => regionalMinima(f32(input), size, args.connectivity),
  hMaxima: (input, args) => hMaxima(f32(input), size, args.h, args.connectivity),
  hMaximaTransform: (input, args) => hMaximaTransform(f32(input), size, args.h, args.connectivity),
  extendedMaxima: (input, args) => extendedMaxima(f32(input), size, args.h, args.connectivity),
  reconstruct: (input, args) => reconstruct(f32(args.marker), f32(input), size, args.connectivity, "erosion"),
  expandLabels: (input, args) => expandLabels(u32(input), size, args.spacing, args.distance),
  openLabels: (input, args) => openLabels(u32(input), size, args.spacing, args.radius),
  selectLabels: (input, args) => {
    const labels = u32(input);
    return selectLabels(labels, labels.reduce((most, one) => Math.max(most, one)), size, args).labels;
  },
};

for (const { what, oracle, input, answer, args } of cases) {
  test(`${what} as ${oracle}: ${input} ${JSON.stringify(args)}`, () => {
    const found = answers[what]!(input, args);
    if (found instanceof Uint8Array) assert.deepEqual(found, u8(answer).slice());
    else if (found instanceof Uint32Array) assert.deepEqual(found, u32(answer));
    else {
      const uneven = args.spacing !== undefined && args.spacing.some((side) => side !== 1);
      f32(answer).forEach((value, at) => assert.ok(found[at] === value || (uneven && Math.abs(found[at]! - value) <= 1e-6 * value), `voxel ${at}: ${found[at]} for ${value}`));
    }
  });
}
