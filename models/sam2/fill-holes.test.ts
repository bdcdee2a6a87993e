import assert from "node:assert/strict";
import { it } from "node:test";
import { withoutSmallHoles } from "./fill-holes.ts";

it("fills holes of up to eight pixels that touch at corners, and leaves the ground", () => {
  const side = 7;
  const rows = ["#######", "#.#####", "##.####", "#######", "####...", "####...", "####..."];
  const logits = Float32Array.from(rows.join(""), (sign) => (sign === "#" ? 2 : -1));
  const filled = withoutSmallHoles(logits);
  assert.deepEqual([filled[side + 1], filled[2 * side + 2]], [Math.fround(0.1), Math.fround(0.1)]);
  assert.equal(filled.filter((logit) => logit === -1).length, 9);
  assert.equal(logits[side + 1], -1, "the input is left as it was");
});

it("gives the same array back when there is nothing to fill", () => {
  const logits = new Float32Array(49).fill(-1);
  assert.equal(withoutSmallHoles(logits), logits);
});
