// One object on one plane as bits in 32-bit words: adding, counting and touching go by words, and it takes an eighth of bytes.
import { unpackMask } from "#protocol/mask.ts";
import type { Mask, PixelBox } from "#protocol/types.ts";

export interface BitPlane {
  /** Around the masks it was made of. */
  readonly box: PixelBox;
  /** The first word's number: word w holds x = 32 w .. 32 w + 31, lowest bit first, so that all planes are aligned. */
  readonly firstWord: number;
  readonly rowWords: number;
  readonly words: Uint32Array;
}

/** The union of masks on one plane. @throws request_invalid when bits do not fill a box */
export function bitPlane(masks: readonly Mask[]): BitPlane {
  const rasters = masks.map(unpackMask);
  const box: PixelBox = [
    Math.min(...rasters.map((r) => r.box[0])), Math.min(...rasters.map((r) => r.box[1])),
    Math.max(...rasters.map((r) => r.box[2])), Math.max(...rasters.map((r) => r.box[3])),
  ];
  const firstWord = box[0] >> 5;
  const rowWords = ((box[2] - 1) >> 5) - firstWord + 1;
  const words = new Uint32Array(rowWords * (box[3] - box[1]));
  for (const raster of rasters) {
    for (let y = raster.box[1], from = 0; y < raster.box[3]; y++) {
      const row = (y - box[1]) * rowWords - firstWord;
      for (let x = raster.box[0]; x < raster.box[2]; x++, from++) if (raster.data[from] !== 0) words[row + (x >> 5)]! |= 1 << (x & 31);
    }
  }
  return { box, firstWord, rowWords, words };
}

/** Calls `seen` for each pixel that is set, row by row. */
export function forEachPixel(plane: BitPlane, seen: (x: number, y: number) => void): void {
  for (let at = 0; at < plane.words.length; at++) {
    const y = plane.box[1] + Math.floor(at / plane.rowWords);
    const x = (plane.firstWord + (at % plane.rowWords)) * 32;
    for (let word = plane.words[at]!; word !== 0; ) {
      const lowest = word & -word;
      seen(x + 31 - Math.clz32(lowest), y);
      word ^= lowest;
    }
  }
}

/** Whether the two share a pixel. */
export function share(a: BitPlane, b: BitPlane): boolean {
  const first = Math.max(a.firstWord, b.firstWord);
  const end = Math.min(a.firstWord + a.rowWords, b.firstWord + b.rowWords);
  for (let y = Math.max(a.box[1], b.box[1]); y < Math.min(a.box[3], b.box[3]); y++) {
    for (let w = first; w < end; w++) {
      if ((a.words[(y - a.box[1]) * a.rowWords + w - a.firstWord]! & b.words[(y - b.box[1]) * b.rowWords + w - b.firstWord]!) !== 0) return true;
    }
  }
  return false;
}

/** Whether the two share a pixel or have pixels that meet at an edge or a corner, as if they lay on one plane. */
export function touch(a: BitPlane, b: BitPlane): boolean {
  const from = Math.max(a.box[1] - 1, b.box[1]);
  const to = Math.min(a.box[3] + 1, b.box[3]);
  if (a.box[0] > b.box[2] || b.box[0] > a.box[2]) return false;
  const first = Math.max(a.firstWord - 1, b.firstWord);
  const last = Math.min(a.firstWord + a.rowWords, b.firstWord + b.rowWords - 1);
  for (let y = from; y < to; y++) {
    for (let w = first; w <= last; w++) {
      const word = b.words[(y - b.box[1]) * b.rowWords + w - b.firstWord]!;
      if (word === 0) continue;
      // Three rows of `a`, each widened by a pixel to both sides across the word's ends.
      const before = threeRows(a, w - 1, y);
      const here = threeRows(a, w, y);
      const after = threeRows(a, w + 1, y);
      if ((word & (here | (here << 1) | (here >>> 1) | (before >>> 31) | (after << 31))) !== 0) return true;
    }
  }
  return false;
}

function threeRows(plane: BitPlane, word: number, y: number): number {
  const column = word - plane.firstWord;
  if (column < 0 || column >= plane.rowWords) return 0;
  let bits = 0;
  for (let row = Math.max(y - 1, plane.box[1]); row < Math.min(y + 2, plane.box[3]); row++) {
    bits |= plane.words[(row - plane.box[1]) * plane.rowWords + column]!;
  }
  return bits;
}
