// Raw values as the network is shown them: the range becomes black to white.
import type { DisplayRange } from "#protocol/types.ts";
import type { Pixels } from "#server/volumes/source.ts";

/** Fills `out` with the range of its kind; what lies beyond the range is black or white, and what is no number black. */
export function throughView<A extends Uint8Array | Uint16Array>(data: Pixels, [low, high]: DisplayRange, out: A): A {
  const white = out instanceof Uint16Array ? 65_535 : 255;
  const contrast = high > low ? white / (high - low) : 0;
  for (let at = 0; at < data.length; at++) {
    const value = (data[at]! - low) * contrast;
    out[at] = value >= white ? white : value > 0 ? Math.round(value) : 0;
  }
  return out;
}
