import assert from "node:assert/strict";
import test from "node:test";
import { seededRandom } from "../../../fixtures/make/seeded-random.ts";
import { cutBox } from "../../../test/neighbourhood-laws.ts";
import { mainDirection } from "./main-direction.ts";
import { platesHalo, platesMap, type PlatesBlock } from "./plates.ts";
import type { Size3 } from "./size3.ts";

const defaults = { sigma: 1.1, reach: 5, rho: 6 } as const;

function whole(values: Float32Array, size: Size3, others: Partial<PlatesBlock> = {}): PlatesBlock {
  return { ...defaults, values, inside: new Uint8Array(values.length).fill(1), size, origin: [0, 0, 0], volume: size, ...others };
}

/** Plates that face every way, and noise. */
function scene(seed: number, size: Size3): Float32Array {
  const random = seededRandom(seed);
  const plates = Array.from({ length: 12 }, () => {
    const normal = [random.normal(), random.normal(), random.normal()];
    const length = Math.hypot(...normal);
    return { middle: size.map((each) => random.between(0, each)), normal: normal.map((each) => each / length) };
  });
  return Float32Array.from({ length: size[0] * size[1] * size[2] }, (_, at) => {
    const place = [Math.floor(at / (size[1] * size[2])), Math.floor(at / size[2]) % size[1], at % size[2]];
    const within = plates.some(({ middle, normal }) => {
      const away = place.map((each, axis) => each - middle[axis]!);
      const across = away.reduce((sum, each, axis) => sum + each * normal[axis]!, 0);
      return Math.abs(across) < 2 && Math.hypot(...away) < 9;
    });
    return (within ? 800 : 100) + 30 * random.normal();
  });
}

test("a plate that faces any way has its ridge in its middle, and what lies beside it is below 0", () => {
  const size = [23, 25, 27] as const;
  for (const normal of [[1, 0, 0], [0, 1, 0], [0, 0, 1], [0.6, 0, 0.8], [2 / 3, -1 / 3, 2 / 3]]) {
    const across = (at: number): number => (Math.floor(at / (25 * 27)) - 11) * normal[0]! + ((Math.floor(at / 27) % 25) - 12) * normal[1]! + ((at % 27) - 13) * normal[2]!;
    const values = Float32Array.from({ length: 23 * 25 * 27 }, (_, at) => 100 * Math.exp(-(across(at) ** 2) / (2 * 1.5 ** 2)));
    const map = platesMap(whole(values, size));
    for (let at = 0; at < map.length; at++) {
      const away = Math.abs(across(at));
      // Of two Gaussians one after the other, the second derivative changes its sign at sqrt(1.1^2 + 1.5^2) = 1.86.
      if (away > 2.2 && away < 4) assert.ok(map[at]! < 0, `${map[at]} at ${away} from the middle`);
      if (away < 1.5) assert.ok(map[at]! > 0, `${map[at]} at ${away} from the middle`);
      if (away >= 1) assert.ok(map[at]! < map[11 * 675 + 12 * 27 + 13]!);
    }
  }
});

test("a plate along an axis gives minus the second derivative of its profile", () => {
  const { sigma } = defaults;
  const values = Float32Array.from({ length: 11 * 12 * 13 }, (_, at) => (Math.floor(at / 156) === 5 ? 1 : 0));
  const map = platesMap(whole(values, [11, 12, 13]));
  const gauss = Array.from({ length: 9 }, (_, at) => Math.exp(-((at - 4) ** 2) / (2 * sigma ** 2)));
  const sum = gauss.reduce((before, each) => before + each);
  const bend = gauss.map((each, at) => ((1 - (at - 4) ** 2 / sigma ** 2) / sigma ** 2) * (each / sum));
  const mean = bend.reduce((before, each) => before + each) / 9;
  for (let z = 0; z < 11; z++) assert.ok(Math.abs(map[z * 156 + 70]! - (z >= 1 && z <= 9 ? bend[z - 1]! - mean : 0)) < 1e-7);
});

