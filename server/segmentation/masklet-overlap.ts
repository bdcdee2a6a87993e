// Whether two masklets are one object.
import { reframe, unpackMask } from "#protocol/mask.ts";
import type { MaskBits } from "#protocol/types.ts";

type Planes = ReadonlyMap<number, MaskBits>;

/** Common pixels over all pixels of both, on the planes that both have, are at least the threshold; without such a plane they are two. */
export function isSameMasklet(a: Planes, b: Planes, threshold: number): boolean {
  const common = [...a.keys()].filter((index) => b.has(index));
  if (common.length === 0) return false;
  let both = 0;
  let sum = 0;
  for (const index of common) {
    const first = unpackMask(a.get(index)!);
    const second = reframe(unpackMask(b.get(index)!), first.box);
    for (const bit of unpackMask(b.get(index)!).data) sum += bit;
    for (let at = 0; at < first.data.length; at++) {
      sum += first.data[at]!;
      both += first.data[at]! & second.data[at]!;
    }
  }
  return sum > both && both / (sum - both) >= threshold;
}
