// The layout SAM 2's training reads for DAVIS and MOSE (facebookresearch/sam2: training/dataset/vos_raw_dataset.py, PNGRawDataset): JPEGImages/VIDEO/00000.jpg,
// and Annotations/VIDEO/00000.png with a palette, or Annotations/VIDEO/OBJECT/00000.png for each object, whose number is the folder's plus one.
import { MaskletError, throwIfCancelled } from "#protocol/errors.ts";
import { limits } from "#protocol/limits.ts";
import { readPng, readPngIndices } from "#server/pictures/decode-pixels.ts";
import { splits, stackSize, type Dataset, type DatasetItem, type DatasetSource, type Split } from "./description.ts";
import { finding, findingOf, type Finding } from "./findings.ts";
import { describeForeign, foreignDataset, idMaker, readMemo } from "./foreign-set.ts";
import { headOf, pictureBytes, readGreyPicture, readPictureFacts } from "./read-picture.ts";
import type { SetFiles } from "./set-files.ts";
import type { OpenSet } from "./set.ts";

interface Video {
  readonly name: string;
  readonly split: Split;
  readonly frames: readonly string[];
  /** The folder of its masks. */
  readonly masks: string;
  /** Folders of single objects; none where masks have palettes. */
  readonly objects: readonly string[];
}

/** The folders that hold JPEGImages: one for each split, or the set's own. */
export async function sam2Roots(files: SetFiles): Promise<readonly { readonly root: string; readonly split: Split }[]> {
  const roots: { root: string; split: Split }[] = [];
  for (const split of splits) if ((await files.folders(split)).includes("JPEGImages")) roots.push({ root: `${split}/`, split });
  if (roots.length === 0 && (await files.folders("")).includes("JPEGImages")) roots.push({ root: "", split: "train" });
  return roots;
}

