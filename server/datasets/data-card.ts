// DATA_CARD.md: what a person must know of a training set before using it.
import { splits, stackSize, type Dataset } from "./description.ts";
import { ksDistance, quantiles } from "./distance.ts";
import type { Place } from "./draw-places.ts";
import type { SetFormat } from "./set.ts";

/** How the crops were chosen; what a set from elsewhere does not say. */
export interface Drawing {
  readonly whole: readonly Place[];
  readonly taken: readonly Place[];
  readonly objectVoxels: readonly number[];
  readonly dropped: number;
  readonly minObjects: number;
}

export interface CardFacts {
  readonly dataset: Dataset;
  readonly format: SetFormat;
  readonly picture: string | undefined;
  readonly drawing?: Drawing | undefined;
  /** The command line that makes it again. */
  readonly command: string;
  readonly version: string;
  /** Of the format it was converted from: what was left out. */
  readonly notes?: readonly string[] | undefined;
}

const shown = [0.05, 0.25, 0.5, 0.75, 0.95] as const;

export function dataCard(facts: CardFacts): string {
  const { dataset, picture, drawing, command, version, notes = [] } = facts;
  const sections = [
    `# ${cell(dataset.name)}`,
    `Training set of ${dataset.dimensions === 2 ? "pictures" : "stacks"} with numbered objects, written by masklet ${version}. Licence: ${dataset.licence === undefined ? "not stated; ask the owners of the sources" : cell(dataset.licence)}.`,
    picture === undefined ? "" : `![Some crops with the outlines of their objects](${picture})`,
    `## Sources\n\n${sourceTable(dataset)}`,
    `## What is in it\n\n${contents(dataset)}`,
    drawing === undefined ? "" : `## Objects\n\n${objectSizes(dataset, drawing)}`,
    drawing === undefined ? "" : `## How the crops were drawn\n\n${howDrawn(dataset, drawing)}`,
    `## Splits\n\n${howSplit(dataset, drawing !== undefined)}`,
    `## Files\n\n${fileNotes[facts.format]}`,
    notes.length === 0 ? "" : `## What did not come along\n\n${notes.map((note) => `- ${note}`).join("\n")}`,
    `## How to make it again\n\n\`\`\`\n${command}\n\`\`\`\n\nThe same version, sources (by their SHA-256) and command give the same set.`,
    `## Known limits\n\n${limitsOf(dataset, drawing).map((line) => `- ${line}`).join("\n")}`,
  ];
  return `${sections.filter((section) => section !== "").join("\n\n")}\n`;
}

function sourceTable({ sources }: Dataset): string {
  const rows = sources.slice(0, 50).map(({ id, name, sha256, shape, dtype, spacing, range, labels }) =>
    [id, cell(name), `${shape.z} x ${shape.y} x ${shape.x}${shape.c * shape.t > 1 ? ` (${shape.c} channels, ${shape.t} frames)` : ""}`, dtype, spacing === null ? "not stated" : spacing.map(short).join(" x "),
      range.map(short).join(" to "), labels === undefined ? "" : `${labels.kind ?? ""} ${cell(labels.name)}`, `\`${sha256}\``, labels?.sha256 === undefined ? "" : `\`${labels.sha256}\``]);
  const more = sources.length > rows.length ? `\n\nand ${sources.length - rows.length} more, in the description.` : "";
  return `${table(["id", "image", "z x y x x", "dtype", "voxel (um)", "shown as black to white", "objects from", "SHA-256 of the image", "SHA-256 of the objects"], rows)}${more}`;
}

function contents({ items }: Dataset): string {
  const rows = [...splits.map((split) => items.filter((item) => item.split === split)), items].map((own, nth) => {
    const originals = own.filter((item) => item.of === undefined);
    const cut = originals.filter((item) => (item.border ?? []).length > 0).length;
    return [splits[nth] ?? "all", originals.length, own.length - originals.length, originals.reduce((sum, item) => sum + item.objects, 0), originals.filter((item) => item.objects === 0).length, cut].map(String);
  });
  const sizes = [...new Set(items.filter((item) => item.of === undefined).map((item) => stackSize(item).join(" x ")))];
  const told = sizes.length <= 5 ? sizes.join(", ") : `${sizes.length} different ones, such as ${sizes[0]}`;
  return `${table(["split", "crops", "turned copies", "objects in crops", "crops without object", "crops with objects on their border"], rows)}\n\nSize (planes x rows x columns): ${told}. Seen along: ${[...new Set(items.map((item) => item.axis))].join(", ")}.`;
}

function objectSizes({ dimensions, items }: Dataset, { objectVoxels }: Drawing): string {
  if (objectVoxels.length === 0) return "There is none.";
  const crops = items.filter((item) => item.of === undefined);
  const unit = dimensions === 2 ? "pixels" : "voxels";
  return `One class, \`object\`. Size of an object within its crop, in ${unit}, and objects a crop:\n\n${table(["", ...shown.map(percent)], [
    [unit, ...quantiles(objectVoxels, shown).map(short)], ["objects a crop", ...quantiles(crops.map((item) => item.objects), shown).map(short)],
  ])}`;
}

