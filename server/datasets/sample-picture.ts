// A picture of some crops of a set with the outlines of their objects, for people.
import type { DisplayRange } from "#protocol/types.ts";
import { contactSheet, type ContactSlice } from "#server/exports/contact-sheet.ts";
import { labelsToMasks } from "#server/exports/labels-to-masks.ts";
import type { Crop } from "./crop-files.ts";
import type { DatasetItem } from "./description.ts";

const mostCrops = 12;
const columns = 4;
/** Picture pixels that a panel is about as wide as. */
const panelWidth = 256;

export interface SamplePicture {
  /** Keeps the middle plane of every so-manieth crop. */
  offer(item: DatasetItem, range: DisplayRange, crop: Crop): void;
  /** PNG bytes; undefined when nothing was offered. */
  png(): Uint8Array | undefined;
}

/** @param total crops that will be offered, at most */
export function samplePicture(total: number): SamplePicture {
  const every = Math.max(1, Math.ceil(total / mostCrops));
  const slices: ContactSlice[] = [];
  let offered = 0;
  return {
    offer: ({ id, split }, range, { image, labels }) => {
      if (offered++ % every !== 0) return;
      const [depth, height, width] = image.size;
      const from = (depth >> 1) * height * width;
      const found = labelsToMasks({ ids: labels.data.subarray(from, from + height * width), width, t: 0, z: 0 });
      slices.push({ raw: image.data.slice(from, from + height * width), width, height, range, found, title: `${id} ${split}` });
    },
    png: () => {
      if (slices.length === 0) return undefined;
      const widest = Math.max(...slices.map((slice) => slice.width));
      return contactSheet({ slices, columns, magnify: Math.max(1, Math.min(8, Math.round(panelWidth / widest))) });
    },
  };
}
