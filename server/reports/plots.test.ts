import assert from "node:assert/strict";
import { test } from "node:test";
import { decode } from "fast-png";
import { ellipsoid, populationOf, seededMeasures } from "../../test/seeded-measures.ts";
import type { Plot } from "./contract.ts";
import { drawPlot } from "./draw-plot.ts";
import { histogramPlot } from "./histogram-plot.ts";
import { linePlot } from "./line-plot.ts";
import { measurePlots } from "./measure-plots.ts";
import { orientationPlot } from "./orientation-plot.ts";
import { plotPng } from "./plot-png.ts";
import { scatterPlot } from "./scatter-plot.ts";
import { zinggPlot } from "./zingg-plot.ts";

/** What stands under the pointer of each mark. */
function told(svg: string): string[] {
  return [...svg.matchAll(/<title>([^<]*)<\/title>/g)].map(([, text]) => text!);
}

/** Marks with their places, relative to the plot's own corner. */
function places(svg: string): { x: number; y: number; told: string }[] {
  return [...svg.matchAll(/<path transform="translate\((-?[\d.]+),(-?[\d.]+)\)"[^>]*><title>([^<]*)<\/title>/g)].map(([, x, y, text]) => ({ x: Number(x), y: Number(y), told: text! }));
}

function named(plots: readonly Plot[], name: string): Plot {
  const plot = plots.find((each) => each.name === name);
  assert.ok(plot !== undefined, `no plot ${name}`);
  return plot;
}

test("a normal along z is drawn at the centre, one in the slice on the rim at its azimuth", async () => {
  const at = (degrees: number): [number, number, number] => [0, Math.sin((degrees * Math.PI) / 180), Math.cos((degrees * Math.PI) / 180)];
  const axes = [{ id: 1, axis: [1, 0, 0] as const, azimuth: 0, inclination: 0 }, { id: 2, axis: at(0), azimuth: 0, inclination: 90 }, { id: 3, axis: at(90), azimuth: 90, inclination: 90 }, { id: 4, axis: at(210), azimuth: 210, inclination: 90 }];
  const fabric = { objects: 4, orderParameter: 1, orderParameterZ: 1 };
  const found = places(await drawPlot(orientationPlot({ name: "normals", title: "Normals", axes, fabric: { ...fabric, tensor: [[1, 0, 0], [0, 0, 0], [0, 0, 0]], eigenvalues: [1, 0, 0], eigenvectors: [[1, 0, 0], [0, 1, 0], [0, 0, 1]] }, leftOut: 0 })));
  const of = (what: string) => found.find((place) => place.told.startsWith(what))!;
  const centre = of("object 1");
  const radius = of("object 2").x - centre.x;
  assert.equal(of("object 2").y, centre.y);
  assert.deepEqual([of("object 3").x, of("object 3").y], [centre.x, centre.y + radius]);
  assert.ok(Math.abs(of("object 4").x - (centre.x + radius * Math.cos((210 * Math.PI) / 180))) < 0.02);
  assert.ok(Math.abs(of("object 4").y - (centre.y + radius * Math.sin((210 * Math.PI) / 180))) < 0.02);
  assert.deepEqual([of("main direction").x, of("main direction").y], [centre.x, centre.y]);
});

