// From plane pixels to square ones, and to no more than the network can use.

export interface RasterSize {
  readonly width: number;
  readonly height: number;
}

/**
 * Each side on its own: area average onto fewer pixels, linear interpolation between pixel centres onto more.
 * @param pixels `[height, width, channels]`
 * @returns the input itself where nothing changes
 */
export function resample(pixels: Float32Array, from: RasterSize, to: RasterSize, channels: number): Float32Array {
  const rows = resampleRows(pixels, from.height, to.height, from.width * channels);
  if (from.width === to.width) return rows;
  const result = new Float32Array(to.width * to.height * channels);
  for (let row = 0; row < to.height; row++) {
    const line = rows.subarray(row * from.width * channels, (row + 1) * from.width * channels);
    result.set(resampleRows(line, from.width, to.width, channels), row * to.width * channels);
  }
  return result;
}

/** `[from, stride]` -> `[to, stride]` */
function resampleRows(pixels: Float32Array, from: number, to: number, stride: number): Float32Array {
  if (from === to) return pixels;
  return to < from ? averageRows(pixels, from, to, stride) : stretchRows(pixels, from, to, stride);
}

/** Every source row counts by the part of it that a target row covers. */
function averageRows(pixels: Float32Array, from: number, to: number, stride: number): Float32Array {
  const result = new Float32Array(to * stride);
  const ratio = from / to;
  for (let target = 0; target < to; target++) {
    const [start, end] = [target * ratio, (target + 1) * ratio];
    for (let source = Math.floor(start); source < Math.min(from, Math.ceil(end)); source++) {
      const weight = (Math.min(end, source + 1) - Math.max(start, source)) / ratio;
      for (let at = 0; at < stride; at++) result[target * stride + at]! += weight * pixels[source * stride + at]!;
    }
  }
  return result;
}

/** Beyond the centres of the outermost rows their values are repeated. */
function stretchRows(pixels: Float32Array, from: number, to: number, stride: number): Float32Array {
  const result = new Float32Array(to * stride);
  const ratio = from / to;
  for (let target = 0; target < to; target++) {
    const centre = Math.min(from - 1, Math.max(0, (target + 0.5) * ratio - 0.5));
    const low = Math.floor(centre);
    const part = centre - low;
    const high = Math.min(from - 1, low + 1);
    for (let at = 0; at < stride; at++) result[target * stride + at] = pixels[low * stride + at]! * (1 - part) + pixels[high * stride + at]! * part;
  }
  return result;
}
