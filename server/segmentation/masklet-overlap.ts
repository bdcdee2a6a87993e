// Whether two masklets are one object.
import { reframe, unpackMask } from "#protocol/mask.ts";
import type { MaskBits } from "#protocol/types.ts";
import { boxIou } from "./suppress.ts";

type Planes = ReadonlyMap<number, MaskBits & { readonly area: number }>;

/** Common pixels over all pixels of both, on the planes that both have, are at least the threshold; without such a plane they are two. */
export function isSameMasklet(a: Planes, b: Planes, threshold: number): boolean {
  let both = 0;
  let sum = 0;
  for (const [index, one] of a) {
    const other = b.get(index);
    if (other === undefined) continue;
    sum += one.area + other.area;
    if (boxIou(one.box, other.box) > 0) both += commonPixels(one, other);
  }
  return both > 0 && both / (sum - both) >= threshold;
}

function commonPixels(a: MaskBits, b: MaskBits): number {
  const first = unpackMask(a);
  const second = reframe(unpackMask(b), first.box);
  let both = 0;
  for (let at = 0; at < first.data.length; at++) both += first.data[at]! & second.data[at]!;
  return both;
}
