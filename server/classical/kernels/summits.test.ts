import assert from "node:assert/strict";
import test from "node:test";
import { seededRandom } from "../../../fixtures/make/seeded-random.ts";
import { keepSummits } from "./summits.ts";

test("rows and planes by hand: plateaus whole, corners count as neighbours, zeros never", () => {
  assert.deepEqual([...keepSummits(Float32Array.of(0, 2, 2, 1, 3, 0, 0), [1, 1, 7])], [0, 1, 1, 0, 1, 0, 0]);
  assert.deepEqual([...keepSummits(Float32Array.of(5, 0, 0, 0, 0, 4), [1, 2, 3])], [1, 0, 0, 0, 0, 1]);
  assert.deepEqual([...keepSummits(Float32Array.of(5, 0, 0, 4), [1, 2, 2])], [1, 0, 0, 0]);
  assert.deepEqual([...keepSummits(Float32Array.of(5, 0, 0, 0, 0, 0, 0, 4), [2, 2, 2])], [1, 0, 0, 0, 0, 0, 0, 0]);
  assert.deepEqual([...keepSummits(Float32Array.of(2, 2, 3), [1, 1, 3])], [0, 1, 1].map((_, at) => Number(at === 2)).with(0, 1), "beside a higher one a plateau's voxel is none, but one away from it is");
});

test("as looking at all neighbours", () => {
  for (let seed = 1; seed <= 40; seed++) {
    const random = seededRandom(seed);
    const [depth, height, width] = [random.whole(1, 4), random.whole(1, 5), random.whole(1, 6)] as const;
    const map = Float32Array.from({ length: depth * height * width }, () => random.whole(0, 4));
    const wanted = Array.from(map, (value, at) => Number(value > 0 && Array.from(map).every((other, near) => {
      const away = [Math.floor(at / (height * width)) - Math.floor(near / (height * width)), (Math.floor(at / width) % height) - (Math.floor(near / width) % height), (at % width) - (near % width)];
      return away.some((step) => Math.abs(step) > 1) || other <= value;
    })));
    assert.deepEqual([...keepSummits(map, [depth, height, width])], wanted, `seed ${seed}`);
  }
});
