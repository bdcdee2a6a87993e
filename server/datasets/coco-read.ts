// A COCO set: one JSON a split under annotations/, and pictures. Sets that masklet wrote come back as they were.
import { MaskletError, throwIfCancelled } from "#protocol/errors.ts";
import { limits } from "#protocol/limits.ts";
import type { Pixels } from "#server/volumes/source.ts";
import { paintAnnotations, readCocoFile, type CocoFile, type CocoPicture } from "./coco-annotations.ts";
import { cocoFrame } from "./coco-write.ts";
import { parseJson, splits, stackSize, type Dataset, type DatasetItem, type DatasetSource, type Split } from "./description.ts";
import { finding, findingOf, type Finding } from "./findings.ts";
import { describeForeign, foreignDataset, idMaker, readMemo } from "./foreign-set.ts";
import { readGreyPicture, readPictureFacts } from "./read-picture.ts";
import type { SetFiles } from "./set-files.ts";
import type { OpenSet } from "./set.ts";

interface Frame {
  readonly path: string;
  readonly picture: CocoPicture;
}

/** The COCO files of a folder: those under annotations/, else those that lie in it. */
export async function cocoFiles(files: SetFiles): Promise<string[]> {
  const inside = (await files.names("annotations")).map((name) => `annotations/${name}`);
  const own = (await files.names("")).filter((name) => name !== "dataset.json" && name !== "masklet.json");
  return (inside.length > 0 ? inside : own).filter((name) => name.toLowerCase().endsWith(".json"));
}

