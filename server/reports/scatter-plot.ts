// One number of each object against another.
import type { Data, Mark, Scale } from "vega";
import { maxPoints, rangeOf, spreadsWidely, summaryOf } from "./bins.ts";
import type { Plot, Table } from "./contract.ts";
import { counted, shown } from "./numbers-as-text.ts";
import { axisOf, domainOf, plotHeight, plotWidth, pointColor, scaleOf, seriesColors, seriesShapes } from "./plot-style.ts";
import { seriesLegend } from "./series-legend.ts";

export interface ScatterPoint {
  readonly x: number;
  readonly y: number;
  /** Shown under the pointer. */
  readonly told: string;
  /** Index of `series`. */
  readonly series?: number | undefined;
}

export interface ScatterPlot {
  readonly name: string;
  readonly title: string;
  readonly caption: string;
  /** Labels carry the unit. `domain` is fixed where the numbers have ends, `log` where all shall be read in powers. */
  readonly x: { readonly label: string; readonly domain?: readonly [number, number]; readonly log?: boolean };
  readonly y: { readonly label: string; readonly domain?: readonly [number, number]; readonly log?: boolean };
  readonly points: readonly ScatterPoint[];
  /** Names of kinds of points, each with a colour and a shape. */
  readonly series?: readonly string[];
  /** Both axes alike, with the line on which the two numbers are equal. */
  readonly diagonal?: boolean;
}

const cells = 40;

/** Points, or from `maxPoints` on cells shaded by how many lie there. @param asked with at least one point, all finite */
export function scatterPlot({ name, title, caption, points, series = [], diagonal = false, ...asked }: ScatterPlot): Plot {
  const [xs, ys] = [points.map(({ x }) => x), points.map(({ y }) => y)];
  const both = diagonal ? [...xs, ...ys] : undefined;
  const x = measured(asked.x, both ?? xs);
  const y = measured(asked.y, both ?? ys);
  const many = points.length > maxPoints;
  const width = diagonal ? plotHeight : plotWidth;
  const numbers = series.map((_, nth) => nth);
  const colors: Scale = { name: "series", type: "ordinal", domain: numbers, range: [...seriesColors] };
  const shapes: Scale = { name: "shape", type: "ordinal", domain: numbers, range: [...seriesShapes] };
  const withSeries = series.length > 1 && !many;
  const line = diagonal ? [diagonalMark(x.domain)] : [];
  return {
    name, title,
    caption: many ? `${caption} ${counted(points.length)} points are too many to see; cells are shaded by how many lie in them.` : caption,
    alt: `Scatter plot of ${counted(points.length)} points. ${x.label}: ${ends(xs)}. ${y.label}: ${ends(ys)}.`,
    spec: {
      width, height: plotHeight, title: { text: title, subtitle: [`n = ${(withSeries ? numbers.map((nth) => points.filter((point) => (point.series ?? 0) === nth).length) : [points.length]).map(counted).join(" + ")}`] },
      scales: [scaleOf("x", x, "width"), scaleOf("y", y, "height"), ...(withSeries ? [colors, shapes] : []), ...(many ? [{ name: "count", type: "log" as const, domain: { data: "cells", field: "count" }, range: { scheme: "blues" as const, extent: [0.2, 1] }, nice: false }] : [])],
      axes: [axisOf("x", "bottom", x), axisOf("y", "left", y)],
      data: [many ? cellData(points, x, y) : { name: "points", values: points.map((point) => ({ ...point, line: point.series ?? 0 })) }, { name: "names", values: series.map((whose, nth) => ({ line: nth, name: whose })) }],
      marks: [...line, many ? cellMarks() : pointMarks(withSeries)],
      legends: [...(withSeries ? seriesLegend(series.length) : []), ...(many ? [{ fill: "count", title: "objects", orient: "right" as const }] : [])],
    },
    table: summaryTable(title, [[x.label, xs], [y.label, ys]]),
  };
}

function measured({ label, domain, log }: ScatterPlot["x"], values: readonly number[]): { label: string; log: boolean; domain: readonly [number, number] } {
  const inPowers = log ?? (domain === undefined && spreadsWidely(values));
  return { label, log: inPowers, domain: domain ?? domainOf(...rangeOf(values), inPowers) };
}

function ends(values: readonly number[]): string {
  const { min, median, max } = summaryOf(values);
  return `from ${shown(min)} to ${shown(max)}, median ${shown(median)}`;
}

function pointMarks(withSeries: boolean): Mark {
  return { type: "symbol", from: { data: "points" }, encode: { enter: {
    x: { scale: "x", field: "x" }, y: { scale: "y", field: "y" }, size: { value: 36 }, fillOpacity: { value: 0.65 }, stroke: { value: "white" }, strokeWidth: { value: 0.6 },
    fill: withSeries ? { scale: "series", field: "line" } : { value: pointColor }, ...(withSeries ? { shape: { scale: "shape", field: "line" } } : {}), description: { field: "told" },
  } } };
}

interface CellAxis { readonly log: boolean; readonly domain: readonly [number, number] }

function cellData(points: readonly ScatterPoint[], x: CellAxis, y: CellAxis): Data {
  const counts = new Uint32Array(cells * cells);
  for (const point of points) counts[cellOf(point.y, y) * cells + cellOf(point.x, x)]!++;
  const values = [...counts].flatMap((count, at) => (count === 0 ? [] : [{ count, x0: edge(at % cells, x), x1: edge((at % cells) + 1, x), y0: edge(Math.floor(at / cells), y), y1: edge(Math.floor(at / cells) + 1, y), told: counted(count) }]));
  return { name: "cells", values };
}

function cellOf(value: number, { log, domain: [low, high] }: CellAxis): number {
  const part = log ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
  return Math.min(cells - 1, Math.max(0, Math.floor(part * cells)));
}

function edge(at: number, { log, domain: [low, high] }: CellAxis): number {
  return log ? low * (high / low) ** (at / cells) : low + ((high - low) * at) / cells;
}

function cellMarks(): Mark {
  return { type: "rect", from: { data: "cells" }, encode: { enter: { x: { scale: "x", field: "x0" }, x2: { scale: "x", field: "x1" }, y: { scale: "y", field: "y0" }, y2: { scale: "y", field: "y1" }, fill: { scale: "count", field: "count" }, description: { field: "told" } } } };
}

function diagonalMark([low, high]: readonly [number, number]): Mark {
  const end = (at: number) => ({ scale: at === 0 ? "x" : "y" });
  return { type: "rule", encode: { enter: { x: { ...end(0), value: low }, y: { ...end(1), value: low }, x2: { ...end(0), value: high }, y2: { ...end(1), value: high }, stroke: { value: "#777777" }, strokeDash: { value: [5, 4] } } } };
}

/** Mean and quantiles of some numbers. */
export function summaryTable(caption: string, rows: readonly (readonly [string, readonly number[]])[]): Table {
  return {
    caption, columns: ["", "n", "mean", "smallest", "D10", "median", "D90", "largest"],
    rows: rows.map(([label, values]) => {
      const { count, mean, min, p10, median, p90, max } = summaryOf(values);
      return [label, counted(count), ...[mean, min, p10, median, p90, max].map(shown)];
    }),
  };
}
