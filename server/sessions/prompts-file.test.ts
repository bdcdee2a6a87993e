import assert from "node:assert/strict";
import test from "node:test";
import type { Box, FileObject } from "#protocol/types.ts";
import { emptyHistory, addRecord, stateOf } from "./fold.ts";
import { promptsFromFile, promptsToFile } from "./prompts-file.ts";

const box: Box = [1, 2, 3, 4];
const read = (...objects: FileObject[]) => promptsFromFile({ objects });
const cutsOf = (...objects: FileObject[]): string[] => read(...objects).flatMap(({ objectId, prompts }) => prompts.map(({ cut }) => `${objectId}: ${cut.axis}${cut.index} t${cut.t} c${cut.c}`));

test("a prompt names its plane by its object's axis", () => {
  assert.deepEqual(cutsOf({ id: 1, prompts: [{ z: 3, box }, { box }] }), ["1: z3 t0 c0", "1: z0 t0 c0"]);
  assert.deepEqual(cutsOf({ id: 1, axis: "y", t: 2, c: 1, prompts: [{ y: 3, box }, { y: 0, t: 4, box }] }), ["1: y3 t2 c1", "1: y0 t4 c1"]);
  assert.deepEqual(cutsOf({ id: 1, axis: "x", prompts: [{ x: 7, box }] }, { id: 1, axis: "z", prompts: [{ z: 7, box }] }), ["1: x7 t0 c0", "1: z7 t0 c0"]);
  assert.deepEqual(cutsOf({ id: 1, axis: "t", prompts: [{ z: 3, t: 5, box }] }), ["1: z3 t5 c0"]);
});

test("an index along another axis, or none along y or x, is refused with its place", () => {
  const refused = (object: FileObject, message: RegExp): void => assert.throws(() => read(object), { code: "request_invalid", message });
  refused({ id: 1, axis: "y", prompts: [{ y: 1, box }, { z: 3, box }] }, /\/objects\/0\/prompts\/1\/z: .*name `y`/);
  refused({ id: 1, prompts: [{ x: 3, box }] }, /prompts\/0\/x: .*name `z`/);
  refused({ id: 1, axis: "x", prompts: [{ box }] }, /\/objects\/0\/prompts\/0: .*as `x`/);
  refused({ id: 1, axis: "y", prompts: [{ y: 1, box }, { y: 1, box }] }, /two prompts on one plane/);
});

test("a session's prompts are read back from the file they make", () => {
  const objects = read({ id: 4, axis: "y", t: 1, prompts: [{ y: 3, box }] }, { id: 4, prompts: [{ z: 2, box }] }, { id: 2, axis: "x", prompts: [{ x: 5, points: [[1, 2, 1]] }] });
  const history = emptyHistory();
  addRecord(history, { r: "edit", seq: 1, at: "2025-01-01T00:00:00.000Z", author: { id: "a", name: "a" }, change: { kind: "prompts.put", objects } });
  const again = promptsFromFile(promptsToFile(stateOf(history)));
  assert.deepEqual(new Map(again.map(({ objectId, prompts }) => [objectId, prompts])), new Map(objects.map(({ objectId, prompts }) => [objectId, prompts])));
});
