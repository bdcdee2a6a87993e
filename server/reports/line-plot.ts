// Numbers that change along another, a line for each of several.
import type { Plot } from "./contract.ts";
import { shown } from "./numbers-as-text.ts";
import { axisOf, plotHeight, plotWidth, scaleOf, seriesColors, seriesShapes } from "./plot-style.ts";
import { seriesLegend } from "./series-legend.ts";

export interface Line {
  readonly name: string;
  readonly points: readonly { readonly x: number; readonly y: number; readonly told: string }[];
}

export interface LinePlot {
  readonly name: string;
  readonly title: string;
  readonly caption: string;
  readonly x: { readonly label: string; readonly domain: readonly [number, number] };
  readonly y: { readonly label: string; readonly domain: readonly [number, number] };
  /** Each with a point or more. */
  readonly lines: readonly Line[];
}

/** Places along x from which on marks are small. */
const crowded = 25;

export function linePlot({ name, title, caption, x, y, lines }: LinePlot): Plot {
  const [across, up] = [{ ...x, log: false }, { ...y, log: false }];
  // Numbered, so that two lines of one name stay two lines.
  const rows = lines.flatMap(({ points }, nth) => points.map((point) => ({ ...point, line: nth })));
  const places = [...new Set(rows.map((row) => row.x))].sort((a, b) => a - b);
  const color = { scale: "series", field: "line" } as const;
  return {
    name, title, caption,
    alt: `Line plot of ${y.label} against ${x.label}. ${lines.map((line) => `${line.name}: ${shown(line.points[0]!.y)} at ${shown(line.points[0]!.x)}, ${shown(line.points.at(-1)!.y)} at ${shown(line.points.at(-1)!.x)}.`).join(" ")}`,
    spec: {
      width: plotWidth, height: plotHeight, title: { text: title },
      data: [{ name: "points", values: rows }, { name: "names", values: lines.map((line, nth) => ({ line: nth, name: line.name })) }],
      scales: [scaleOf("x", across, "width"), scaleOf("y", up, "height"), { name: "series", type: "ordinal", domain: lines.map((_, nth) => nth), range: [...seriesColors] }, { name: "shape", type: "ordinal", domain: lines.map((_, nth) => nth), range: [...seriesShapes] }],
      axes: [axisOf("x", "bottom", across), axisOf("y", "left", up)],
      marks: [{
        type: "group", from: { facet: { name: "line", data: "points", groupby: "line" } },
        marks: [
          { type: "line", from: { data: "line" }, encode: { enter: { x: { scale: "x", field: "x" }, y: { scale: "y", field: "y" }, stroke: color, strokeWidth: { value: 2 } } } },
          { type: "symbol", from: { data: "line" }, encode: { enter: { x: { scale: "x", field: "x" }, y: { scale: "y", field: "y" }, fill: color, shape: { scale: "shape", field: "line" }, size: { value: places.length > crowded ? 16 : 46 }, stroke: { value: "white" }, strokeWidth: { value: 0.8 }, description: { field: "told" } } } },
        ],
      }],
      legends: seriesLegend(lines.length),
    },
    table: {
      caption: title, columns: [x.label, ...lines.map((line) => line.name)],
      rows: places.map((place) => [shown(place), ...lines.map(({ points }) => shown(points.find((point) => point.x === place)?.y))]),
    },
  };
}
