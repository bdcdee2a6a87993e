// What was measured of a label image, to look at.
import type { LabelMeasures, ObjectMeasures, Watch } from "#protocol/types.ts";
import { objectColor } from "#server/exports/object-colors.ts";
import { crossCuts, spreadCuts } from "./choose-cuts.ts";
import type { Block, MeasureReportRequest, Picture, Report, Section, Table } from "./contract.ts";
import { drawPlots } from "./draw-plot.ts";
import { firstOf } from "./first-of.ts";
import { measurePlots } from "./measure-plots.ts";
import { counted, countOf, shown, unitText } from "./numbers-as-text.ts";
import { objectPicture, planePicture, readPlanes, sceneOf } from "./pictures.ts";
import type { Painter, Scene } from "./pictures.ts";
import { dimmed } from "./paint.ts";
import { reportPage } from "./report-page.ts";

/** Objects in the table of the page; all of them are in the CSV. */
const listedObjects = 200;
const shownObjects = 6;

/**
 * One HTML file: sizes, shapes, orientations, slices with outlines, and the objects to look at first. Some megabytes at most, however many
 * objects there are. Memory: the pictures, and one band of a plane at a time.
 * @throws cancelled, labels_invalid, and what reading throws
 */
export async function measureReport(request: MeasureReportRequest, watch: Watch = {}): Promise<string> {
  return reportPage(await composeMeasureReport(request, watch));
}

/** The same before it becomes a page, for those who also want its plots and pictures as files. */
export async function composeMeasureReport({ title, measures, labels, image, frame = 0 }: MeasureReportRequest, watch: Watch = {}): Promise<Report> {
  const objects = measures.objects.filter(({ t }) => t === frame);
  const spacing = [measures.spacing[0]!, measures.spacing[1]!, measures.spacing[2]!] as const;
  const source = { labels: [labels], image, spacing };
  const cuts = [...spreadCuts(labels.size, objects), ...crossCuts(labels.size, objects)];
  const planes = await readPlanes(source, cuts, watch);
  const scene = sceneOf(source, labels.size, measures.unit, planes);
  const painter: Painter = ([ids]) => [{ ids: ids!, color: objectColor, filled: image === undefined }];
  const slices = planes.map((plane) => planePicture(scene, plane, { name: `slice-${"zyx".charAt(plane.cut.axis)}${plane.cut.index}`, painter, what: `outlines of ${countOf(new Set(plane.ids[0]!.filter((id) => id !== 0)).size, "object")}` }));
  const plots = measurePlots(measures);
  const first = await lookFirst(scene, measures, objects, image === undefined, watch);
  return {
    title, facts: [["Labels", labels.name], ["Image", image === undefined ? "none given: no intensities, and pictures show labels alone" : image.name], ...factsOf(measures)],
    sections: [
      section("Slices", [{ kind: "pictures", columns: 3, pictures: slices, caption: `Six slices at most, spread over the part that holds objects, and cuts along y and x through its middle; indices count from 0${measures.frames > 1 ? `, frame ${frame}` : ""}. ${image === undefined ? "Without an image, objects are filled with their colours" : "Each object has its outline in a colour of its own"}; planes larger than the picture are scaled down. The bar is as long as stated.` }]),
      section("Sizes and shapes", [...(await drawPlots(plots.shape, watch)), ...tableBlock(populationTable(measures))], nothing(measures)),
      section("Orientations", await drawPlots(plots.orientation, watch), measures.population.shapedObjects === 0 ? nothing(measures) : "No object has a settled axis: all are as long as they are wide or thick."),
      section("Contacts, intensity, confidence", await drawPlots(plots.others, watch), nothing(measures)),
      ...first,
      section("Objects", tableBlock(objectTable(measures)), nothing(measures)),
    ],
  };
}

function section(heading: string, blocks: readonly Block[], otherwise = ""): Section {
  return { heading, blocks: blocks.length > 0 ? blocks : [{ kind: "text", text: otherwise }] };
}

function nothing({ population: { objects } }: LabelMeasures): string {
  return objects === 0 ? "There is no object." : `Nothing to show: ${objects === 1 ? "the only object reaches" : `each of the ${counted(objects)} objects reaches`} the border of the volume, so that a part of it may be missing.`;
}

function factsOf({ unit, spacing, size, frames, population }: LabelMeasures): [string, string][] {
  const { objects, borderObjects, shapedObjects, clusters, clusteredObjects, volume, volumeFraction } = population;
  return [
    ["Volume", `${size.join(" × ")} voxels (z × y × x)${frames > 1 ? `, ${frames} frames` : ""}`],
    ["Voxel size", unit === "vx" ? "not known: lengths are in voxels" : `${spacing.map(shown).join(" × ")} µm (z × y × x)`],
    ["Objects", `${counted(objects)}, together ${shown(volume)} ${unitText(unit, 3)}, ${shown(100 * volumeFraction)} % of the volume`],
    ["Left out", borderObjects === 0 ? "none: no object reaches the border" : shapedObjects === 0 ? "all: each reaches the border of the volume, so that a part of it may be missing" : `${countOf(borderObjects, "object")} at the border of the volume; plots and statistics are of the other ${counted(shapedObjects)}`],
    ["Touching", clusters === 0 ? "no objects touch" : `${counted(clusteredObjects)} objects in ${countOf(clusters, "cluster")}`],
    ...(size[0] === 1 ? [["Note", "one slice: objects are as thick as a voxel, so flatness, volume and orientation say little"] as [string, string]] : []),
  ];
}