test("objects lie in their class of the Zingg diagram, where its name stands", async () => {
  const axes = [[1, 0, 0], [0, 1, 0], [0, 0, 1]] as [[number, number, number], [number, number, number], [number, number, number]];
  const objects = ([[10, 9, 2], [10, 9, 8], [10, 3, 2.5], [10, 4, 1]] as [number, number, number][]).map((radii, nth) => ellipsoid(nth + 1, radii, axes));
  assert.deepEqual(objects.map(({ zingg }) => zingg.class), ["disc", "sphere", "rod", "blade"]);
  const svg = await drawPlot(zinggPlot({ objects, counts: populationOf(objects).zingg, unit: "um" }));
  const found = new Map(places(svg).map((place) => [/: (\w+),/.exec(place.told)![1]!, place]));
  const [disc, sphere, rod, blade] = ["disc", "sphere", "rod", "blade"].map((name) => found.get(name)!);
  // Up is smaller y: I/L grows upwards, S/I to the right.
  assert.ok(disc!.y < rod!.y && sphere!.y < blade!.y && disc!.x < sphere!.x && blade!.x < rod!.x);
  assert.ok(Math.abs(disc!.x - (340 * 2) / 9) < 0.02 && Math.abs(disc!.y - 340 * 0.1) < 0.02);
  for (const name of ["disc", "sphere", "rod", "blade"]) assert.ok(svg.includes(`>${name} 25 %<`), name);
});

test("each point is an object, each histogram adds up, in the picture and in its table", async () => {
  const measures = seededMeasures({ count: 80 });
  const plots = measurePlots(measures);
  const all = [...plots.shape, ...plots.others];
  const shaped = measures.population.shapedObjects;
  assert.ok(shaped > 40 && shaped < 80);
  assert.equal(told(await drawPlot(named(all, "flatness-against-volume"))).length, shaped);
  assert.equal(told(await drawPlot(named(all, "zingg"))).length, shaped);
  for (const name of ["elongation", "flatness", "sphericity", "solidity", "contacts", "intensity"]) {
    const plot = named(all, name);
    const sum = plot.table.rows.reduce((total, row) => total + Number(row[1]), 0);
    assert.equal(sum, shaped, name);
    assert.equal(told(await drawPlot(plot)).reduce((total, text) => total + Number(/: (\d+)$/.exec(text)![1]), 0), shaped, name);
  }
  const size = named(all, "size-distribution");
  assert.equal(size.table.rows.reduce((sum, row) => sum + Number(row[1]), 0), shaped);
  assert.ok(Math.abs(size.table.rows.reduce((sum, row) => sum + Number(row[3]), 0) - 100) < 1);
  const svg = await drawPlot(size);
  for (const quantile of ["D10", "D50", "D90"]) assert.equal(svg.split(`>${quantile} `).length - 1, 2, quantile);
});

test("what is not there is not plotted: no intensity, no object, objects at the border alone", () => {
  const names = (measures: ReturnType<typeof seededMeasures>): string[] => Object.values(measurePlots(measures)).flat().map(({ name }) => name);
  assert.ok(!names(seededMeasures({ count: 20, intensity: "none" })).includes("intensity"));
  assert.ok(!names(seededMeasures({ count: 20, intensity: "empty" })).includes("intensity"));
  assert.ok(!names(seededMeasures({ count: 20 })).includes("confidence"));
  assert.deepEqual(names(seededMeasures({ count: 0 })), []);
  const border = seededMeasures({ count: 3 }).objects.map((object) => ({ ...object, border: true }));
  assert.deepEqual(names({ ...seededMeasures({ count: 3 }), objects: border, population: populationOf(border) }), []);
});

test("more points than can be seen become cells that hold them all", async () => {
  const points = Array.from({ length: 5000 }, (_, nth) => ({ x: 1 + (nth % 97), y: nth % 89, told: `object ${nth}` }));
  const svg = await drawPlot(scatterPlot({ name: "many", title: "Many", caption: "", x: { label: "x" }, y: { label: "y" }, points }));
  const counts = told(svg).map((text) => Number(text));
  assert.ok(counts.length > 100 && counts.length <= 1600);
  assert.equal(counts.reduce((sum, count) => sum + count, 0), 5000);
});