function howDrawn({ sources, seed }: Dataset, { whole, taken, dropped, minObjects }: Drawing): string {
  const measures: readonly (readonly [string, (place: Place) => number])[] = [
    ["mean grey value", (place) => place.mean], ["part filled by objects", (place) => place.foreground],
    ["z", (place) => place.start[0]], ["y", (place) => place.start[1]], ["x", (place) => place.start[2]],
  ];
  const rows = sources.flatMap(({ id }, source) => {
    const [all, crops] = [whole, taken].map((places) => places.filter((place) => place.source === source));
    if (crops!.length === 0) return [];
    return measures.flatMap(([name, of]) => [
      [id, name, "scan", ...quantiles(all!.map(of), shown).map(short), ""],
      [id, name, "crops", ...quantiles(crops!.map(of), shown).map(short), ksDistance(all!.map(of), crops!.map(of)).toFixed(3)],
    ]);
  });
  const empty = minObjects > 0 ? `Crops with fewer than ${minObjects} objects were dropped (${dropped} that were looked at), so empty regions are rarer than in the scan.` : "Empty crops were kept.";
  return [
    `Seed ${seed}. ${whole.length} places were drawn uniformly over the sources and told apart by source, thirds of the mean grey value, thirds of the part that objects fill, and octants of the source. Each split took its crops in the proportions of these strata (systematic sampling): of its own places the ones most like those sampled, in the same stratum where it has one. ${empty} Two crops of a split share at most half of their voxels as long as there is other room.`,
    `Grey value and filled part are means over cells of about a quarter of a crop; z, y and x are a crop's first corner. "Distance" is the largest difference of the two distribution functions (Kolmogorov-Smirnov, 0 to 1).`,
    table(["source", "measure", "of", ...shown.map(percent), "distance"], rows),
  ].join("\n\n");
}

function howSplit({ margin, items }: Dataset, drawn: boolean): string {
  const parts = splits.map((split) => `${split} ${items.filter((item) => item.split === split).length}`).join(", ");
  if (!drawn) return `Items: ${parts}.${margin === undefined ? " The set does not say how it was split; `masklet dataset check` looks for pictures that are in several." : ` Crops of different splits are at least ${margin} voxels apart.`}`;
  return `Items: ${parts}. Each source was cut into blocks, the blocks were dealt to the splits, and a crop lies with half the margin around it in blocks of its own split alone: crops of different splits of one source are at least ${margin ?? 0} voxels apart along some axis. Turned copies are in the split of their original.`;
}

const fileNotes: Readonly<Record<SetFormat, string>> = {
  stacks: "`dataset.json` describes every item; `images/*.tif` hold raw values, `labels/*.tif` object numbers as 16-bit integers, 0 is ground.",
  coco: "`annotations/instances_SPLIT.json`, one picture a plane under `images/SPLIT/`; `masklet.json` says which planes belong together, and is not needed by other programs. PNG holds 8 and 16 bit as they are; of float32 images it holds the range shown above as 0 to 65535. The category is `object`; the member `object` of an annotation is the object's number.",
  sam2: "`SPLIT/JPEGImages/ITEM/00000.jpg` and `SPLIT/Annotations/ITEM/00000.png`, one video an item, one frame a plane. Pictures are JPEG (quality 95) of the range shown above as 0 to 255, so grey values are near, not exact; masks are exact. Train with `PNGRawDataset` (img_folder SPLIT/JPEGImages, gt_folder SPLIT/Annotations, `is_palette: true`; `false` where Annotations/ITEM holds folders). `masklet.json` describes the items for masklet.",
  sa1b: "`SPLIT/sa_N.jpg` and `SPLIT/sa_N.json`, one picture an item, N its place in `masklet.json` from 1. Pictures are JPEG (quality 95) of the range shown above as 0 to 255; masks are exact. Train with `SA1BRawDataset` (img_folder and gt_folder SPLIT).",
};

function limitsOf({ items, sources }: Dataset, drawing: Drawing | undefined): string[] {
  const turned = items.some((item) => item.turn > 0);
  const uneven = sources.some(({ spacing }) => spacing !== null && Math.max(...spacing) > 1.01 * Math.min(...spacing));
  return [
    "Labels are as good as their source; nobody has looked at each of them for this set.",
    "Objects on a crop's border are cut by it; `border` of an item lists them. Their sizes are those of what is left.",
    ...(drawing === undefined ? [] : ["Crops of one split may overlap each other, and come from few scans: scores on test tell how the model does on these scans, not on others."]),
    ...(turned ? ["Turned copies are no new objects: counts of objects above leave them out."] : []),
    ...(uneven ? ["Voxels are not cubes. Pixels are as they were, not resampled; quarter turns of planes with uneven pixels show shapes that no scan has."] : []),
  ];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n");
}

/** Names come from files: what Markdown would read as its own is taken out. */
function cell(text: string): string {
  return text.replaceAll(/[|`<>\[\]\r\n]/g, "_").slice(0, 200);
}

function short(value: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(4))) : "none";
}

function percent(part: number): string {
  return `${Math.round(100 * part)} %`;
}