function tableBlock(table: Table | undefined): Block[] {
  return table === undefined ? [] : [{ kind: "table", table }];
}

function populationTable({ population, unit }: LabelMeasures): Table | undefined {
  const { statistics, equivalentDiameter, meanContacts } = population;
  if (statistics === null || equivalentDiameter === null) return undefined;
  const row = (label: string, { mean, sd }: { mean: number; sd: number | null }): string[] => [label, shown(mean), shown(sd)];
  return {
    caption: `Population: ${countOf(population.shapedObjects, "object")} clear of the border, each counted once. Mean contacts ${shown(meanContacts)}.`, columns: ["", "mean", "standard deviation"],
    rows: [
      row(`Volume (${unitText(unit, 3)})`, statistics.volume), row(`Equivalent diameter (${unitText(unit)})`, statistics.equivalentDiameter), row(`Surface (${unitText(unit, 2)})`, statistics.surface), row(`Largest Feret diameter (${unitText(unit)})`, statistics.feret),
      row("Elongation R1 / R2", statistics.elongation), row("Flatness R2 / R3", statistics.flatness), row("Sphericity", statistics.sphericity), row("Solidity", statistics.solidity),
    ],
  };
}

function objectTable({ objects, unit, frames }: LabelMeasures): Table | undefined {
  if (objects.length === 0) return undefined;
  const largest = firstOf(objects, listedObjects, largestFirst);
  return {
    caption: objects.length > listedObjects ? `The ${listedObjects} largest of ${counted(objects.length)} objects` : "Every object, largest first",
    columns: ["object", ...(frames > 1 ? ["frame"] : []), `volume (${unitText(unit, 3)})`, `diameter (${unitText(unit)})`, "elongation", "flatness", "class", "sphericity", "solidity", "normal azimuth / inclination", "contacts", "border", "confidence"],
    rows: largest.map((object) => [String(object.objectId), ...(frames > 1 ? [String(object.t)] : []), ...[object.volume, object.equivalentDiameter, object.elongation, object.flatness].map(shown), object.zingg.class, shown(object.sphericity), shown(object.solidity), `${shown(object.normal.azimuth)}° / ${shown(object.normal.inclination)}°`, String(object.contacts.length), object.border ? "yes" : "no", shown(object.confidence)]),
  };
}

/** Objects to check before the numbers are believed: by confidence where there is one, else by solidity; and the largest. */
async function lookFirst(scene: Scene, { unit }: LabelMeasures, objects: readonly ObjectMeasures[], filled: boolean, watch: Watch): Promise<Section[]> {
  if (objects.length === 0) return [];
  const rated = objects.filter(({ confidence }) => confidence !== null);
  const whole = objects.filter(({ border }) => !border);
  const judged = rated.length > 0 ? rated : whole.length > 0 ? whole : objects;
  const worstFirst = (a: ObjectMeasures, b: ObjectMeasures): number => score(a) - score(b) || largestFirst(a, b);
  const what = rated.length > 0 ? "confidence" : "solidity";
  const half = Math.min(shownObjects, Math.ceil(judged.length / 2));
  const groups: readonly (readonly [string, string, readonly ObjectMeasures[]])[] = [
    ["worst", `Lowest ${what}: ${rated.length > 0 ? "where the segmentation was least sure." : "bent, ragged or joined objects come first. (The segmentation gave no confidence to sort by.)"}`, firstOf(judged, half, worstFirst)],
    ["best", `Highest ${what}, for comparison.`, firstOf(judged, Math.min(4, judged.length - half), (a, b) => worstFirst(b, a))],
    ["largest", "The largest objects, at the border or not: what is joined by mistake is often among them.", firstOf(objects, 4, largestFirst)],
  ];
  const blocks: Block[] = [];
  for (const [name, caption, chosen] of groups) {
    const pictures: Picture[] = [];
    for (const object of chosen) pictures.push(await pictureOf(scene, name, object, unit, filled, watch.signal));
    if (pictures.length > 0) blocks.push({ kind: "pictures", columns: 2, caption, pictures });
  }
  return [{ heading: "Objects to look at first", blocks }];
}

function largestFirst(a: ObjectMeasures, b: ObjectMeasures): number {
  return b.volume - a.volume || a.objectId - b.objectId;
}

function score({ confidence, solidity }: ObjectMeasures): number {
  return confidence ?? solidity;
}

function pictureOf(scene: Scene, group: string, object: ObjectMeasures, unit: "um" | "vx", filled: boolean, signal?: AbortSignal): Promise<Picture> {
  const { objectId, start, end, centroid, border } = object;
  const numbers: [string, string][] = [
    ...(object.confidence === null ? [] : [["confidence", shown(object.confidence)] as [string, string]]), ["solidity", shown(object.solidity)], ["volume", `${shown(object.volume)} ${unitText(unit, 3)}`],
    ["elongation", shown(object.elongation)], ["flatness", shown(object.flatness)], ["contacts", String(object.contacts.length)], ...(border ? [["border", "yes"] as [string, string]] : []),
  ];
  return objectPicture(scene, {
    name: `${group}-${objectId}`, title: `Object ${objectId}`, alt: `Object ${objectId} cut along z, y and x through its centroid`, box: { start, end },
    voxel: centroid.map((at, axis) => at / scene.source.spacing[axis]!), painter: ([ids]) => [{ ids: ids!, color: (id) => (id === objectId ? objectColor(id) : dimmed(objectColor(id))), filled }], numbers,
  }, signal);
}