test("hundreds of thousands of objects are no trouble", async () => {
  const objects = Array.from({ length: 300_000 }, (_, nth) => ({ objectId: nth + 1, volume: 1 + (nth % 7), zingg: { il: (nth % 11) / 10, si: (nth % 6) / 5, class: "disc" as const } }));
  const svg = await drawPlot(zinggPlot({ objects, counts: { disc: 300_000, sphere: 0, rod: 0, blade: 0 }, unit: "vx" }));
  assert.equal(told(svg).reduce((sum, text) => sum + Number(text.replaceAll("\u2009", "")), 0), 300_000);
});

test("names are text: in the picture, under the pointer, and never an expression", async () => {
  const hostile = "</text><script>alert(1)</script> ' + datum.x + \"&";
  const points = [{ x: 1, y: 0.5, told: hostile }, { x: 2, y: 0.7, told: hostile }];
  const svg = await drawPlot(linePlot({ name: "lines", title: hostile, caption: "", x: { label: hostile, domain: [0, 3] }, y: { label: "y", domain: [0, 1] }, lines: [{ name: hostile, points }, { name: hostile, points }] }));
  assert.ok(!svg.includes("<script"));
  assert.equal(told(svg).length, 4);
  assert.equal(told(svg)[0], "&lt;/text&gt;&lt;script&gt;alert(1)&lt;/script&gt; ' + datum.x + &quot;&amp;");
});

test("a plot is an image with a name and an alternative text, and the same again", async () => {
  const plot = named(measurePlots(seededMeasures({ count: 30 })).orientation, "platelet-normals");
  const [svg, again] = await Promise.all([drawPlot(plot), drawPlot(plot)]);
  assert.equal(svg, again);
  assert.match(svg, /^<svg [^>]*role="img" aria-labelledby="platelet-normals-title platelet-normals-alt"><title id="platelet-normals-title">Platelet normals<\/title><desc id="platelet-normals-alt">Equal-area plot of \d+ axes/);
  assert.ok(!/<style|<script|href|@import/.test(svg));
  // Ids are the plot's own, and each one that is used is there.
  for (const [, id] of svg.matchAll(/url\(#([^)]*)\)/g)) assert.ok(id!.startsWith("platelet-normals-") && svg.includes(`id="${id!}"`), id);
});

test("a plot as PNG has its marks and its letters", async () => {
  const svg = await drawPlot(histogramPlot({ name: "bars", title: "Title", caption: "", label: "Volume (µm³)", values: [1, 2, 2, 3, 3, 3] }));
  const inkOf = async (drawn: string): Promise<{ width: number; height: number; dark: number; blue: number }> => {
    const { width, height, data, channels } = decode(await plotPng(drawn));
    let [dark, blue] = [0, 0];
    for (let at = 0; at < data.length; at += channels) {
      if (data[at]! < 90 && data[at + 1]! < 90 && data[at + 2]! < 90) dark++;
      if (data[at]! < 60 && data[at + 2]! > 120) blue++;
    }
    return { width, height, dark, blue };
  };
  const whole = await inkOf(svg);
  const mute = await inkOf(svg.replace(/<text[^>]*>[^<]*<\/text>/g, ""));
  const [, width, height] = /width="(\d+)" height="(\d+)"/.exec(svg)!;
  assert.deepEqual([whole.width, whole.height], [2 * Number(width), 2 * Number(height)]);
  assert.ok(whole.blue > 10_000);
  assert.ok(whole.dark > mute.dark + 1000, `${whole.dark} dark pixels, ${mute.dark} without text`);
});

test("the letters of every plot are in the font that comes along", async () => {
  const svgs = await Promise.all(Object.values(measurePlots(seededMeasures({ count: 5000 }))).flat().map(drawPlot));
  const letters = new Set(svgs.flatMap((svg) => [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)]).flatMap(([, text]) => [...text!]));
  assert.ok(letters.size > 30);
  // The Latin files hold Latin 1, the thin space and the minus, not every sign of mathematics.
  assert.deepEqual([...letters].filter((letter) => !/[\u0020-\u00ff\u2009\u2212]/.test(letter)), []);
});
