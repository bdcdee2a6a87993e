// The map of plates' middles against numpy (fixtures/make/classical/plates.py), which samples where we sum a stencil, in float64 where
// ours are float32: 1e-4 of the map's range is allowed.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { platesMap } from "../../server/classical/kernels/plates.ts";
import type { Size3 } from "../../server/classical/kernels/size3.ts";

interface Case {
  readonly sigma: number;
  readonly reach: number;
  readonly rho: number;
  readonly at: number;
}

const folder = new URL("../../fixtures/classical/plates/", import.meta.url);
const { size, cases }: { size: Size3; cases: Case[] } = JSON.parse(readFileSync(new URL("cases.json", folder), "utf8"));
const answers = new Uint8Array(readFileSync(new URL("answers.bin", folder))).buffer;
const count = size[0] * size[1] * size[2];

for (const { at, ...parameters } of cases) {
  test(`plates as numpy, ${JSON.stringify(parameters)}`, () => {
    const values = Float32Array.from(new Uint16Array(answers, 0, count));
    const found = platesMap({ ...parameters, values, inside: new Uint8Array(count).fill(1), size, origin: [0, 0, 0], volume: size });
    const expected = new Float32Array(answers, at, count);
    const range = Math.max(...expected) - Math.min(...expected);
    found.forEach((value, nth) => assert.ok(Math.abs(value - expected[nth]!) <= 1e-4 * range, `${value} for ${expected[nth]} at ${nth}, range ${range}`));
  });
}
