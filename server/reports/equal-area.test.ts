import assert from "node:assert/strict";
import { test } from "node:test";
import { seededRandom } from "../../fixtures/make/seeded-random.ts";
import { fromNet, netCells, netDensity, netRadius, onNet } from "./equal-area.ts";

const near = (value: number, expected: number, tolerance = 1e-12): void => assert.ok(Math.abs(value - expected) <= tolerance, `${value} is not ${expected}`);

function nearPoint(point: { x: number; y: number }, x: number, y: number): void {
  near(point.x, x);
  near(point.y, y);
}

test("an axis along z is the centre, axes in the slice lie on the rim at their azimuth", () => {
  nearPoint(onNet([1, 0, 0]), 0, 0);
  nearPoint(onNet([-1, 0, 0]), 0, 0);
  nearPoint(onNet([0, 0, 1]), 1, 0);
  nearPoint(onNet([0, 1, 0]), 0, 1);
  nearPoint(onNet([0, Math.SQRT1_2, -Math.SQRT1_2]), -Math.SQRT1_2, Math.SQRT1_2);
});

test("inclination i lies at sqrt(2) sin(i / 2), whichever sign the axis has", () => {
  for (const inclination of [10, 45, 60, 89]) {
    const angle = (inclination * Math.PI) / 180;
    nearPoint(onNet([Math.cos(angle), 0, Math.sin(angle)]), Math.SQRT2 * Math.sin(angle / 2), 0);
    nearPoint(onNet([-Math.cos(angle), 0, -Math.sin(angle)]), Math.SQRT2 * Math.sin(angle / 2), 0);
    near(netRadius(inclination), Math.SQRT2 * Math.sin(angle / 2));
  }
  near(netRadius(90), 1);
});

test("there and back", () => {
  const random = seededRandom(3);
  for (let nth = 0; nth < 100; nth++) {
    const [z, y, x] = [random.uniform(), random.between(-1, 1), random.between(-1, 1)];
    const length = Math.hypot(z, y, x);
    const back = fromNet(onNet([z / length, y / length, x / length]));
    near(back[0], z / length, 1e-9);
    near(back[1], y / length, 1e-9);
    near(back[2], x / length, 1e-9);
  }
});

test("equal areas: an even spread of axes fills the net evenly", () => {
  const random = seededRandom(5);
  const axes = Array.from({ length: 20000 }, () => {
    // z of points spread evenly over a hemisphere is spread evenly (Archimedes).
    const z = random.uniform();
    const azimuth = random.between(0, 2 * Math.PI);
    const across = Math.sqrt(1 - z * z);
    return [z, across * Math.sin(azimuth), across * Math.cos(azimuth)] as const;
  });
  const radii = axes.map((axis) => onNet(axis)).map(({ x, y }) => x * x + y * y);
  for (const part of [0.25, 0.5, 0.75]) near(radii.filter((square) => square < part).length / axes.length, part, 0.015);
  const density = netDensity(axes, 40);
  for (let at = 0; at < density.length; at++) near(density[at]!, 1, 0.35);
  assert.equal(netCells(axes, 10).reduce((sum, { count }) => sum + count, 0), axes.length);
});

test("density is highest where the axes are, the same on both ends of the rim, and 1 on the mean", () => {
  const side = 60;
  const density = netDensity([[0, 0, 1], [0, 0, 1], [0, 0, 1]], side);
  const at = (x: number, y: number): number => density[Math.floor(((y + 1) / 2) * side) * side + Math.floor(((x + 1) / 2) * side)]!;
  assert.ok(at(0.97, 0.02) > 1.5 && at(0, 0.02) < 0.7);
  near(at(0.97, 0.02), at(-0.97, 0.02), 1e-9);
  let [sum, cells] = [0, 0];
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      if (((2 * (column + 0.5)) / side - 1) ** 2 + ((2 * (row + 0.5)) / side - 1) ** 2 > 1) continue;
      sum += density[row * side + column]!;
      cells++;
    }
  }
  near(sum / cells, 1, 0.01);
});
