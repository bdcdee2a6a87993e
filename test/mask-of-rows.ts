// Masks as tests write them out: a text a row, `#` for a pixel that is set.
import { packMask } from "#protocol/mask.ts";
import type { Mask } from "#protocol/types.ts";

/** @param u,v the first row's first pixel on the plane @param at what differs from object 1 on plane z = 0 */
export function maskOfRows(u: number, v: number, rows: readonly string[], at: Partial<Mask> = {}): Mask {
  const data = Uint8Array.from(rows.join(""), (mark) => (mark === "#" ? 1 : 0));
  const packed = packMask({ box: [u, v, u + (rows[0]?.length ?? 0), v + rows.length], data });
  return { objectId: 1, axis: "z", index: 0, t: 0, score: 0.5, ...packed, ...at };
}
