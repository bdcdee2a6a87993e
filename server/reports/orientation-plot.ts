// The orientations of one axis of the objects on an equal-area net.
import type { Schema } from "#protocol/types.ts";
import type { Triple } from "#server/volumes/label-reader.ts";
import type { Data, Mark } from "vega";
import { maxPoints } from "./bins.ts";
import type { Plot } from "./contract.ts";
import { netDensity, netRadius, onNet } from "./equal-area.ts";
import { counted, countOf, shown } from "./numbers-as-text.ts";
import { markColor, plotFont } from "./plot-style.ts";

export interface OrientedAxis {
  readonly id: number;
  /** Unit vector [z, y, x]. */
  readonly axis: Triple;
  readonly azimuth: number;
  readonly inclination: number;
}

export interface OrientationPlot {
  readonly name: string;
  readonly title: string;
  readonly axes: readonly OrientedAxis[];
  /** Of these axes. */
  readonly fabric: Schema<"Fabric">;
  /** Objects whose axis is not settled by their shape. */
  readonly leftOut: number;
}

const diameter = 330;
const densitySide = 72;
const levels = [1, 2, 4, 8, 16, 32, 64];
const greys = ["#f3f3f3", "#dbe7ef", "#b8d3e3", "#8fbbd6", "#64a0c6", "#3d82ad", "#1f6690", "#0c4a70"];

export function orientationPlot({ name, title, axes, fabric, leftOut }: OrientationPlot): Plot {
  const main = fabric.eigenvectors[0]!;
  const mainAt = onNet([main[0]!, main[1]!, main[2]!]);
  const inclination = (Math.acos(Math.min(1, Math.abs(main[0]!))) * 180) / Math.PI;
  const azimuth = ((Math.atan2(mainAt.y, mainAt.x) * 180) / Math.PI + 360) % 360;
  const toldMain = `azimuth ${shown(azimuth)}°, inclination ${shown(inclination)}°`;
  const many = axes.length > maxPoints;
  const values = netDensity(axes.map(({ axis }) => axis), densitySide);
  const reached = levels.filter((level) => values.some((value) => value >= level));
  const out = leftOut === 0 ? "" : ` ${countOf(leftOut, "object")} whose shape does not settle this axis ${leftOut === 1 ? "is" : "are"} left out.`;
  return {
    name, title,
    caption: `Equal-area (Lambert) projection of the hemisphere z ≥ 0: the centre is the z axis, the rim lies in the slice, x to the right and y down as on the screen. ${many ? `The ${counted(axes.length)} axes are too many for points and are shown by their density` : "One point an object"}; shades are the density in multiples of an even spread (exponential Kamb kernel). The diamond is the main direction: ${toldMain}. Order parameter S = ${shown(fabric.orderParameter)} about it, ${shown(fabric.orderParameterZ)} about z.${out}`,
    alt: `Equal-area plot of ${countOf(axes.length, "axis", "axes")}. Main direction ${toldMain}. Order parameter ${shown(fabric.orderParameter)}; densest place ${shown(Math.max(...values))} times an even spread.`,
    spec: {
      width: diameter, height: diameter,
      title: { text: title, subtitle: [`n = ${counted(axes.length)} · S = ${shown(fabric.orderParameter)} · hemisphere of +z`, `main direction ${shown(azimuth)}° / ${shown(inclination)}°`] },
      scales: [
        { name: "x", domain: [-1, 1], range: [0, diameter] },
        { name: "y", domain: [-1, 1], range: [0, diameter] },
        { name: "shade", type: "ordinal", domain: ["< 1", ...reached.map(String)], range: greys.slice(0, reached.length + 1) },
      ],
      data: [shadeData(values, reached), ...netData(), ...(many ? [] : [pointData(axes)]), { name: "main", values: [{ ...mainAt, told: `main direction: ${toldMain}` }] }],
      marks: [shades(), ...netMarks(), ...(many ? [] : [points()]), mainMark()],
      legends: [{ fill: "shade", title: "Density, × even spread", symbolType: "square", symbolSize: 160, orient: "bottom", direction: "horizontal", offset: 30 }],
    },
    table: { caption: `${title}: fabric tensor`, columns: ["", "eigenvalue", "z", "y", "x"], rows: fabric.eigenvalues.map((value, nth) => [`${["first", "second", "third"][nth]!} direction`, value.toFixed(3), ...fabric.eigenvectors[nth]!.map((part) => part.toFixed(3))]) },
  };
}

/** Filled contours. Outside the rim the density goes on over the other hemisphere, and is cut off by the circle. */
function shadeData(values: Float64Array, reached: readonly number[]): Data {
  const grid = { width: densitySide, height: densitySide, values: [...values] };
  return { name: "shades", values: [grid], transform: [
    { type: "isocontour", scale: { expr: `${diameter / densitySide}` }, smooth: true, thresholds: [0, ...reached] },
  ] };
}

