import assert from "node:assert/strict";
import test from "node:test";
import { lanesOf } from "./lane.ts";

const object = { objectId: 1, prompts: [{ cut: { axis: "z" as const, index: 0 }, parts: { box: [1, 1, 4, 3] as [number, number, number, number] } }] };

test("an axis with one plane is refused with what there is to follow instead", () => {
  const told = (z: number, t: number, along: "z" | "t"): RegExp[] => [new RegExp(`one plane along ${along}`), z === 1 && t === 1 ? /single picture/ : new RegExp(`but ${z * t} along ${along === "z" ? "t" : "z"}`)];
  for (const [z, t, along] of [[1, 1, "z"], [1, 1, "t"], [1, 5, "z"], [3, 1, "t"]] as const) {
    for (const message of told(z, t, along)) assert.throws(() => lanesOf(object, along, { t, c: 1, z, y: 5, x: 7 }, undefined), { code: "axis_unsupported", message }, `${z} ${t} ${along}`);
  }
});
