// How every plot looks: letters, lines, colours, and the axes that more than one of them has.
import type { Axis, Config, Data, Mark, Scale } from "vega";

/** Source Sans 3 comes with the page and is registered for the PNGs; the others stand in where an SVG file is opened alone. */
export const plotFont = "'Source Sans 3', Helvetica, Arial, sans-serif";
export const pointColor = "#1f6f9f";
export const markColor = "#c2410c";
/** Okabe and Ito (2008), told apart by people with any colour vision; no yellow, which is lost on white. */
export const seriesColors = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00", "#000000", "#7f7f7f"] as const;
export const seriesShapes = ["circle", "square", "triangle-up", "diamond", "cross", "triangle-down", "triangle-right", "triangle-left"] as const;

export const plotWidth = 400;
export const plotHeight = 270;

export const plotConfig: Config = {
  background: "white",
  text: { font: plotFont, fill: "#1a1a1a" },
  title: { font: plotFont, fontSize: 15, fontWeight: 600, subtitleFont: plotFont, subtitleFontSize: 12, subtitleColor: "#444444", anchor: "start", frame: "group", offset: 10, color: "#1a1a1a" },
  axis: { labelFont: plotFont, labelFontSize: 12, titleFont: plotFont, titleFontSize: 13, titleFontWeight: 400, titlePadding: 6, gridColor: "#e4e4e4", domainColor: "#777777", tickColor: "#777777", labelColor: "#333333", titleColor: "#1a1a1a", aria: false },
  legend: { labelFont: plotFont, labelFontSize: 12, titleFont: plotFont, titleFontSize: 12, titleFontWeight: 600, labelLimit: 220, titleLimit: 400, aria: false },
};

/** One direction of a plot: values and what they are. */
export interface Measured {
  /** With the unit. */
  readonly label: string;
  readonly log: boolean;
  readonly domain: readonly [number, number];
}

/** From the smallest to the largest, with some room. */
export function domainOf(low: number, high: number, log: boolean): [number, number] {
  if (log) {
    const room = high > low ? (high / low) ** 0.04 : 1.25;
    return [low / room, high * room];
  }
  const room = high > low ? (high - low) * 0.04 : Math.abs(low) * 0.25 || 1;
  // What cannot be below 0 is not shown there.
  return [low >= 0 ? Math.max(0, low - room) : low - room, high + room];
}

export function scaleOf(name: string, { log, domain }: Pick<Measured, "log" | "domain">, range: "width" | "height" | readonly [number, number]): Scale {
  return { name, type: log ? "log" : "linear", domain: [...domain], range: typeof range === "string" ? range : [...range], zero: false, nice: false };
}

export function axisOf(scale: string, orient: "bottom" | "left", { label, log, domain }: Measured, grid = true): Axis {
  const ticks = log ? { values: powerTicks(domain), format: "~r" } : { tickCount: orient === "bottom" ? 8 : 6 };
  return { scale, orient, title: label, grid, labelOverlap: "greedy", ...ticks };
}

/** 1, 2, 5 of each power of ten in reach, thinned to what can be read beside each other. */
function powerTicks([low, high]: readonly [number, number]): number[] {
  const powers = Math.log10(high / low);
  const steps = powers > 4 ? [1] : powers > 1.6 ? [1, 3] : [1, 2, 3, 5, 7];
  const ticks: number[] = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power++) {
    for (const step of steps) {
      const tick = Number(`${step}e${power}`);
      if (tick >= low && tick <= high) ticks.push(tick);
    }
  }
  const every = Math.ceil(ticks.length / 9);
  return ticks.filter((_, at) => at % every === 0);
}

/** Straight lines and words at fixed places: each a data row, so that no text reaches an expression. */
export function notesOf(name: string, rows: readonly { readonly x: number; readonly y: number; readonly text: string; readonly align?: string }[]): { data: Data; mark: Mark } {
  return {
    data: { name, values: rows.map((row) => ({ align: "left", ...row })) },
    mark: { type: "text", from: { data: name }, encode: { enter: { x: { scale: "x", field: "x" }, y: { scale: "y", field: "y" }, text: { field: "text" }, align: { field: "align" }, fontSize: { value: 12 }, fill: { value: "#444444" }, baseline: { value: "middle" } } } },
  };
}