test("blocks with the halo around them give what the volume gives, to the last bit", () => {
  assert.equal(platesHalo(1.1, 5, 6), 28);
  const size = [41, 67, 166] as const;
  const values = scene(1, size);
  const random = seededRandom(2);
  for (const parameters of [defaults, { sigma: 0.8, reach: 3, rho: 2.5 }]) {
    const inside = Uint8Array.from(values, (value) => (value > 400 || random.uniform() < 0.05 ? 1 : 0));
    const map = platesMap(whole(values, size, { ...parameters, inside }));
    const halo = platesHalo(parameters.sigma, parameters.reach, parameters.rho);
    for (const [start, end] of [[[0, 0, 0], [41, 67, 166]], [[13, 30, 61], [20, 41, 90]], [[2, 0, 33], [41, 9, 34]], [[30, 59, 0], [37, 67, 150]], [[0, 35, 163], [1, 38, 166]]] as const) {
      const from = [Math.max(0, start[0] - halo), Math.max(0, start[1] - halo), Math.max(0, start[2] - halo)] as const;
      const to = [Math.min(41, end[0] + halo), Math.min(67, end[1] + halo), Math.min(166, end[2] + halo)] as const;
      const block = cutBox(values, size, from, to);
      const found = platesMap({ ...parameters, ...block, inside: cutBox(inside, size, from, to).values, origin: from, volume: size });
      const corner = [start[0] - from[0], start[1] - from[1], start[2] - from[2]] as const;
      const part = cutBox(found, block.size, corner, [end[0] - from[0], end[1] - from[1], end[2] - from[2]]);
      assert.deepEqual(part.values, cutBox(map, size, start, end).values);
    }
  }
});

test("flipped axes give the flipped map, to 1e-5 of its largest value, where whole cells are flipped", () => {
  const size = [20, 24, 28] as const;
  const values = scene(3, size);
  const map = platesMap(whole(values, size));
  const most = map.reduce((before, each) => Math.max(before, Math.abs(each)), 0);
  for (const axis of [0, 1, 2]) {
    const mirrored = Array.from(values, (_, at) => {
      const place = [Math.floor(at / 672), Math.floor(at / 28) % 24, at % 28];
      place[axis] = size[axis]! - 1 - place[axis]!;
      return (place[0]! * 24 + place[1]!) * 28 + place[2]!;
    });
    const found = platesMap(whole(Float32Array.from(mirrored, (at) => values[at]!), size));
    found.forEach((value, at) => assert.ok(Math.abs(value - map[mirrored[at]!]!) <= 1e-5 * most));
  }
});

test("only what is inside is answered, and inputs stay as they were", () => {
  const size = [9, 14, 11] as const;
  const values = scene(4, size);
  const inside = Uint8Array.from(values, (_, at) => (at % 3 === 0 ? 255 : 0));
  const [valuesBefore, insideBefore] = [values.slice(), inside.slice()];
  const [map, part] = [platesMap(whole(values, size)), platesMap(whole(values, size, { inside }))];
  assert.deepEqual(part, map.map((value, at) => (at % 3 === 0 ? value : 0)));
  assert.deepEqual([values, inside], [valuesBefore, insideBefore]);
  assert.deepEqual(platesMap(whole(values, size, { inside: new Uint8Array(values.length) })), new Float32Array(values.length));
});

test("one slice, a line, a voxel, none; a flat volume has no ridge", () => {
  for (const size of [[1, 19, 33], [11, 1, 5], [6, 9, 1], [1, 1, 1], [0, 3, 3]] as const) {
    const values = scene(5, size);
    assert.ok(platesMap(whole(values, size)).every(Number.isFinite));
    assert.ok(platesMap(whole(values.fill(1000), size)).every((value) => Math.abs(value) < 1e-3));
  }
});

test("a block that is none of the volume's is refused", () => {
  assert.throws(() => platesMap(whole(new Float32Array(8), [2, 2, 2], { origin: [0, 0, 1] })));
  assert.throws(() => platesMap(whole(new Float32Array(7), [2, 2, 2])));
});

test("main directions: no other gives more", () => {
  const tensor = (...terms: number[]): Float32Array[] => terms.map((term) => Float32Array.of(term));
  assert.deepEqual(mainDirection(tensor(0, 0, 0, 0, 0, 0), 0), [1, 0, 0]);
  assert.deepEqual(mainDirection(tensor(1, 2, 3, 0, 0, 0), 0), [0, 0, 1]);
  const random = seededRandom(6);
  for (let nth = 0; nth < 100; nth++) {
    // A sum of squares of two vectors, as gradients' are.
    const [p, q] = [[random.normal(), random.normal(), random.normal()], [random.normal(), random.normal(), random.normal()]];
    const random6 = tensor(...[[0, 0], [1, 1], [2, 2], [0, 1], [0, 2], [1, 2]].map(([i, j]) => p[i!]! * p[j!]! + q[i!]! * q[j!]!));
    const [a, b, c, d, e, f] = random6.map((each) => each[0]!);
    const energy = ([z, y, x]: Size3): number => a! * z * z + b! * y * y + c! * x * x + 2 * (d! * z * y + e! * z * x + f! * y * x);
    const found = mainDirection(random6, 0);
    assert.ok(Math.abs(Math.hypot(...found) - 1) < 1e-12);
    for (let other = 0; other < 50; other++) {
      const [z, y, x] = [random.normal(), random.normal(), random.normal()];
      const length = Math.hypot(z, y, x);
      assert.ok(energy([z / length, y / length, x / length]) <= energy(found) + 1e-12);
    }
  }
});
