// What the judging found, as tables and as the file that `auto` decides by.
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import type { JudgedMasklet, JudgedScene } from "./masklet-judging.ts";
import type { JudgedModel } from "./masklet-models.ts";
import type { Table } from "./table.ts";

export interface JudgedGroup {
  readonly name: string;
  readonly scenes: readonly (JudgedScene & { /** A recipe's Dice of the same objects. */ readonly recipe: readonly number[] })[];
}

interface GroupScores {
  readonly objects: number;
  readonly box: number;
  readonly click: number;
  /** After none, one, two ... */
  readonly corrections: readonly number[];
}

export interface Scores {
  /** UTC, year, month and day. */
  readonly made: string;
  /** Names the objects and what was said of them: only what is equal may stand side by side. */
  readonly asked: string;
  readonly models: Readonly<Record<string, { readonly sha256: string; readonly groups: Readonly<Record<string, GroupScores>>; /** Over the groups, of one box: what most people begin with. */ readonly mean: number }>>;
}

/** Groups of which no object was judged are left out. */
export function scoresOf(groups: readonly JudgedGroup[], models: readonly JudgedModel[]): Scores {
  const ofModel = ({ id, sha256 }: JudgedModel) => {
    const found = groups.map((group) => [group.name, groupScores(maskletsOf(group, id))] as const).filter(([, { objects }]) => objects > 0);
    return [id, { sha256, groups: Object.fromEntries(found), mean: rounded(meanOf(found.map(([, { box }]) => box))) }] as const;
  };
  return { made: new Date().toISOString().slice(0, 10), asked: askedOf(groups), models: Object.fromEntries(models.map(ofModel)) };
}

function askedOf(groups: readonly JudgedGroup[]): string {
  const asked = groups.map(({ name, scenes }) => [name, scenes.map((scene) => [scene.name, scene.choice.chosen.map(({ id, voxels, middle }) => [id, voxels, middle])])]);
  return createHash("sha256").update(JSON.stringify(asked)).digest("hex").slice(0, 16);
}

/** Models that an earlier run judged by the very same objects stay; of another run nothing does. @returns their ids */
export function writeScores(file: string, scores: Scores): string[] {
  const before: Scores | undefined = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : undefined;
  const kept = before?.asked === scores.asked ? before.models : {};
  writeFileSync(file, `${JSON.stringify({ ...scores, models: { ...kept, ...scores.models } }, null, 2)}\n`);
  return Object.keys(kept).filter((id) => !(id in scores.models));
}

export function maskletsOf({ scenes }: JudgedGroup, model: string): JudgedMasklet[] {
  return scenes.flatMap(({ byModel }) => byModel.get(model)!.masklets);
}

function groupScores(masklets: readonly JudgedMasklet[]): GroupScores {
  const mean = (of: (one: JudgedMasklet) => number): number => rounded(meanOf(masklets.map(of)));
  return {
    objects: masklets.length, box: mean(({ box }) => box), click: mean(({ click }) => click),
    corrections: (masklets[0]?.corrected ?? []).map((_, nth) => mean(({ corrected }) => corrected[nth]!)),
  };
}

/** @param recipe that stands beside, asked nothing @param notScored volumes that show nothing */
export function maskletTable(groups: readonly JudgedGroup[], models: readonly string[], recipe: string, notScored: readonly string[], corrections: number): Table {
  const lines = groups.flatMap((group) => {
    const ofModels = models.map((model) => {
      const masklets = maskletsOf(group, model);
      const { objects, box, click, corrections: curve } = groupScores(masklets);
      const pace = group.scenes.map(({ byModel }) => byModel.get(model)!.pace);
      const seconds = pace.reduce((sum, { ms }) => sum + ms, 0) / 1000 / pace.reduce((sum, { slices }) => sum + slices, 0);
      const poor = masklets.filter((one) => one.box < 0.5).length;
      return [group.name, model, ...(objects === 0 ? Array.from({ length: corrections + 3 }, () => "") : [objects, told(box), `${poor}`, told(click), ...curve.slice(1).map(told), seconds.toFixed(3)])].map(String);
    });
    const dices = group.scenes.flatMap((scene) => scene.recipe);
    return [...ofModels, [group.name, `${recipe}, asked nothing`, String(dices.length), dices.length === 0 ? "" : told(meanOf(dices)), String(dices.filter((dice) => dice < 0.5).length), ...Array.from({ length: corrections + 2 }, () => "")]];
  });
  return {
    title: [
      "Masklets: mean 3D Dice of whole objects from one exact box, or one click, on the object's middle slice, and from that box with further clicks where most is wrong; what is missing or too much on any slice counts.",
      "The recipe's Dice is per particle, of the same objects. Seconds a slice: of the boxes' run, all objects of a scene together",
      ...(notScored.length === 0 ? [] : [`. Not scored, white noise: ${notScored.join(", ")}`]),
    ].join(" "),
    head: ["volume", "by", "objects", "box", "below 0.5", "click", ...Array.from({ length: corrections }, (_, nth) => `+ ${nth + 1}`), "s a slice"],
    lines,
  };
}

/** What became of the objects that are there. */
export function objectTable(groups: readonly JudgedGroup[]): Table {
  return {
    title: "Objects of these volumes: too small are those below 150 voxels or 5 slices, cut are those that two or more sides of the slices cut; of the rest some are drawn by seed",
    head: ["volume", "volumes", "objects", "too small", "cut", "judged"],
    lines: groups.map(({ name, scenes }) => {
      const sum = (of: (scene: JudgedScene) => number): string => String(scenes.reduce((total, scene) => total + of(scene), 0));
      return [name, String(scenes.length), sum(({ choice }) => choice.all), sum(({ choice }) => choice.small), sum(({ choice }) => choice.cut), sum(({ choice }) => choice.chosen.length)];
    }),
  };
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function told(value: number): string {
  return value.toFixed(2);
}

function rounded(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}
