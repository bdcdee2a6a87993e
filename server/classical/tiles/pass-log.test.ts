import assert from "node:assert/strict";
import { appendFileSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { withScratch } from "../../../test/classical-scenes.ts";
import { openPassLog } from "./pass-log.ts";

const answers = [{ count: 3, voxels: Uint32Array.of(4, 5, 6) }, 17, Float32Array.of(NaN, -Infinity, 0.1)] as const;

function replayed(folder: string, pass: string): [number, unknown][] {
  const heard: [number, unknown][] = [];
  const log = openPassLog(folder);
  log.replay(pass, (nth, answer) => heard.push([nth, answer]));
  log.close();
  return heard;
}

test("what was noted is heard again, by pass, in the order it came", async () => {
  await withScratch(async (folder) => {
    const log = openPassLog(folder);
    log.append("one", 5, answers[0]);
    log.append("two", 1, answers[1]);
    log.append("one", 2, answers[2]);
    log.finish("one");
    assert.deepEqual(replayed(folder, "one"), [[5, answers[0]], [2, answers[2]]], "also while another pass is noted still");
    assert.deepEqual(replayed(folder, "two"), [[1, answers[1]]]);
    assert.deepEqual(replayed(folder, "three"), []);
    log.append("two", 0, answers[2]);
    log.close();
    assert.deepEqual(replayed(folder, "two"), [[1, answers[1]], [0, answers[2]]]);
  });
});

test("a log cut at any byte gives its whole records, and goes on behind them", async () => {
  await withScratch(async (folder) => {
    const log = openPassLog(folder);
    for (const [nth, answer] of answers.entries()) log.append("pass", nth, answer);
    log.close();
    const file = join(folder, "pass.answers");
    const whole = readFileSync(file);
    const ends: number[] = [];
    for (let at = 0; at < whole.length;) ends.push(at += 8 + whole.readUInt32LE(at));
    for (let length = 0; length <= whole.length; length++) {
      writeFileSync(file, whole);
      truncateSync(file, length);
      const kept = ends.filter((end) => end <= length).length;
      const again = openPassLog(folder);
      const heard: unknown[] = [];
      again.replay("pass", (_, answer) => heard.push(answer));
      assert.deepEqual(heard, answers.slice(0, kept), `cut at ${length}`);
      again.append("pass", 9, "more");
      again.close();
      assert.deepEqual(replayed(folder, "pass").map(([, answer]) => answer), [...answers.slice(0, kept), "more"]);
    }
  });
});

test("zeros and lengths that cannot be at the end, as after a loss of power, are cut off", async () => {
  await withScratch(async (folder) => {
    for (const tail of [new Uint8Array(8), new Uint8Array(100), Uint8Array.of(255, 255, 255, 255, 1, 0, 0, 0, 9)]) {
      const log = openPassLog(folder);
      log.append("pass", 4, "kept");
      log.close();
      appendFileSync(join(folder, "pass.answers"), tail);
      assert.deepEqual(replayed(folder, "pass"), [[4, "kept"]]);
      writeFileSync(join(folder, "pass.answers"), "");
    }
  });
});
