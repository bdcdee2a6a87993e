// Single pictures as SA-1B has them: a JPEG, and a JSON of the same name with the runs of each object.
import { MaskletError, throwIfCancelled } from "#protocol/errors.ts";
import { limits } from "#protocol/limits.ts";
import { memberOf, paintAnnotations, readCocoFile, type CocoPicture } from "./coco-annotations.ts";
import { parseJson, splits, stackSize, type Dataset, type DatasetItem, type DatasetSource, type Split } from "./description.ts";
import { finding, findingOf, type Finding } from "./findings.ts";
import { describeForeign, foreignDataset, idMaker, readMemo } from "./foreign-set.ts";
import { readGreyPicture, readPictureFacts } from "./read-picture.ts";
import { sa1bName } from "./sa1b-write.ts";
import type { SetFiles } from "./set-files.ts";
import type { OpenSet } from "./set.ts";

interface Pair {
  /** Without its kind. */
  readonly name: string;
  readonly split: Split;
}

/** Pictures with their JSON, in the folders of the splits, else in the set's own. */
export async function sa1bPairs(files: SetFiles): Promise<{ pairs: Pair[]; findings: Finding[] }> {
  const [pairs, findings]: [Pair[], Finding[]] = [[], []];
  const folders = await files.folders("");
  const own = splits.filter((split) => folders.includes(split)).map((split) => ({ folder: `${split}/`, split }));
  for (const { folder, split } of own.length > 0 ? own : [{ folder: "", split: "train" as const }]) {
    const names = new Set(await files.names(folder.replace(/\/$/, "")));
    for (const file of names) {
      const stem = file.replace(/\.(jpg|json)$/, "");
      if (!/^sa_\d+$/.test(stem) || stem === file) continue;
      const [picture, json] = [names.has(`${stem}.jpg`), names.has(`${stem}.json`)];
      if (picture && json && file.endsWith(".jpg")) pairs.push({ name: `${folder}${stem}`, split });
      else if (!json) findings.push(finding("labels_missing", `${folder}${file}`, "there is no JSON of its name"));
      else if (!picture) findings.push(finding("image_missing", `${folder}${file}`, "there is no JPEG of its name"));
    }
  }
  return { pairs, findings };
}

/** @throws dataset_invalid, cancelled, and what reading files throws */
export async function openSa1b(files: SetFiles, signal?: AbortSignal): Promise<OpenSet> {
  const { pairs, findings } = await sa1bPairs(files);
  const memo = await readMemo(files);
  const names = new Map<string, string>();
  const left = { colours: 0, contested: 0 };
  const dataset = memo === undefined ? await describe() : ours(memo);
  return {
    format: "sa1b", dataset, findings,
    notes: () => [
      ...(left.contested > 0 ? [`${left.contested} pixels of several objects went to the first of them`] : []),
      ...(left.colours > 0 ? [`${left.colours} colour pictures became grey (luma)`] : []),
    ],
    readCrop: async (item, stop) => {
      throwIfCancelled(stop);
      const name = names.get(item.id);
      if (name === undefined) throw MaskletError.of("dataset_invalid", { file: item.id, why: "there is no picture of it" });
      const [depth, height, width] = stackSize(item);
      const listed = await readJson(`${name}.json`);
      const picture = await readGreyPicture(files, `${name}.jpg`);
      if (depth !== 1 || picture.width !== width || picture.height !== height || listed.width !== width || listed.height !== height) {
        throw MaskletError.of("dataset_invalid", { file: name, why: `the picture has ${picture.width} x ${picture.height} pixels, its JSON says ${listed.width} x ${listed.height}, and the item is ${depth} x ${height} x ${width}` });
      }
      if (picture.wasColour) left.colours++;
      const { numbers, contested } = paintAnnotations(listed);
      left.contested += contested;
      return { image: { size: [1, height, width], data: picture.data }, labels: { size: [1, height, width], data: numbers } };
    },
  };

  function ours(memo: Dataset): Dataset {
    const there = new Set(pairs.map(({ name }) => name));
    memo.items.forEach((item, nth) => {
      const name = sa1bName(item, nth);
      if (there.delete(name)) names.set(item.id, name);
      else findings.push(finding("image_missing", item.id, `there is no ${name}.jpg with its JSON`));
    });
    for (const name of there) findings.push(finding("file_unlisted", name, "masklet.json has no item for this picture; without masklet.json it would be one"));
    return memo;
  }

  async function describe(): Promise<Dataset> {
    const makeId = idMaker();
    const [sources, items]: [DatasetSource[], DatasetItem[]] = [[], []];
    for (const { name, split } of pairs) {
      throwIfCancelled(signal);
      try {
        const id = makeId(name.split("/").at(-1)!);
        const { source, item } = describeForeign(id, `${name}.jpg`, split, [await readPictureFacts(files, `${name}.jpg`)], { name: `${name}.json`, kind: "sam2" });
        sources.push(source);
        items.push(item);
        names.set(id, name);
      } catch (thrown) {
        findings.push(findingOf(name, thrown));
      }
    }
    return foreignDataset(files.folder.split(/[/\\]/).at(-1) || "sa1b", sources, items);
  }

  /** One picture of a COCO file is what such a JSON is, but for what ties the two together. */
  async function readJson(file: string): Promise<CocoPicture> {
    const json = parseJson(new TextDecoder().decode(await files.read(file, limits.maxDatasetJsonBytes)), file);
    const [image, annotations] = [memberOf(json, "image"), memberOf(json, "annotations")];
    if (typeof image !== "object" || image === null || !Array.isArray(annotations)) throw MaskletError.of("dataset_invalid", { file, why: "it has no `image` and list of `annotations`" });
    const tied = annotations.map((annotation: unknown) => (typeof annotation === "object" && annotation !== null ? { ...annotation, image_id: 1 } : annotation));
    const { pictures, findings: [wrong] } = readCocoFile({ images: [{ ...image, id: 1 }], annotations: tied }, file);
    if (wrong !== undefined || pictures[0] === undefined) throw MaskletError.of("dataset_invalid", { file, why: wrong?.why ?? "it describes no image" });
    return pictures[0];
  }
}