/** @throws dataset_invalid, cancelled, and what reading files throws */
export async function openSam2(files: SetFiles, signal?: AbortSignal): Promise<OpenSet> {
  const findings: Finding[] = [];
  const videos = new Map<string, Video>();
  const left = { colours: 0 };
  for (const { root, split } of await sam2Roots(files)) {
    for (const name of await files.folders(`${root}JPEGImages`)) {
      throwIfCancelled(signal);
      const pictures = `${root}JPEGImages/${name}`;
      const masks = `${root}Annotations/${name}`;
      const frames = (await files.names(pictures)).filter((file) => /^\d+\.jpe?g$/i.test(file)).map((file) => `${pictures}/${file}`);
      if (videos.has(name)) findings.push(finding("id_duplicate", name, "two splits have a video of this name"));
      else videos.set(name, { name, split, frames, masks, objects: (await files.folders(masks)).filter((folder) => /^\d{1,5}$/.test(folder)) });
      if (frames.length === 0) findings.push(finding("image_missing", name, `${pictures} holds no picture named by a number`));
    }
    for (const name of await files.folders(`${root}Annotations`)) if (!videos.has(name)) findings.push(finding("file_unlisted", `${root}Annotations/${name}`, "these masks have no pictures"));
  }
  const memo = await readMemo(files);
  const places = new Map<string, Video>();
  const dataset = memo === undefined ? await describe() : ours(memo);

  return {
    format: "sam2", dataset, findings,
    notes: () => (left.colours > 0 ? [`${left.colours} colour pictures became grey (luma)`] : []),
    readCrop: async (item, signal) => {
      const video = places.get(item.id);
      if (video === undefined) throw MaskletError.of("dataset_invalid", { file: item.id, why: "there is no video of that name under JPEGImages" });
      const [depth, height, width] = stackSize(item);
      if (video.frames.length !== depth) throw MaskletError.of("dataset_invalid", { file: item.id, why: `it has ${video.frames.length} pictures where ${depth} are described` });
      const image = new Uint8Array(depth * height * width);
      const labels = new Uint16Array(depth * height * width);
      for (const [plane, frame] of video.frames.entries()) {
        throwIfCancelled(signal);
        const picture = await readGreyPicture(files, frame);
        if (picture.width !== width || picture.height !== height) throw MaskletError.of("dataset_invalid", { file: frame, why: `it has ${picture.width} x ${picture.height} pixels, and its item ${width} x ${height}` });
        if (picture.wasColour) left.colours++;
        image.set(picture.data, plane * height * width);
        labels.set(await readMask(video, frame, width, height, item), plane * height * width);
      }
      return { image: { size: [depth, height, width], data: image }, labels: { size: [depth, height, width], data: labels } };
    },
  };

  function ours(memo: Dataset): Dataset {
    for (const item of memo.items) {
      const video = videos.get(item.id);
      if (video === undefined) findings.push(finding("image_missing", item.id, "there is no video of that name under JPEGImages"));
      else places.set(item.id, video);
    }
    const known = new Set(memo.items.map((item) => item.id));
    for (const name of videos.keys()) if (!known.has(name)) findings.push(finding("file_unlisted", name, "masklet.json has no item for this video; without masklet.json it would be one"));
    return memo;
  }

  async function describe(): Promise<Dataset> {
    const makeId = idMaker();
    const [sources, items]: [DatasetSource[], DatasetItem[]] = [[], []];
    for (const video of videos.values()) {
      try {
        const facts = [];
        for (const frame of video.frames) {
          throwIfCancelled(signal);
          facts.push(await readPictureFacts(files, frame));
        }
        const id = makeId(video.name);
        const described = describeForeign(id, video.name, video.split, facts, { name: video.masks, kind: "sam2" });
        sources.push(described.source);
        items.push(described.item);
        places.set(id, video);
      } catch (thrown) {
        if (video.frames.length > 0) findings.push(findingOf(video.name, thrown));
      }
    }
    return foreignDataset(files.folder.split(/[/\\]/).at(-1) || "sam2", sources, items);
  }

  /** Object numbers of one frame, `[y, x]`. A frame that an object's folder lacks does not show it; a frame without its palette picture is an error, as it is for SAM 2. */
  async function readMask(video: Video, frame: string, width: number, height: number, item: DatasetItem): Promise<Uint16Array> {
    const name = `${frame.split("/").at(-1)!.replace(/\.[^.]*$/, "")}.png`;
    const numbers = new Uint16Array(width * height);
    if (video.objects.length === 0) {
      const indices = readPngIndices(...(await pngOf(`${video.masks}/${name}`, width, height)));
      if (indices === undefined) throw MaskletError.of("dataset_invalid", { file: `${video.masks}/${name}`, why: "it has no palette; SAM 2 would not see its objects" });
      for (let at = 0; at < indices.length; at++) {
        const entry = indices[at]!;
        numbers[at] = item.numbers === undefined || entry === 0 ? entry : item.numbers[entry - 1] ?? entry;
      }
      return numbers;
    }
    for (const object of video.objects) {
      const file = `${video.masks}/${object}/${name}`;
      if (!(await files.names(`${video.masks}/${object}`)).includes(name)) continue;
      const { samples, data } = readPng(...(await pngOf(file, width, height)));
      if (Number(object) + 1 > limits.maxUint16Label) throw MaskletError.of("dataset_invalid", { file, why: "object numbers end at 65535" });
      for (let at = 0; at < numbers.length; at++) if (data[at * samples] !== 0) numbers[at] = Number(object) + 1;
    }
    return numbers;
  }

  async function pngOf(file: string, width: number, height: number) {
    const bytes = await files.read(file, pictureBytes);
    const head = headOf(bytes, file);
    if (head.kind !== "png" || head.width !== width || head.height !== height) throw MaskletError.of("dataset_invalid", { file, why: `it is a ${head.kind} of ${head.width} x ${head.height} where a PNG of ${width} x ${height} is needed` });
    return [bytes, head] as const;
  }
}
