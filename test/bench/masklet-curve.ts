// The curve over the number of corrections, drawn: the mean over groups for each model.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { drawPlot } from "#server/reports/draw-plot.ts";
import { linePlot } from "#server/reports/line-plot.ts";
import { plotPng } from "#server/reports/plot-png.ts";
import type { Scores } from "./masklet-scores.ts";

/** Writes `corrections.svg` and `corrections.png`. @param scores with a group or more for each model */
export async function writeCurve(folder: string, { models }: Scores, corrections: number): Promise<void> {
  const lines = Object.entries(models).map(([name, { groups }]) => {
    const curves = Object.values(groups).map((group) => group.corrections);
    const points = Array.from({ length: corrections + 1 }, (_, x) => {
      const y = curves.reduce((sum, curve) => sum + curve[x]!, 0) / curves.length;
      return { x, y, told: `${name}, ${x} corrections: ${y.toFixed(3)}` };
    });
    return { name, points };
  });
  const svg = await drawPlot(linePlot({
    name: "corrections", title: "Masklets and corrections", caption: "Mean over groups of the mean 3D Dice of their objects, from one box.",
    x: { label: "Corrections", domain: [0, corrections] }, y: { label: "Mean 3D Dice", domain: [0, 1] }, lines,
  }));
  writeFileSync(join(folder, "corrections.svg"), svg);
  writeFileSync(join(folder, "corrections.png"), await plotPng(svg));
}
