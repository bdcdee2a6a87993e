import assert from "node:assert/strict";
import test from "node:test";
import { boxExtent, promptExtent } from "./extent.ts";
import { follow, planeWindow, sideOf, windowAround, windowBox, windowSize } from "./window.ts";

const plane = { width: 500, height: 300, pixelU: 1, pixelV: 1 };

test("sizes are steps of about four objects", () => {
  assert.deepEqual([1, 16, 17, 24, 25, 40, 100].map(windowSize), [64, 64, 96, 96, 128, 192, 512]);
});

test("a window lies on its grid, inside the plane, around the box", () => {
  assert.deepEqual(windowAround([100, 100, 116, 116], 64, plane), { u0: 80, v0: 80, width: 64, height: 64 });
  assert.deepEqual(windowAround([0, 290, 10, 300], 64, plane), { u0: 0, v0: 236, width: 64, height: 64 });
  assert.deepEqual(windowAround([0, 0, 10, 10], 512, plane), planeWindow(plane));
  assert.deepEqual(windowBox({ u0: 0, v0: 0, width: 400, height: 400 }, plane), [0, 0, 400, 300]);
});

test("every window holds its object with room around it, wherever it lies", () => {
  for (let u = 0; u + 20 <= plane.width; u += 7) {
    for (let v = 0; v + 12 <= plane.height; v += 5) {
      const { u0, v0, width: size } = windowAround([u, v, u + 20, v + 12], windowSize(20), plane);
      assert.ok(u0 >= 0 && v0 >= 0 && u0 + size <= plane.width && v0 + size <= plane.height);
      assert.ok((u - u0 >= size / 8 || u0 === 0) && (u0 + size - u - 20 >= size / 8 || u0 + size === plane.width));
    }
  }
});

test("it stays while the object is in its middle half", () => {
  const window = { u0: 80, v0: 80, width: 64, height: 64 };
  assert.equal(follow(window, [96, 96, 128, 128], plane), window);
  assert.deepEqual(follow(window, [97, 97, 129, 128], plane), { u0: 80, v0: 80, width: 64, height: 64 });
  assert.deepEqual(follow(window, [120, 96, 140, 128], plane), { u0: 96, v0: 80, width: 64, height: 64 });
});

test("what a prompt says of the object's place and size", () => {
  assert.deepEqual(promptExtent({ box: [10.5, 20.2, 30.1, 40] }, plane), { box: [10, 20, 31, 40], sized: true });
  assert.deepEqual(promptExtent({ points: [[100, 100, 1], [400, 200, 0]] }, plane), { box: [68, 68, 132, 132], sized: false });
  assert.deepEqual(promptExtent({ points: [[5, 299, 1]], polygon: [[10, 10], [20, 10], [15, 30]] }, plane), { box: [4, 10, 20, 300], sized: true });
  assert.deepEqual(promptExtent({ mask: { box: [3, 4, 5, 6], bits: Uint8Array.of(0xc0, 0xc0) } }, plane), { box: [3, 4, 5, 6], sized: true });
});

test("where pixels are not square, a window is square in space", () => {
  // Planes along y of a stack whose z step is five times its pixel: 40 planes high, as many micrometres as 200 pixels.
  const coarse = { width: 500, height: 40, pixelU: 1, pixelV: 5 };
  const window = windowAround([200, 16, 216, 20], windowSize(boxExtent([200, 16, 216, 20], coarse)), coarse);
  assert.deepEqual(window, { u0: 156, v0: 10, width: 96, height: 19 });
  assert.equal(sideOf(window, coarse), 96);
  assert.deepEqual(planeWindow(coarse), { u0: 0, v0: 0, width: 500, height: 100 });
  assert.equal(follow(window, [190, 15, 220, 24], coarse), window);
  assert.deepEqual(follow(window, [190, 18, 220, 30], coarse), { ...window, v0: 14 });
  assert.deepEqual(promptExtent({ points: [[250, 20, 1]] }, coarse), { box: [218, 13, 282, 27], sized: false });
});
