// The pictures of a report: planes of the volume and objects from three sides, with outlines.
import type { DisplayRange, Watch } from "#protocol/types.ts";
import type { Triple } from "#server/volumes/label-reader.ts";
import { axisNames, cutsThrough } from "./choose-cuts.ts";
import type { VoxelBounds } from "./choose-cuts.ts";
import type { Picture } from "./contract.ts";
import { pixelSizeFor, readCut } from "./cut.ts";
import type { Cut, CutPixels, CutSource } from "./cut.ts";
import { shown, unitText } from "./numbers-as-text.ts";
import { barLength, besideEachOther, paintCut, pngOf, rangeOfCuts } from "./paint.ts";
import type { Layer } from "./paint.ts";

/** Of the longer side, in pixels. */
const planeSide = 640;
const objectSide = 180;

export interface Scene {
  readonly source: CutSource;
  readonly size: Triple;
  readonly unit: "um" | "vx";
  /** Of the image, settled by the first planes; undefined without an image, or without a finite value. */
  readonly range: DisplayRange | undefined;
}

/** Which of the scene's label images are drawn, and how. */
export type Painter = (ids: readonly Uint32Array[]) => readonly Layer[];

/** All of one scale, one after the other. `settle` gives the scene its range. */
export async function readPlanes(source: CutSource, cuts: readonly Cut[], watch: Watch): Promise<CutPixels[]> {
  const planes: CutPixels[] = [];
  for (const cut of cuts) {
    planes.push(await readCut(source, cut, pixelSizeFor([cut], source.spacing, planeSide), watch.signal));
    watch.onProgress?.({ done: planes.length, total: cuts.length, unit: "planes" });
  }
  return planes;
}

export function sceneOf(source: CutSource, size: Triple, unit: "um" | "vx", planes: readonly CutPixels[]): Scene {
  return { source, size, unit, range: source.image?.range ?? rangeOfCuts(planes) };
}

/** @param what names the picture's content for its alternative text, as in "outlines of 5 objects" */
export function planePicture(scene: Scene, plane: CutPixels, { name, title, what, painter }: { readonly name: string; readonly title?: string; readonly what: string; readonly painter: Painter }): Picture {
  const length = barLength(plane);
  const { axis, index } = plane.cut;
  const place = `${axis === 0 ? "slice z" : `cut ${axisNames[axis]}`} = ${index}`;
  const canvas = paintCut(plane, { range: scene.range, layers: painter(plane.ids), bar: length / plane.pixelSize, voxelSize: Math.min(...scene.source.spacing) });
  return {
    name, title: `${title === undefined ? place : `${title}, ${place}`} · bar ${shown(length)} ${unitText(scene.unit)}`,
    alt: `${place}${scene.range === undefined ? " without an image" : ""}: ${what}`, width: canvas.width, height: canvas.height, png: pngOf(canvas),
  };
}

export interface ObjectPicture {
  readonly name: string;
  readonly title: string;
  readonly alt: string;
  readonly box: VoxelBounds;
  /** Voxel that the three cuts pass through. */
  readonly voxel: readonly number[];
  readonly painter: Painter;
  readonly numbers: readonly (readonly [string, string])[];
}

/** An object from three sides at one scale. */
export async function objectPicture(scene: Scene, { name, title, alt, box, voxel, painter, numbers }: ObjectPicture, signal?: AbortSignal): Promise<Picture> {
  const cuts = cutsThrough(box, voxel, scene.size);
  const pixelSize = pixelSizeFor(cuts, scene.source.spacing, objectSide);
  const planes: CutPixels[] = [];
  for (const cut of cuts) planes.push(await readCut(scene.source, cut, pixelSize, signal));
  const length = barLength(planes[0]!);
  const canvas = besideEachOther(planes.map((plane) => ({
    word: `${axisNames[plane.cut.axis]}=${plane.cut.index}`,
    canvas: paintCut(plane, { range: scene.range, layers: painter(plane.ids), bar: length / pixelSize, voxelSize: Math.min(...scene.source.spacing) }),
  })));
  return { name, title, alt, width: canvas.width, height: canvas.height, png: pngOf(canvas), numbers: [...numbers, ["bar", `${shown(length)} ${unitText(scene.unit)}`]] };
}
