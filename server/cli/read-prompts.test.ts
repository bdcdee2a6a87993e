import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { after } from "node:test";
import { encode } from "fast-png";
import { unpackMask } from "#protocol/mask.ts";
import { maskReader, readPromptsFile } from "./read-prompts.ts";

const folder = mkdtempSync(join(tmpdir(), "masklet-prompts-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const promptsPath = join(folder, "prompts.json");

function saved(text: string): string {
  writeFileSync(promptsPath, text);
  return promptsPath;
}

test("prompts are read as they were written", () => {
  const file = { objects: [{ id: 4, axis: "z" as const, prompts: [{ z: 2, box: [1, 2, 3.5, 4], points: [[2, 3, 1]], mask: "four.png" }] }] };
  assert.deepEqual(readPromptsFile(saved(JSON.stringify(file))), file);
});

test("a prompts file that is missing, no JSON, or against the schema is bad input that says where", () => {
  assert.throws(() => readPromptsFile(join(folder, "nowhere.json")), { code: "file_missing", exitCode: 3, message: /nowhere\.json/ });
  assert.throws(() => readPromptsFile(folder), { code: "file_unreadable", exitCode: 3 });
  assert.throws(() => readPromptsFile(saved('{ "objects": [')), { code: "file_unreadable", exitCode: 3, message: /prompts\.json.*not JSON/ });
  assert.throws(() => readPromptsFile(saved('{ "objects": [{ "id": 0, "prompts": [{ "z": 1 }] }] }')), { code: "request_invalid", exitCode: 3, message: /\/objects\/0\/id/ });
  assert.throws(() => readPromptsFile(saved('{ "objects": [{ "id": 1, "prompts": [{ "z": 1, "bxo": [0, 0, 1, 1] }] }] }')), { code: "request_invalid", message: /\/objects\/0\/prompts\/0.*bxo/ });
  assert.throws(() => readPromptsFile(saved("[]")), { code: "request_invalid" });
});

/** 3 x 2 pixels; object: the middle one of the upper row and the right one of the lower. */
const expected = { box: [1, 0, 3, 2], data: [1, 0, 0, 1] };

const pictures = {
  grey: { channels: 1, depth: 8, data: Uint8Array.of(0, 255, 0, 0, 0, 1) },
  "grey with alpha": { channels: 2, depth: 8, data: Uint8Array.of(0, 255, 9, 255, 0, 255, 0, 0, 0, 255, 9, 0) },
  "16-bit grey": { channels: 1, depth: 16, data: Uint16Array.of(0, 256, 0, 0, 0, 1) },
  RGB: { channels: 3, depth: 8, data: Uint8Array.of(0, 0, 0, 255, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7) },
  RGBA: { channels: 4, depth: 8, data: Uint8Array.of(0, 0, 0, 255, 0, 3, 0, 255, 0, 0, 0, 255, 0, 0, 0, 0, 0, 0, 0, 255, 1, 1, 1, 0) },
} as const;

for (const [name, { channels, depth, data }] of Object.entries(pictures)) {
  test(`a ${name} mask: what is not zero in a colour is the object, whatever its alpha`, () => {
    writeFileSync(join(folder, "mask.png"), encode({ width: 3, height: 2, channels, depth, data }));
    const { box, data: found } = unpackMask(maskReader(promptsPath)("mask.png"));
    assert.deepEqual({ box, data: [...found] }, expected);
  });
}

test("a mask lies beside the prompts file, not in the folder the command runs in", () => {
  writeFileSync(join(folder, "beside.png"), encode({ width: 1, height: 1, channels: 1, depth: 8, data: Uint8Array.of(1) }));
  assert.deepEqual(maskReader(promptsPath)("beside.png").box, [0, 0, 1, 1]);
});

test("a mask that is missing, no PNG, or empty says which", () => {
  const read = maskReader(promptsPath);
  assert.throws(() => read("absent.png"), { code: "file_missing", message: /absent\.png/ });
  writeFileSync(join(folder, "text.png"), "not a picture");
  assert.throws(() => read("text.png"), { code: "file_unreadable", message: /text\.png.*not a PNG/ });
  writeFileSync(join(folder, "black.png"), encode({ width: 2, height: 3, channels: 1, depth: 8, data: new Uint8Array(6) }));
  assert.throws(() => read("black.png"), { code: "prompt_empty", message: /black\.png/ });
});
