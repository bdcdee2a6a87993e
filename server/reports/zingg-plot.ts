// Zingg's diagram: how flat and how long objects are, both at once.
import type { ObjectMeasures, Schema } from "#protocol/types.ts";
import type { Data, Mark } from "vega";
import { maxPoints, rangeOf } from "./bins.ts";
import type { Plot } from "./contract.ts";
import { counted, shown, unitText } from "./numbers-as-text.ts";
import { axisOf, plotConfig, pointColor, scaleOf } from "./plot-style.ts";

export interface ZinggPlot {
  /** Of the objects that count; at least one. */
  readonly objects: readonly Pick<ObjectMeasures, "objectId" | "zingg" | "volume">[];
  readonly counts: Schema<"ZinggCounts">;
  readonly unit: "um" | "vx";
}

const side = 340;
const limit = 2 / 3;
const cells = 30;
const unitAxis = { log: false, domain: [0, 1] } as const;

export function zinggPlot({ objects, counts, unit }: ZinggPlot): Plot {
  const many = objects.length > maxPoints;
  const classes = (["disc", "sphere", "rod", "blade"] as const).map((name) => ({ name, count: counts[name], percent: (100 * counts[name]) / objects.length }));
  const [, largest] = rangeOf(objects.map(({ volume }) => volume));
  const title = "Zingg diagram";
  const told = classes.map(({ name, count }) => `${name} ${counted(count)}`).join(", ");
  return {
    name: "zingg", title,
    caption: `Ratios of the three radii L ≥ I ≥ S of the ellipsoid with the same moments; classes part at 2/3 (Zingg 1935): ${told}. ${many ? "Cells are shaded by how many objects lie in them." : `The area of a point grows with the object's volume, up to ${shown(largest)} ${unitText(unit, 3)}.`}`,
    alt: `Zingg diagram of ${counted(objects.length)} objects: ${told}.`,
    spec: {
      width: side, height: side, title: { text: title, subtitle: [`n = ${counted(objects.length)}`] },
      scales: [scaleOf("x", unitAxis, "width"), scaleOf("y", unitAxis, "height"), many ? { name: "count", type: "log", domain: { data: "cells", field: "count" }, range: { scheme: "blues", extent: [0.2, 1] }, nice: false } : { name: "size", type: "linear", domain: [0, largest], range: [14, 300] }],
      axes: [{ ...axisOf("x", "bottom", { label: "S / I: from flat to round", ...unitAxis }, false), tickCount: 5 }, { ...axisOf("y", "left", { label: "I / L: from long to round", ...unitAxis }, false), tickCount: 5 }],
      data: [many ? cellData(objects) : pointData(objects, unit), { name: "classes", values: classes.map((each) => ({ ...each, ...corners[each.name], text: `${each.name} ${shown(each.percent)} %` })) }],
      marks: [...limits(), many ? cellMark() : pointMark(), names()],
      legends: [many ? { fill: "count", title: "objects" } : { size: "size", title: `volume (${unitText(unit, 3)})`, symbolFillColor: pointColor, symbolStrokeColor: "white", symbolOpacity: 0.65, values: roundVolumes(largest) }],
    },
    table: { caption: title, columns: ["class", "I / L", "S / I", "objects", "%"], rows: classes.map(({ name, count, percent }) => [name, corners[name].y > limit ? "above 2/3" : "up to 2/3", corners[name].x > limit ? "above 2/3" : "up to 2/3", counted(count), shown(percent)]) },
  };
}

/** Three round numbers up to the largest, for the legend. */
function roundVolumes(largest: number): number[] {
  const power = 10 ** Math.floor(Math.log10(largest));
  return [0.2, 0.5, 1, 2, 5].map((factor) => Number((factor * power).toPrecision(1))).filter((volume) => volume <= largest).slice(-3);
}

/** The classes are named around the point where their limits cross, which few objects are near. */
const corners = {
  disc: { x: limit - 0.015, y: limit + 0.035, align: "right" }, sphere: { x: limit + 0.015, y: limit + 0.035, align: "left" },
  blade: { x: limit - 0.015, y: limit - 0.035, align: "right" }, rod: { x: limit + 0.015, y: limit - 0.035, align: "left" },
} as const;

function pointData(objects: ZinggPlot["objects"], unit: "um" | "vx"): Data {
  // The large ones first, so that they hide no small one.
  const sorted = [...objects].sort((a, b) => b.volume - a.volume || a.objectId - b.objectId);
  return { name: "points", values: sorted.map(({ objectId, zingg, volume }) => ({ x: zingg.si, y: zingg.il, volume, told: `object ${objectId}: ${zingg.class}, I/L ${shown(zingg.il)}, S/I ${shown(zingg.si)}, volume ${shown(volume)} ${unitText(unit, 3)}` })) };
}

function pointMark(): Mark {
  return { type: "symbol", from: { data: "points" }, encode: { enter: { x: { scale: "x", field: "x" }, y: { scale: "y", field: "y" }, size: { scale: "size", field: "volume" }, fill: { value: pointColor }, fillOpacity: { value: 0.6 }, stroke: { value: "white" }, strokeWidth: { value: 0.7 }, description: { field: "told" } } } };
}

function cellData(objects: ZinggPlot["objects"]): Data {
  const counts = new Uint32Array(cells * cells);
  const cell = (ratio: number): number => Math.min(cells - 1, Math.floor(ratio * cells));
  for (const { zingg } of objects) counts[cell(zingg.il) * cells + cell(zingg.si)]!++;
  return { name: "cells", values: [...counts].flatMap((count, at) => (count === 0 ? [] : [{ count, x: (at % cells) / cells, y: Math.floor(at / cells) / cells, told: counted(count) }])) };
}

function cellMark(): Mark {
  const end = (scale: "x" | "y") => ({ scale, signal: `datum.${scale} + ${1 / cells}` });
  return { type: "rect", from: { data: "cells" }, encode: { enter: { x: { scale: "x", field: "x" }, x2: end("x"), y: { scale: "y", field: "y" }, y2: end("y"), fill: { scale: "count", field: "count" }, description: { field: "told" } } } };
}

function limits(): Mark[] {
  const line = { stroke: { value: "#777777" }, strokeDash: { value: [5, 4] } };
  return [
    { type: "rule", encode: { enter: { x: { scale: "x", value: limit }, y: { value: 0 }, y2: { value: side }, ...line } } },
    { type: "rule", encode: { enter: { y: { scale: "y", value: limit }, x: { value: 0 }, x2: { value: side }, ...line } } },
  ];
}

/** With a white rim, so that points behind them do not make them hard to read. */
function names(): Mark {
  const encode = (rim: boolean) => ({ enter: { x: { scale: "x", field: "x" }, y: { scale: "y", field: "y" }, text: { field: "text" }, align: { field: "align" }, baseline: { value: "middle" }, fontSize: { value: 13 }, fontWeight: { value: 600 }, font: { value: plotConfig.text!.font as string }, ...(rim ? { stroke: { value: "white" }, strokeWidth: { value: 4 }, strokeOpacity: { value: 0.85 } } : { fill: { value: "#333333" } }) } }) as const;
  return { type: "group", marks: [{ type: "text", from: { data: "classes" }, encode: encode(true) }, { type: "text", from: { data: "classes" }, encode: encode(false) }] };
}
