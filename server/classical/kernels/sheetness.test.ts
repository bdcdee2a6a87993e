import assert from "node:assert/strict";
import test from "node:test";
import { seededRandom } from "../../../fixtures/make/seeded-random.ts";
import { assertNeighbourhoodLaws } from "../../../test/neighbourhood-laws.ts";
import { laplacianOfGaussian } from "./laplacian-of-gaussian.ts";
import { leastEigenvalue, sheetness } from "./sheetness.ts";

test("least eigenvalues: of diagonals, of a turned diagonal, of equal ones", () => {
  assert.equal(leastEigenvalue(4, 4, 4, 0, 0, 0), 4);
  const near = (found: number, expected: number) => assert.ok(Math.abs(found - expected) < 1e-7, `${found} for ${expected}`);
  near(leastEigenvalue(3, -2, 5, 0, 0, 0), -2);
  near(leastEigenvalue(-2, -2, 7, 0, 0, 0), -2);
  // [[2, 1], [1, 2]] has 1 and 3.
  near(leastEigenvalue(2, 2, 9, 1, 0, 0), 1);
});

test("least eigenvalues: the matrix less the value is singular, and no vector gives less", () => {
  const random = seededRandom(1);
  for (let nth = 0; nth < 200; nth++) {
    const [a, b, c, d, e, f] = Array.from({ length: 6 }, () => random.between(-5, 5));
    const least = leastEigenvalue(a!, b!, c!, d!, e!, f!);
    const [p, q, r] = [a! - least, b! - least, c! - least];
    assert.ok(Math.abs(p * (q * r - f! * f!) - d! * (d! * r - f! * e!) + e! * (d! * f! - q * e!)) < 1e-9);
    const [x, y, z] = [random.normal(), random.normal(), random.normal()];
    assert.ok(a! * x * x + b! * y * y + c! * z * z + 2 * (d! * x * y + e! * x * z + f! * y * z) >= (least - 1e-9) * (x * x + y * y + z * z));
  }
});

test("on a flat sheet it is minus the Laplacian, whichever way the sheet faces; a dark sheet has none", () => {
  const size = [13, 14, 15] as const;
  for (const axis of [0, 1, 2]) {
    const values = Uint8Array.from({ length: 13 * 14 * 15 }, (_, at) => ([Math.floor(at / 210), Math.floor(at / 15) % 14, at % 15][axis] === 6 ? 200 : 50));
    const [found, laplacian] = [sheetness(values, size, 1), laplacianOfGaussian(values, size, 1)];
    const middle = 6 * 210 + 6 * 15 + 6;
    // Not quite: taps cut at 4 sigma see a little curvature in a constant, which the Laplacian has from all axes.
    assert.ok(found[middle]! > 10 && Math.abs(found[middle]! + laplacian[middle]!) < 0.05, `${found[middle]} and ${laplacian[middle]}`);
    assert.ok(sheetness(values.map((value) => 255 - value), size, 1)[middle]! < 0.05);
  }
});

test("laws of a neighbourhood", () => {
  assertNeighbourhoodLaws({ reach: 4, exchangeTolerance: 1e-4, filter: (values, size) => sheetness(values, size, 1) });
});
