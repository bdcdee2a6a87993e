// COCO's run lengths: pixels column by column from the top left, runs of 0 and of 1 in turn, beginning with 0. Compressed, each count is a
// row of characters from "0" on: 5 bits each, least first, the sixth bit says that more follow; from the fourth on it is the difference to the
// count two before, in two's complement (cocoapi, `maskApi.h` and its description of RLE).
import { MaskletError } from "#protocol/errors.ts";

const firstCharacter = 48;

/** @param mask 0 or 1, `[y, x]` */
export function runLengths(mask: Uint8Array, width: number, height: number): number[] {
  const counts: number[] = [];
  let value = 0;
  let run = 0;
  for (let x = 0; x < width; x++) {
    for (let y = 0; y < height; y++) {
      if (mask[y * width + x] !== value) {
        counts.push(run);
        value = 1 - value;
        run = 0;
      }
      run++;
    }
  }
  counts.push(run);
  return counts;
}

/** Calls `inside` for each pixel of the mask, as its place in `[y, x]`. @throws dataset_invalid when the runs are not those of width x height pixels */
export function forEachPixel(counts: readonly number[], width: number, height: number, file: string, inside: (at: number) => void): void {
  checkRuns(counts, width, height, file);
  let from = 0;
  counts.forEach((count, nth) => {
    if (nth % 2 === 1) for (let at = from; at < from + count; at++) inside((at % height) * width + Math.floor(at / height));
    from += count;
  });
}

/** @throws dataset_invalid */
export function checkRuns(counts: readonly number[], width: number, height: number, file: string): void {
  let sum = 0;
  for (const count of counts) {
    if (!Number.isInteger(count) || count < 0) throw MaskletError.of("dataset_invalid", { file, why: `a run of pixels is ${String(count).slice(0, 40)} long` });
    sum += count;
  }
  if (sum !== width * height) throw MaskletError.of("dataset_invalid", { file, why: `its runs are ${sum} pixels long where ${width} x ${height} are needed` });
}

export function packRuns(counts: readonly number[]): string {
  let text = "";
  counts.forEach((count, nth) => {
    let left = nth > 2 ? count - counts[nth - 2]! : count;
    for (let more = true; more;) {
      const bits = left & 0x1f;
      left >>= 5;
      more = (bits & 0x10) !== 0 ? left !== -1 : left !== 0;
      text += String.fromCharCode(firstCharacter + bits + (more ? 0x20 : 0));
    }
  });
  return text;
}

/** @throws dataset_invalid for characters that code nothing, a count that breaks off, or one above 2^31 */
export function unpackRuns(text: string, file: string): number[] {
  const invalid = (why: string): MaskletError => MaskletError.of("dataset_invalid", { file, why });
  const counts: number[] = [];
  for (let at = 0; at < text.length;) {
    let value = 0;
    for (let shift = 0, more = true; more; shift += 5, at++) {
      const code = text.charCodeAt(at) - firstCharacter;
      if (!(code >= 0 && code < 64)) throw invalid(at >= text.length ? "its compressed runs break off" : "its compressed runs hold a character that codes nothing");
      if (shift > 30) throw invalid("its compressed runs hold a count above 2^31");
      more = (code & 0x20) !== 0;
      value += (code & 0x1f) * 2 ** shift;
      if (!more && (code & 0x10) !== 0) value -= 2 ** (shift + 5);
    }
    const nth = counts.length;
    counts.push(nth > 2 ? value + counts[nth - 2]! : value);
  }
  return counts;
}