/** @throws dataset_invalid for a JSON that is none of COCO's, too_large, cancelled */
export async function openCoco(files: SetFiles, signal?: AbortSignal): Promise<OpenSet> {
  const findings: Finding[] = [];
  const frames = new Map<string, Frame>();
  const byName = new Map<string, { split: Split; frame: Frame }>();
  const left = { crowds: 0, boxes: 0, categories: 0, contested: 0, colours: 0 };
  for (const name of await cocoFiles(files)) {
    throwIfCancelled(signal);
    const file: CocoFile = readCocoFile(parseJson(new TextDecoder().decode(await files.read(name, limits.maxDatasetJsonBytes)), name), name);
    findings.push(...file.findings);
    left.crowds += file.crowds;
    left.boxes += file.boxes;
    left.categories = Math.max(left.categories, file.categories);
    for (const picture of file.pictures) {
      const path = await findPicture(files, picture.file, name).catch((thrown: unknown) => void findings.push(findingOf(picture.file, thrown)));
      if (path === undefined) continue;
      if (path === "") findings.push(finding("image_missing", picture.file, `${name} names an image that is not there`));
      else if (byName.has(path)) findings.push(finding("id_duplicate", path, "two entries name this image"));
      else byName.set(path, { split: splitOf(name), frame: { path, picture } });
    }
  }
  const memo = await readMemo(files);
  const dataset = memo === undefined ? await describe() : ours(memo);

  return {
    format: "coco", dataset, findings,
    notes: () => [
      ...(left.crowds > 0 ? [`${left.crowds} crowd regions were left out: they are no objects`] : []),
      ...(left.boxes > 0 ? [`${left.boxes} annotations with a box and no mask were left out`] : []),
      ...(left.categories > 1 ? [`${left.categories} categories became one: a label image knows objects, no classes`] : []),
      ...(left.contested > 0 ? [`${left.contested} pixels of several objects went to the first of them`] : []),
      ...(left.colours > 0 ? [`${left.colours} colour pictures became grey (luma)`] : []),
    ],
    readCrop: async (item, signal) => {
      const [depth, height, width] = stackSize(item);
      const labels = new Uint16Array(depth * height * width);
      const planes: Pixels[] = [];
      for (let plane = 0; plane < depth; plane++) {
        throwIfCancelled(signal);
        const frame = frames.get(`${item.id} ${plane}`);
        if (frame === undefined) throw MaskletError.of("dataset_invalid", { file: item.id, why: `no COCO file lists its plane ${plane}` });
        const picture = await readGreyPicture(files, frame.path);
        const { picture: { width: u, height: v } } = frame;
        if (picture.width !== u || picture.height !== v || u !== width || v !== height) {
          throw MaskletError.of("dataset_invalid", { file: frame.path, why: `the picture has ${picture.width} x ${picture.height} pixels, COCO says ${u} x ${v}, and the item is ${width} x ${height}` });
        }
        if (picture.wasColour) left.colours++;
        planes.push(picture.data);
        const { numbers, contested } = paintAnnotations(frame.picture);
        left.contested += contested;
        labels.set(numbers, plane * height * width);
      }
      return { image: { size: [depth, height, width], data: joined(planes, item.id) }, labels: { size: [depth, height, width], data: labels } };
    },
  };

  /** Planes are found again by the names they were given; what is listed beside them is told. */
  function ours(memo: Dataset): Dataset {
    for (const item of memo.items) {
      const [depth] = stackSize(item);
      for (let plane = 0; plane < depth; plane++) {
        const name = ["png", "tif"].map((kind) => `images/${cocoFrame(item, plane, depth)}.${kind}`).find((path) => byName.has(path));
        if (name === undefined) findings.push(finding("image_missing", item.id, `no COCO file lists its plane ${plane}`));
        else {
          frames.set(`${item.id} ${plane}`, byName.get(name)!.frame);
          byName.delete(name);
        }
      }
    }
    for (const path of byName.keys()) findings.push(finding("file_unlisted", path, "masklet.json has no item for this image; without masklet.json it would be one"));
    return memo;
  }

  async function describe(): Promise<Dataset> {
    const makeId = idMaker();
    const [sources, items]: [DatasetSource[], DatasetItem[]] = [[], []];
    for (const [path, { split, frame }] of byName) {
      throwIfCancelled(signal);
      try {
        const facts = await readPictureFacts(files, path);
        const id = makeId(path.replace(/^images\//, "").replace(/\.[^./]*$/, ""));
        const described = describeForeign(id, path, split, [facts], { name: path, kind: "coco" });
        sources.push(described.source);
        items.push({ ...described.item, objects: frame.picture.annotations.length });
        frames.set(`${id} 0`, frame);
      } catch (thrown) {
        findings.push(findingOf(path, thrown));
      }
    }
    return foreignDataset(files.folder.split(/[/\\]/).at(-1) || "coco", sources, items);
  }
}

/** Where a picture may lie that a file names: beside the JSON's folder, under images/, in a folder of its split. "" when nowhere. @throws path_forbidden */
async function findPicture(files: SetFiles, name: string, json: string): Promise<string | undefined> {
  const stem = json.split("/").at(-1)!.replace(/\.json$/i, "");
  const folders = ["images/", "", `images/${splitOf(json)}/`, `${splitOf(json)}/`, `${stem.split("_").at(-1)}/`];
  for (const folder of folders) {
    const there = await files.path(`${folder}${name}`).catch((thrown: unknown) => {
      if (thrown instanceof MaskletError && thrown.code === "file_missing") return undefined;
      throw thrown;
    });
    if (there !== undefined) return `${folder}${name}`;
  }
  return "";
}

function splitOf(name: string): Split {
  return splits.find((split) => name.toLowerCase().includes(split)) ?? "train";
}

function joined(planes: readonly Pixels[], id: string): Pixels {
  const [first] = planes;
  const length = planes.reduce((sum, plane) => sum + plane.length, 0);
  const all = first instanceof Float32Array ? new Float32Array(length) : first instanceof Uint16Array ? new Uint16Array(length) : new Uint8Array(length);
  let at = 0;
  for (const plane of planes) {
    if (plane.constructor !== all.constructor) throw MaskletError.of("dataset_invalid", { file: id, why: "its planes differ in dtype" });
    all.set(plane, at);
    at += plane.length;
  }
  return all;
}
