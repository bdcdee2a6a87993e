// Square grids of vectors and the windows they are cut into. All sizes are known when the graph is built.
//
// A grid is stored window by window: its places are the rows of a matrix, those of one window together, windows and the places
// inside them row by row. With a window as large as the grid that is the usual order. Layers that treat each place alone do not
// care, nor does attention over all places. So a stage whose windows fill its grid keeps their order, and nothing is moved.
import type { GraphBuilder, Value } from "../../onnx/graph.ts";
import { reshape } from "./layers.ts";

/** x [side * side, width] stored by windows of side `from` -> the same by windows of side `to`; both divide `side`. */
export function reorder(graph: GraphBuilder, x: Value, side: number, from: number, to: number, width: number): Value {
  if (from === to) return x;
  const [small, large] = from < to ? [from, to] : [to, from];
  if (large % small !== 0) return reorder(graph, reorder(graph, x, side, from, side, width), side, side, to, width);
  const [outer, inner] = [side / large, large / small];
  // A place is (large window, small window in it, place in that), down and across. By small windows these stand as
  // (down, down), (across, across), (down, across); by large ones as (down, across), (down, down), (across, across).
  const dims = from < to ? [outer, inner, outer, inner, small, small, width] : [outer, outer, inner, small, inner, small, width];
  return reshape(graph, graph.op("Transpose", [reshape(graph, x, dims)], { perm: { is: [0, 2, 1, 4, 3, 5, 6] } }), [side * side, width]);
}

/** x [channels, side * side] stored by windows -> [1, channels, side, side] */
export function plane(graph: GraphBuilder, x: Value, side: number, window: number, channels: number): Value {
  if (window === side) return reshape(graph, x, [1, channels, side, side]);
  const count = side / window;
  const turned = graph.op("Transpose", [reshape(graph, x, [channels, count, count, window, window])], { perm: { is: [0, 1, 3, 2, 4] } });
  return reshape(graph, turned, [1, channels, side, side]);
}

/** Windows that do not fill the grid: the last of each row and column are filled up with zeros. */
export interface PaddedWindows {
  readonly side: number;
  readonly window: number;
}

function paddedSide({ side, window }: PaddedWindows): number {
  return Math.ceil(side / window) * window;
}

/** x [side * side, width] row by row -> [windows, window * window, width] */
export function cut(graph: GraphBuilder, x: Value, windows: PaddedWindows, width: number): Value {
  const { side, window } = windows;
  const missing = paddedSide(windows) - side;
  const filled = graph.op("Pad", [reshape(graph, x, [side, side, width]), graph.ints([0, 0, 0, missing, missing, 0])]);
  const count = paddedSide(windows) / window;
  const split = reshape(graph, filled, [count, window, count, window, width]);
  return reshape(graph, graph.op("Transpose", [split], { perm: { is: [0, 2, 1, 3, 4] } }), [count * count, window * window, width]);
}

/** The way back, without the padding: [windows, window * window, width] -> [side * side, width] row by row */
export function join(graph: GraphBuilder, x: Value, windows: PaddedWindows, width: number): Value {
  const { side, window } = windows;
  const whole = paddedSide(windows);
  const count = whole / window;
  const split = reshape(graph, x, [count, count, window, window, width]);
  const filled = reshape(graph, graph.op("Transpose", [split], { perm: { is: [0, 2, 1, 3, 4] } }), [whole, whole, width]);
  return reshape(graph, graph.op("Slice", [filled, graph.ints([0, 0]), graph.ints([side, side]), graph.ints([0, 1])]), [side * side, width]);
}

/** Maxima of 2 x 2 places inside each window of even side: [count * window * window, width] -> [count * (window/2)^2, width] */
export function pooled(graph: GraphBuilder, x: Value, count: number, window: number, width: number): Value {
  const rows = count * (window / 2);
  const lower = graph.op("ReduceMax", [reshape(graph, x, [rows, 2, window * width])], { axes: { is: [1] }, keepdims: { i: 0 } });
  return graph.op("ReduceMax", [reshape(graph, lower, [rows * (window / 2), 2, width])], { axes: { is: [1] }, keepdims: { i: 0 } });
}
