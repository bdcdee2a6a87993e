// A frame of the committed film as the host shows planes to trackers.
import type { View } from "#models/tracker.ts";
import type { Tensor } from "./read-tensors.ts";

/** @param film `[frames, S, S]` bytes */
export function filmView({ dims, data }: Tensor, frame: number): View {
  const [, side = 0] = dims;
  const pixels = data.slice(frame * side * side, (frame + 1) * side * side);
  return { window: { u0: 0, v0: 0, width: side, height: side }, box: [0, 0, side, side], width: side, height: side, channels: 1, pixels, key: `frame ${frame}` };
}
