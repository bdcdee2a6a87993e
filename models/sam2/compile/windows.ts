// A grid of vectors cut into square windows and put together again. All sizes are known when the graph is built.
import type { GraphBuilder, Value } from "../../onnx/graph.ts";
import { reshape } from "./layers.ts";

export interface Windows {
  /** Side of the grid, without padding. */
  readonly side: number;
  /** Side of one window; the grid's own side when there is but one. */
  readonly window: number;
}

function padded({ side, window }: Windows): number {
  return Math.ceil(side / window) * window;
}

export function windowCount(windows: Windows): number {
  return (padded(windows) / windows.window) ** 2;
}

/** [1, side, side, width] -> [windows, window * window, width], with zeros at the bottom and right where the grid ends inside a window. */
export function cut(graph: GraphBuilder, x: Value, windows: Windows, width: number): Value {
  const { side, window } = windows;
  const whole = padded(windows);
  if (whole === window && side === window) return reshape(graph, x, [1, side * side, width]);
  const filled = whole === side ? x : graph.op("Pad", [x, graph.ints([0, 0, 0, 0, 0, whole - side, whole - side, 0])]);
  const count = whole / window;
  const split = reshape(graph, filled, [count, window, count, window, width]);
  return reshape(graph, graph.op("Transpose", [split], { perm: { is: [0, 2, 1, 3, 4] } }), [count * count, window * window, width]);
}

/** The way back: [windows, window * window, width] -> [1, side, side, width], without the padding. */
export function join(graph: GraphBuilder, x: Value, windows: Windows, width: number): Value {
  const { side, window } = windows;
  const whole = padded(windows);
  if (whole === window && side === window) return reshape(graph, x, [1, side, side, width]);
  const count = whole / window;
  const split = reshape(graph, x, [count, count, window, window, width]);
  const filled = reshape(graph, graph.op("Transpose", [split], { perm: { is: [0, 2, 1, 3, 4] } }), [1, whole, whole, width]);
  return whole === side ? filled : graph.op("Slice", [filled, graph.ints([0, 0]), graph.ints([side, side]), graph.ints([1, 2])]);
}
