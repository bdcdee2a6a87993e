// The convex hull of points in a plane.

/** x and y of points behind each other, whole numbers. */
export type PlanePoints = number[];

/** Corners of the hull in turn, without those on its edges: A. M. Andrew's two chains (Information Processing Letters 9(5), 1979). */
export function planeHull(points: PlanePoints): PlanePoints {
  const order = Array.from({ length: points.length / 2 }, (_, nth) => 2 * nth).sort((p, q) => points[p + 1]! - points[q + 1]! || points[p]! - points[q]!);
  const there = chain(points, order);
  const back = chain(points, order.reverse());
  const corners = [...there, ...back];
  // One point alone is the end of both chains.
  return corners.length === 0 && order.length > 0 ? [points[order[0]!]!, points[order[0]! + 1]!] : corners.flatMap((at) => [points[at]!, points[at + 1]!]);
}

/** One side, without its last point, which begins the other one. */
function chain(points: PlanePoints, order: readonly number[]): number[] {
  const kept: number[] = [];
  for (const at of order) {
    while (kept.length > 1 && turn(points, kept[kept.length - 2]!, kept[kept.length - 1]!, at) <= 0) kept.pop();
    const last = kept[kept.length - 1];
    if (last === undefined || points[last] !== points[at] || points[last + 1] !== points[at + 1]) kept.push(at);
  }
  kept.pop();
  return kept;
}

/** Above 0 when the way from a over b to c turns to one side, below for the other, 0 straight on. */
function turn(points: PlanePoints, a: number, b: number, c: number): number {
  return (points[b + 1]! - points[a + 1]!) * (points[c]! - points[a]!) - (points[b]! - points[a]!) * (points[c + 1]! - points[a + 1]!);
}
