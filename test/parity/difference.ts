// How far two answers lie apart.

/** The greatest difference, in parts of the greatest reference value; NaN on one side alone is infinitely far. */
export function relativeDifference(ours: Float32Array, theirs: Float32Array): number {
  if (ours.length !== theirs.length) return Infinity;
  let [furthest, greatest] = [0, 0];
  for (let at = 0; at < theirs.length; at++) {
    if (Number.isNaN(ours[at]!) && Number.isNaN(theirs[at]!)) continue;
    const distance = Math.abs(ours[at]! - theirs[at]!);
    if (Number.isNaN(distance)) return Infinity;
    furthest = Math.max(furthest, distance);
    greatest = Math.max(greatest, Math.abs(theirs[at]!));
  }
  return furthest === 0 ? 0 : furthest / greatest;
}

/** Intersection over union of what is above 0; 1 where both are empty. */
export function maskOverlap(ours: Float32Array, theirs: Float32Array): number {
  let [both, either] = [0, 0];
  for (let at = 0; at < theirs.length; at++) {
    const [a, b] = [ours[at]! > 0, theirs[at]! > 0];
    if (a && b) both++;
    if (a || b) either++;
  }
  return either === 0 ? 1 : both / either;
}
