import assert from "node:assert/strict";
import test from "node:test";
import { MaskletError } from "#protocol/errors.ts";
import { requireDisk } from "./environment.ts";
import { parseEvent } from "./child-event.ts";

test("a disk that is too small is told in gigabytes, with the folder", async () => {
  await requireDisk("It", process.cwd(), 1);
  await assert.rejects(requireDisk("An environment with PyTorch", process.cwd(), 1e18), (thrown) => thrown instanceof MaskletError
    && thrown.code === "disk_too_small" && /An environment with PyTorch needs 1000000000\.0 GB in .*, where [\d.]+ GB are free/.test(thrown.message) && thrown.exitCode === 4);
});

test("lines that are no events are passed over, and no event breaks on what it lacks", () => {
  for (const line of ["", "{", "7", "null", "[]", '{"event":1}', '{"event":"other"}']) assert.equal(parseEvent(line), undefined, line);
  assert.deepEqual(parseEvent('{"event":"saved"}'), { event: "saved", step: NaN });
  assert.deepEqual(parseEvent('{"event":"checked","step":3,"dice":"x","kinds":{"box":1,"click":"no"}}'), { event: "checked", step: 3, dice: NaN, kinds: { box: 1 } });
});
