// Label images judged against the truth, beside scikit-image, scipy and SimpleITK on the same ones, by turns: all on arrays in memory, one thread.
// Without a Python that has them ours stands alone.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { adaptedRand } from "#server/evaluate/adapted-rand.ts";
import { coreGrid } from "#server/evaluate/core-boxes.ts";
import { evaluateLabels } from "#server/evaluate/evaluate-labels.ts";
import { survey } from "#server/evaluate/survey.ts";
import { variationOfInformation } from "#server/evaluate/variation-of-information.ts";
import type { LabelReader } from "#server/volumes/label-reader.ts";
import { evaluateScene } from "./evaluate-scene.ts";
import { openPythonPeer } from "./python-peer.ts";
import { median, timed, type Bench, type BenchOptions, type Table } from "./table.ts";

/** Large volumes once: the peers take minutes for them. */
const timesAt = (side: number): number => (side > 256 ? 1 : 3);
const peerWorks = ["table", "scipy-surface", "itk-surface", "objects"] as const;

export const evaluate: Bench = {
  name: "evaluate",
  run: async (options?: BenchOptions): Promise<Table> => {
    const side = options?.side ?? 256;
    const folder = mkdtempSync(join(tmpdir(), "masklet-bench-"));
    const peer = openPythonPeer<{ work: string; truth: string; prediction: string; side: number }, { readonly ms: number; readonly value: number }>("evaluate/bench_peer.py", "1");
    try {
      const { truth, prediction } = evaluateScene(side);
      const [a, b] = [reader("truth", truth, side), reader("prediction", prediction, side)];
      const files = { truth: join(folder, "truth"), prediction: join(folder, "prediction"), side };
      writeFileSync(files.truth, truth);
      writeFileSync(files.prediction, prediction);
      const ours = { table: [] as number[], whole: [] as number[] };
      const theirs = new Map(peerWorks.map((work) => [work, [] as number[]]));
      const told: string[] = [];
      for (let turn = 0; turn < timesAt(side); turn++) {
        ours.table.push((await timed(() => tableScores(a, b, side))).ms);
        const { ms, value } = await timed(() => evaluateLabels({ truth: a, prediction: b }));
        ours.whole.push(ms);
        const own: Record<(typeof peerWorks)[number], number> = {
          table: value.adaptedRand.error, "scipy-surface": value.surface.foreground!.meanDistance, "itk-surface": value.surface.foreground!.meanDistance, objects: value.surface.objects.meanDistance!,
        };
        for (const work of peerWorks) {
          const answer = await peer?.ask({ work, ...files });
          if (answer === undefined) continue;
          theirs.get(work)!.push(answer.ms);
          if (Math.abs(answer.value - own[work]) > 1e-5) told.push(`${work}: ${answer.value} where ours is ${own[work]}`);
          process.stderr.write(`  ${work}: ${seconds(answer.ms)} s\n`);
        }
        process.stderr.write(`  ours: ${seconds(ours.whole.at(-1)!)} s\n`);
      }
      const sum = (...works: (typeof peerWorks)[number][]): number => works.reduce((total, work) => total + median(theirs.get(work)!), 0);
      const line = (what: string, own: readonly number[], who: string, ms: number): string[] => [what, seconds(median(own)), who, seconds(ms), `${(ms / median(own)).toFixed(1)} x`];
      const lines = peer === undefined ? [["all of an evaluation", seconds(median(ours.whole)), "", "", ""]] : [
        line("adapted Rand error, information twice", ours.table, "scikit-image", sum("table")),
        line("all of an evaluation", ours.whole, "scikit-image, and scipy for distances", sum("table", "scipy-surface", "objects")),
        line("", ours.whole, "the same, SimpleITK for the foreground's", sum("table", "itk-surface", "objects")),
        line("", ours.whole, "its foreground's distances alone, scipy", sum("scipy-surface")),
        line("", ours.whole, "its foreground's distances alone, SimpleITK", sum("itk-surface")),
      ];
      return { title: `Seconds for two label images of ${side}^3, one thread, medians; the ratio is theirs by ours${told.length > 0 ? `. NOT THE SAME: ${told.join("; ")}` : ""}`, head: ["what", "ours", "beside", "theirs", "ratio"], lines };
    } finally {
      peer?.close();
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

async function tableScores(truth: LabelReader, prediction: LabelReader, side: number): Promise<number> {
  const table = (await survey(truth, prediction, coreGrid([side, side, side], [0, 0, 0], 2 ** 25), () => undefined)).count.table();
  return adaptedRand(table).error + variationOfInformation(table, 0).total + variationOfInformation(table, 1).total;
}

/** As from a file, without the file. */
function reader(name: string, ids: Uint16Array, side: number): LabelReader {
  return {
    name, size: [side, side, side], spacing: undefined,
    read: async (start, end) => {
      const [rows, width] = [end[1] - start[1], end[2] - start[2]];
      const out = new Uint32Array((end[0] - start[0]) * rows * width);
      for (let z = start[0], to = 0; z < end[0]; z++) for (let y = start[1]; y < end[1]; y++, to += width) {
        const at = (z * side + y) * side;
        out.set(ids.subarray(at + start[2], at + end[2]), to);
      }
      return out;
    },
  };
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(ms < 10_000 ? 2 : 1);
}
