// ROIs of every kind as real ImageJ writes them: our reader fills the pixels that ImageJ fills, on the plane that ImageJ says.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { unzipSync } from "fflate";
import { reframe } from "#protocol/mask.ts";
import { decodeRoi } from "#server/datasets/decode-roi.ts";
import { skipWithout } from "../tools.ts";
import { prepareOracles } from "./prepare.ts";

const skip = skipWithout("java", "mvn");
const [width, height] = [80, 60];

interface Said {
  readonly entry: string;
  readonly name: string;
  readonly index: number;
  readonly c: number;
  readonly z: number;
  readonly t: number;
  readonly object: string | null;
  readonly pixels: number;
  readonly bits: string;
}

test("ImageJ's own ROIs are filled as ImageJ fills them", { skip }, () => {
  const folder = mkdtempSync(join(tmpdir(), "masklet-rois-"));
  try {
    const zip = join(folder, "RoiSet.zip");
    const { java } = prepareOracles();
    java("ImagejRoiMaker", [zip]);
    // Groups make it ask for a table of colours that only a whole ImageJ has, and say so.
    const said = java("ImagejRois", [zip, "0", "0", String(width), String(height)]).split("\n").filter((line) => line.startsWith("{")).map((line): Said => JSON.parse(line));
    const entries = unzipSync(readFileSync(zip));
    assert.equal(said.length, Object.keys(entries).length);
    const differing: string[] = [];
    let compared = 0;
    for (const one of said) {
      const roi = decodeRoi(entries[one.entry]!, one.entry);
      // Where there is a place in the stack alone, ImageJ says it as the slice too.
      const { index, c, z, t } = roi.position;
      assert.deepEqual([roi.name, index, c, z || index, t, roi.object === undefined ? null : String(roi.object)], [one.name, one.index, one.c, one.z, one.t, one.object]);
      if (roi.fill === undefined) {
        assert.match(one.name, /^(line|point|polyline)$/);
        continue;
      }
      compared++;
      const { data } = reframe(roi.fill(width, height), [0, 0, width, height]);
      const wrong = data.reduce((sum, value, at) => sum + Number(value !== bitAt(one.bits, at)), 0);
      if (wrong > 0) differing.push(`${one.name}: ${wrong} of ${one.pixels} pixels`);
    }
    assert.deepEqual(differing, []);
    assert.equal(compared, 13 * 12);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

function bitAt(hex: string, at: number): number {
  const rowBytes = (width + 7) >> 3;
  const [x, y] = [at % width, Math.floor(at / width)];
  return (Number.parseInt(hex.slice(2 * (y * rowBytes + (x >> 3)), 2 * (y * rowBytes + (x >> 3)) + 2), 16) >> (7 - (x & 7))) & 1;
}