function shades(): Mark {
  const circle = `M0,${diameter / 2}a${diameter / 2},${diameter / 2} 0 1,0 ${diameter},0a${diameter / 2},${diameter / 2} 0 1,0 ${-diameter},0Z`;
  return {
    type: "group", clip: { path: circle }, encode: { enter: { width: { value: diameter }, height: { value: diameter } } },
    marks: [{ type: "path", from: { data: "shades" }, encode: { enter: { fill: { scale: "shade", signal: "datum.contour.value === 0 ? '< 1' : '' + datum.contour.value" }, stroke: { value: "white" }, strokeWidth: { value: 0.4 } } }, transform: [{ type: "geopath", field: "datum.contour" }] }],
  };
}

/** Circles of inclination 30, 60 and 90, spokes of azimuth every 30 degrees, and their numbers. */
function netData(): Data[] {
  const spokes = Array.from({ length: 12 }, (_, nth) => nth * 30);
  const on = (degrees: number, radius: number): { x: number; y: number } => ({ x: radius * Math.cos((degrees * Math.PI) / 180), y: radius * Math.sin((degrees * Math.PI) / 180) });
  return [
    { name: "circles", values: [30, 60, 90].map((inclination) => ({ r: netRadius(inclination), size: (Math.PI / 4) * (netRadius(inclination) * diameter) ** 2 * (4 / Math.PI), rim: inclination === 90 })) },
    { name: "spokes", values: spokes.map((degrees) => ({ ...on(degrees, 1), from: on(degrees, netRadius(30)) })) },
    { name: "rim", values: spokes.map((degrees) => ({ ...on(degrees, 1.055), text: degrees === 0 ? "0° = x" : degrees === 90 ? "90° = y" : `${degrees}°`, align: degrees === 90 || degrees === 270 ? "center" : degrees < 90 || degrees > 270 ? "left" : "right" })) },
    { name: "rings", values: [30, 60].map((inclination) => ({ ...on(255, netRadius(inclination)), text: `${inclination}°` })) },
  ];
}

function netMarks(): Mark[] {
  const line = { stroke: { value: "#9a9a9a" }, strokeWidth: { value: 0.6 } };
  const words = { text: { field: "text" }, baseline: { value: "middle" }, font: { value: plotFont } } as const;
  return [
    { type: "symbol", from: { data: "circles" }, encode: { enter: { x: { value: diameter / 2 }, y: { value: diameter / 2 }, size: { field: "size" }, fill: { value: "transparent" }, stroke: { signal: "datum.rim ? '#333333' : '#9a9a9a'" }, strokeWidth: { signal: "datum.rim ? 1.2 : 0.6" } } } },
    { type: "rule", from: { data: "spokes" }, encode: { enter: { x: { scale: "x", field: "from.x" }, y: { scale: "y", field: "from.y" }, x2: { scale: "x", field: "x" }, y2: { scale: "y", field: "y" }, ...line } } },
    { type: "text", from: { data: "rim" }, encode: { enter: { x: { scale: "x", field: "x" }, y: { scale: "y", field: "y" }, align: { field: "align" }, fontSize: { value: 12 }, fill: { value: "#333333" }, ...words } } },
    { type: "text", from: { data: "rings" }, encode: { enter: { x: { scale: "x", field: "x" }, y: { scale: "y", field: "y" }, align: { value: "center" }, fontSize: { value: 10 }, fill: { value: "#555555" }, ...words } } },
  ];
}

function pointData(axes: readonly OrientedAxis[]): Data {
  return { name: "points", values: axes.map(({ id, axis, azimuth, inclination }) => ({ ...onNet(axis), told: `object ${id}: azimuth ${shown(azimuth)}°, inclination ${shown(inclination)}°` })) };
}

function points(): Mark {
  return { type: "symbol", from: { data: "points" }, encode: { enter: { x: { scale: "x", field: "x" }, y: { scale: "y", field: "y" }, size: { value: 26 }, fill: { value: "#111111" }, fillOpacity: { value: 0.75 }, stroke: { value: "white" }, strokeWidth: { value: 0.6 }, description: { field: "told" } } } };
}

function mainMark(): Mark {
  return { type: "symbol", from: { data: "main" }, encode: { enter: { x: { scale: "x", field: "x" }, y: { scale: "y", field: "y" }, shape: { value: "diamond" }, size: { value: 190 }, fill: { value: markColor }, stroke: { value: "white" }, strokeWidth: { value: 1.5 }, description: { field: "told" } } } };
}
