// The worst masklets from one box, to look at: one sheet a model, and what they have in common.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { faults, type Fault, type ObjectLook } from "./masklet-faults.ts";
import { sheetOf, stripOf, type Strip } from "./gallery-sheet.ts";
import type { JudgedMasklet } from "./masklet-judging.ts";
import type { JudgedGroup } from "./masklet-scores.ts";
import type { SceneGroup } from "./quality-scenes.ts";
import { median, tableText } from "./table.ts";

const shown = 20;
const columns = 2;
/** A masklet below this has a fault worth counting. */
const faultyBelow = 0.8;

interface Case {
  readonly group: string;
  readonly scene: string;
  readonly kind: string;
  readonly masklet: JudgedMasklet;
}

/** Writes `MODEL.png`, `MODEL.json` and `MODEL.md` into the folder. @param opened the groups that were judged, to read their volumes again */
export async function writeGallery(folder: string, model: string, judged: readonly JudgedGroup[], opened: readonly SceneGroup[]): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const all = judged.flatMap(({ name: group, scenes }) => scenes.flatMap(({ name: scene, kind, byModel }) => byModel.get(model)!.masklets.map((masklet): Case => ({ group, scene, kind, masklet }))));
  const worst = [...all].sort((a, b) => a.masklet.box - b.masklet.box).slice(0, shown);
  if (worst.length === 0) return;
  const strips = await stripsOf(worst, opened);
  writeFileSync(join(folder, `${model}.png`), sheetOf(`${model}: the ${worst.length} worst of ${all.length} masklets from one box`, worst.map((one) => strips.get(one)!), columns));
  const faulty = all.filter(({ masklet }) => masklet.box < faultyBelow);
  const common = { judged: all.length, faultyBelow, faulty: sideOf(faulty), sound: sideOf(all.filter((one) => !faulty.includes(one))), worst: sideOf(worst) };
  writeFileSync(join(folder, `${model}.json`), `${JSON.stringify({ model, cases: worst.map(caseFacts), common }, null, 2)}\n`);
  writeFileSync(join(folder, `${model}.md`), summary(model, worst, common));
}

async function stripsOf(worst: readonly Case[], opened: readonly SceneGroup[]): Promise<Map<Case, Strip>> {
  const strips = new Map<Case, Strip>();
  for (const group of opened) {
    const here = worst.filter((one) => one.group === group.name);
    if (here.length === 0) continue;
    for await (const scene of group.open()) for (const one of here) if (one.scene === scene.name) strips.set(one, await stripOf(scene, one.masklet, captionOf(one, worst.indexOf(one) + 1)));
  }
  return strips;
}

function captionOf({ scene, kind, masklet: { object, box, fault } }: Case, rank: number): string {
  const name = scene.includes(kind) ? scene : `${kind}, ${scene}`;
  return `${rank}: ${box.toFixed(2)} ${fault}, ${name} #${object.id}`;
}

/** What a set of masklets is made of. */
interface Side {
  readonly masklets: number;
  readonly faults: Readonly<Record<Fault, number>>;
  readonly groups: Readonly<Record<string, number>>;
  readonly kinds: Readonly<Record<string, number>>;
  /** Undefined where there is none. */
  readonly medians: ObjectLook | undefined;
}

function sideOf(cases: readonly Case[]): Side {
  const count = (of: (one: Case) => string): Record<string, number> => {
    const counts = new Map<string, number>();
    for (const one of cases) counts.set(of(one), (counts.get(of(one)) ?? 0) + 1);
    return Object.fromEntries([...counts].sort((a, b) => b[1] - a[1]));
  };
  const middle = (of: (look: ObjectLook) => number): number => rounded(median(cases.map(({ masklet }) => of(masklet.look))));
  const byFault = (fault: Fault): number => cases.filter(({ masklet }) => masklet.fault === fault).length;
  return {
    masklets: cases.length,
    faults: { "lost": byFault("lost"), "ended early": byFault("ended early"), "thin": byFault("thin"), "ran on": byFault("ran on"), "leaked": byFault("leaked"), "wrong object": byFault("wrong object") },
    groups: count(({ group }) => group), kinds: count(({ kind }) => kind),
    medians: cases.length === 0 ? undefined : { voxels: middle(({ voxels }) => voxels), slices: middle(({ slices }) => slices), diameter: middle(({ diameter }) => diameter), contrast: middle(({ contrast }) => contrast), crowded: middle(({ crowded }) => crowded) },
  };
}

function caseFacts({ group, scene, kind, masklet: { object, box, click, corrected, fault, look, ends } }: Case) {
  return { group, scene, kind, object: object.id, dice: rounded(box), click: rounded(click), corrected: corrected.map(rounded), fault, ...Object.fromEntries(Object.entries(look).map(([name, value]) => [name, rounded(value)])), ends: ends.map(({ direction, index, reason }) => ({ direction, index, reason })) };
}

function summary(model: string, worst: readonly Case[], { judged, faulty, sound }: { readonly judged: number; readonly faulty: Side; readonly sound: Side }): string {
  const counts = (record: Readonly<Record<string, number>>): string => Object.entries(record).filter(([, count]) => count > 0).map(([name, count]) => `${name} ${count}`).join(", ") || "none";
  const looks = (["voxels", "slices", "diameter", "contrast", "crowded"] as const).map((name) => [name, String(faulty.medians?.[name] ?? ""), String(sound.medians?.[name] ?? "")]);
  return [
    `# The worst masklets of ${model} from one box`,
    `![The ${worst.length} worst of ${judged}](${model}.png)`,
    `Of ${judged} masklets ${faulty.masklets} have a Dice below ${faultyBelow}. By what most of their wrong voxels are: ${counts(faulty.faults)}. By volumes: ${counts(faulty.groups)}. By kinds: ${counts(faulty.kinds)}.`,
    `Medians of these objects beside those of the others. The diameter is that of a disc as large as the object on its middle slice, in pixels; the contrast there is between it and the ring of 3 pixels around it, in deviations of both; crowded is the part of that ring that other objects have.`,
    tableText(["", `below ${faultyBelow}`, "others"], looks),
    tableText(["", "volume", "object", "Dice", "click", "corrected", "what went wrong"], worst.map(({ scene, masklet: { object, box, click, corrected, fault } }, nth) => [String(nth + 1), scene, String(object.id), box.toFixed(2), click.toFixed(2), corrected.at(-1)!.toFixed(2), fault])),
    `Faults are ${faults.join(", ")}: hardly anything on the prompted slice; missed beyond the masklet's ends; missed between them; too much beyond the object's ends; too much beside it; one of the last two, mostly in other objects.`,
  ].join("\n\n") + "\n";
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}
