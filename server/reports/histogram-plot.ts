// How often the values of one number occur.
import { binsOf, spreadsWidely } from "./bins.ts";
import type { Bin } from "./bins.ts";
import type { Plot } from "./contract.ts";
import { counted, shown } from "./numbers-as-text.ts";
import { axisOf, plotHeight, plotWidth, pointColor, scaleOf } from "./plot-style.ts";
import { summaryOf } from "./bins.ts";

export interface HistogramPlot {
  readonly name: string;
  readonly title: string;
  readonly caption: string;
  /** With the unit. */
  readonly label: string;
  /** Finite, at least one. */
  readonly values: readonly number[];
  /** They are whole numbers, and each of them gets a bar of its own. */
  readonly whole?: boolean;
}

export function histogramPlot({ name, title, caption, label, values, whole = false }: HistogramPlot): Plot {
  const log = !whole && spreadsWidely(values);
  const bins = binsOf(values, { log, whole });
  const { mean, min, median, max } = summaryOf(values);
  const domain = [bins[0]!.from, bins.at(-1)!.to] as const;
  const most = Math.max(...bins.map(({ count }) => count));
  return {
    name, title, caption: `${caption} Mean ${shown(mean)}, median ${shown(median)}.`,
    alt: `Histogram of ${counted(values.length)} values in ${bins.length} bins, from ${shown(min)} to ${shown(max)}, median ${shown(median)}; at most ${counted(most)} in a bin.`,
    spec: {
      width: plotWidth, height: plotHeight, title: { text: title, subtitle: [`n = ${counted(values.length)}`] },
      scales: [scaleOf("x", { log, domain }, "width"), scaleOf("y", { log: false, domain: [0, most * 1.05] }, "height")],
      axes: [{ ...axisOf("x", "bottom", { label, log, domain }, false), ...(whole ? { format: "d", tickMinStep: 1 } : {}) }, { ...axisOf("y", "left", { label: "objects", log: false, domain: [0, most * 1.05] }), tickMinStep: 1 }],
      data: [{ name: "bins", values: bins.map((bin) => ({ ...bin, told: `${binText(bin, whole)}: ${counted(bin.count)}` })) }],
      marks: [{ type: "rect", from: { data: "bins" }, encode: { enter: { x: { scale: "x", field: "from" }, x2: { scale: "x", field: "to" }, y: { scale: "y", field: "count" }, y2: { scale: "y", value: 0 }, fill: { value: pointColor }, stroke: { value: "white" }, strokeWidth: { value: 0.8 }, description: { field: "told" } } } }],
    },
    table: { caption: title, columns: [label, "objects"], rows: bins.map((bin) => [binText(bin, whole), counted(bin.count)]) },
  };
}

export function binText({ from, to }: Bin, whole = false): string {
  if (whole) return to - from === 1 ? String(from + 0.5) : `${from + 0.5} to ${to - 0.5}`;
  return `${shown(from)} to ${shown(to)}`;
}
