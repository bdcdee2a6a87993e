// The size distribution: of the objects, and of their volume.
import type { Schema } from "#protocol/types.ts";
import type { Axis, Data, Mark } from "vega";
import { binsOf, spreadsWidely } from "./bins.ts";
import type { Plot } from "./contract.ts";
import { binText } from "./histogram-plot.ts";
import { counted, shown, unitText } from "./numbers-as-text.ts";
import { axisOf, markColor, plotWidth, pointColor, scaleOf, seriesColors } from "./plot-style.ts";

export interface SizePlot {
  /** Of the objects that count. */
  readonly objects: readonly { readonly equivalentDiameter: number; readonly volume: number }[];
  /** Of the same objects. */
  readonly quantiles: Schema<"SizeDistribution">;
  readonly unit: "um" | "vx";
}

const panelHeight = 150;

/** Two histograms above each other over one axis, in powers when sizes spread over ten times or more. At least one object. */
export function sizePlot({ objects, quantiles, unit }: SizePlot): Plot {
  const sizes = objects.map(({ equivalentDiameter }) => equivalentDiameter);
  const log = spreadsWidely(sizes);
  const bins = binsOf(sizes, { log, weights: objects.map(({ volume }) => volume) });
  const whole = objects.reduce((sum, { volume }) => sum + volume, 0);
  const parts = bins.map((bin) => ({ ...bin, number: (100 * bin.count) / objects.length, volume: (100 * bin.weight) / whole }));
  const domain = [bins[0]!.from, bins.at(-1)!.to] as const;
  const label = `Equivalent diameter (${unitText(unit)})`;
  const told = ({ d10, d50, d90 }: Schema<"Quantiles">): string => `D10 ${shown(d10)}, D50 ${shown(d50)}, D90 ${shown(d90)}`;
  const title = "Size distribution";
  return {
    name: "size-distribution", title,
    caption: `Diameter of the ball of equal volume${log ? ", in powers" : ""}. By number: ${told(quantiles.byNumber)}. By volume: ${told(quantiles.byVolume)} ${unitText(unit)}. Objects at the border are left out.`,
    alt: `Two histograms of the equivalent diameter of ${counted(objects.length)} objects, in ${unitText(unit)}. By number: ${told(quantiles.byNumber)}. By volume: ${told(quantiles.byVolume)}.`,
    spec: {
      width: plotWidth, height: 2 * panelHeight + 62, title: { text: title, subtitle: [`n = ${counted(objects.length)}`] },
      data: [{ name: "bins", values: parts.map((part) => ({ ...part, toldNumber: `${binText(part)}: ${counted(part.count)} objects, ${shown(part.number)} %`, toldVolume: `${binText(part)}: ${shown(part.volume)} % of the volume` })) }],
      scales: [scaleOf("x", { log, domain }, "width")],
      axes: [],
      marks: [
        panel("number", 18, "% of objects", pointColor, quantiles.byNumber, { label, log, domain }, Math.max(...parts.map(({ number }) => number)), false),
        panel("volume", panelHeight + 62, "% of volume", seriesColors[2], quantiles.byVolume, { label, log, domain }, Math.max(...parts.map(({ volume }) => volume)), true),
      ],
    },
    table: { caption: title, columns: [label, "objects", "% of objects", "% of volume"], rows: parts.map((part) => [binText(part), counted(part.count), shown(part.number), shown(part.volume)]) },
  };
}

function panel(field: "number" | "volume", top: number, title: string, color: string, quantiles: Schema<"Quantiles">, x: { label: string; log: boolean; domain: readonly [number, number] }, most: number, lowest: boolean): Mark {
  const y = { label: title, log: false, domain: [0, most * 1.05] as const };
  const below: Axis = axisOf("x", "bottom", lowest ? x : { ...x, label: "" }, false);
  return {
    type: "group", encode: { enter: { y: { value: top }, width: { value: plotWidth }, height: { value: panelHeight } } },
    scales: [scaleOf("y", y, [panelHeight, 0])], axes: [lowest ? below : { ...below, labels: false, title: undefined }, { ...axisOf("y", "left", y), tickCount: 4 }], data: [quantileData(quantiles)],
    marks: [
      { type: "rect", from: { data: "bins" }, encode: { enter: { x: { scale: "x", field: "from" }, x2: { scale: "x", field: "to" }, y: { scale: "y", field }, y2: { scale: "y", value: 0 }, fill: { value: color }, stroke: { value: "white" }, strokeWidth: { value: 0.8 }, description: { field: field === "number" ? "toldNumber" : "toldVolume" } } } },
      { type: "rule", from: { data: "quantiles" }, encode: { enter: { x: { scale: "x", field: "at" }, y: { field: "from" }, y2: { value: panelHeight }, stroke: { value: markColor }, strokeWidth: { value: 1.3 }, strokeDash: { value: [4, 3] } } } },
      { type: "text", from: { data: "quantiles" }, encode: { enter: { x: { scale: "x", field: "at", offset: { field: "aside" } }, y: { field: "textAt" }, text: { field: "text" }, align: { field: "align" }, baseline: { value: "middle" }, fontSize: { value: 11 }, fill: { value: markColor } } } },
    ],
  };
}

/** D10 is written left of its line, D90 right, D50 a line higher, so that they do not meet when they lie close. */
function quantileData({ d10, d50, d90 }: Schema<"Quantiles">): Data {
  const rows = [["D10", d10, "right", -8, -5, -3], ["D50", d50, "center", -14, -21, 0], ["D90", d90, "left", -8, -5, 3]] as const;
  return { name: "quantiles", values: rows.map(([name, at, align, from, textAt, aside]) => ({ at, align, from, textAt, aside, text: `${name} ${shown(at)}` })) };
}
