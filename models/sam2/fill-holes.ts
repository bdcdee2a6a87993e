// Small holes in low-resolution logits are closed, as the official predictor does where its CUDA extension is built (on the
// CPU it silently leaves them).

/** Low-resolution pixels. */
const LARGEST_HOLE = 8;
/** What the pixels of a hole become: barely inside. */
const FILLED_LOGIT = 0.1;

/** @param logits `[side, side]`. @returns the same array when it has no small hole: 8-connected parts at or below 0 */
export function withoutSmallHoles(logits: Float32Array): Float32Array {
  const side = Math.sqrt(logits.length);
  const seen = new Uint8Array(logits.length);
  const waiting: number[] = [];
  let filled: Float32Array | undefined;
  const visit = (at: number): void => {
    if (seen[at] !== 0 || logits[at]! > 0) return;
    seen[at] = 1;
    waiting.push(at);
  };
  for (let start = 0; start < logits.length; start++) {
    visit(start);
    const hole: number[] = [];
    for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
      if (hole.length <= LARGEST_HOLE) hole.push(at);
      const [x, y] = [at % side, Math.floor(at / side)];
      for (let v = Math.max(0, y - 1); v <= Math.min(side - 1, y + 1); v++) {
        for (let u = Math.max(0, x - 1); u <= Math.min(side - 1, x + 1); u++) visit(v * side + u);
      }
    }
    if (hole.length === 0 || hole.length > LARGEST_HOLE) continue;
    filled ??= logits.slice();
    for (const at of hole) filled[at] = FILLED_LOGIT;
  }
  return filled ?? logits;
}
