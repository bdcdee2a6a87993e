// Sine codes of a grid's places, as constants of a graph.
// Vaswani et al., Attention is all you need (2017), section 3.5, in the form that DETR gave it for pictures (Carion et al. 2020).

const TEMPERATURE = 10_000;

/**
 * @param width a multiple of 4: the first half codes the row, the second the column
 * @returns [side * side, width], places row by row
 */
export function sineCode(side: number, width: number): Float32Array {
  const half = width / 2;
  const alongOneAxis = new Float32Array(side * half);
  for (let place = 0; place < side; place++) {
    // Places count from one and are stretched to a whole turn.
    const angle = ((place + 1) / (side + 1e-6)) * 2 * Math.PI;
    for (let channel = 0; channel < half; channel++) {
      const turned = angle / TEMPERATURE ** ((channel - (channel % 2)) / half);
      alongOneAxis[place * half + channel] = channel % 2 === 0 ? Math.sin(turned) : Math.cos(turned);
    }
  }
  const code = new Float32Array(side * side * width);
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      const at = (row * side + column) * width;
      code.set(alongOneAxis.subarray(row * half, (row + 1) * half), at);
      code.set(alongOneAxis.subarray(column * half, (column + 1) * half), at + half);
    }
  }
  return code;
}
