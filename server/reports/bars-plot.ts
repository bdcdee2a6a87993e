// Counts of several kinds, a bar for each of several.
import type { Plot } from "./contract.ts";
import { counted } from "./numbers-as-text.ts";
import { plotWidth, seriesColors } from "./plot-style.ts";
import { seriesLegend } from "./series-legend.ts";

export interface BarsPlot {
  readonly name: string;
  readonly title: string;
  readonly caption: string;
  readonly label: string;
  readonly kinds: readonly string[];
  /** One count for each kind. */
  readonly series: readonly { readonly name: string; readonly counts: readonly number[] }[];
}

export function barsPlot({ name, title, caption, label, kinds, series }: BarsPlot): Plot {
  const rows = series.flatMap(({ name: whose, counts }, nth) => counts.map((count, kind) => ({ kind: kinds[kind]!, line: nth, count, text: counted(count), told: `${whose}, ${kinds[kind]!}: ${counted(count)}` })));
  const most = Math.max(1, ...rows.map(({ count }) => count));
  const bar = { y: { scale: "inner", field: "line" }, height: { scale: "inner", band: 1 } } as const;
  return {
    name, title, caption,
    alt: `Bars. ${series.map(({ name: whose, counts }) => `${whose}: ${counts.map((count, kind) => `${kinds[kind]!} ${counted(count)}`).join(", ")}.`).join(" ")}`,
    spec: {
      width: plotWidth - 40, height: kinds.length * Math.max(34, 16 * series.length + 10), title: { text: title },
      data: [{ name: "bars", values: rows }, { name: "names", values: series.map(({ name: whose }, nth) => ({ line: nth, name: whose })) }],
      scales: [
        { name: "x", type: "linear", domain: [0, most * 1.12], range: "width", nice: false }, { name: "kind", type: "band", domain: [...kinds], range: "height", padding: 0.25 },
        { name: "series", type: "ordinal", domain: series.map((_, nth) => nth), range: [...seriesColors] },
      ],
      axes: [{ scale: "x", orient: "bottom", title: label, grid: true, tickCount: 6, tickMinStep: 1 }, { scale: "kind", orient: "left", ticks: false, domain: false }],
      marks: [{
        type: "group", from: { facet: { name: "rows", data: "bars", groupby: "kind" } },
        encode: { enter: { y: { scale: "kind", field: "kind" }, height: { scale: "kind", band: 1 } } }, signals: [{ name: "height", update: "bandwidth('kind')" }],
        scales: [{ name: "inner", type: "band", domain: series.map((_, nth) => nth), range: "height", padding: 0.08 }],
        marks: [
          { type: "rect", from: { data: "rows" }, encode: { enter: { ...bar, x: { scale: "x", value: 0 }, x2: { scale: "x", field: "count" }, fill: { scale: "series", field: "line" }, description: { field: "told" } } } },
          { type: "text", from: { data: "rows" }, encode: { enter: { y: { scale: "inner", field: "line", band: 0.5 }, x: { scale: "x", field: "count", offset: 4 }, text: { field: "text" }, baseline: { value: "middle" }, fontSize: { value: 11 }, fill: { value: "#333333" } } } },
        ],
      }],
      legends: seriesLegend(series.length, false),
    },
    table: { caption: title, columns: ["", ...series.map(({ name: whose }) => whose)], rows: kinds.map((kind, at) => [kind, ...series.map(({ counts }) => counted(counts[at]!))]) },
  };
}
