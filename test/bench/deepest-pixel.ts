// Where a person clicks into a region: far from its border.
import { reframe, type Raster } from "#protocol/mask.ts";
import type { PixelBox } from "#protocol/types.ts";
import { squaredDistanceInPlanes } from "#server/classical/kernels/distance-map.ts";

/**
 * The pixel of the region that is farthest from all that is not, the first of equals row by row; the sides of the picture do not count.
 * @param without pixels that are not asked for, as `u,v`
 * @returns undefined where the region has no other
 */
export function deepestPixel(region: Raster, { width, height }: { readonly width: number; readonly height: number }, without: ReadonlySet<string> = new Set()): readonly [u: number, v: number] | undefined {
  const { box } = region;
  const around: PixelBox = [Math.max(0, box[0] - 1), Math.max(0, box[1] - 1), Math.min(width, box[2] + 1), Math.min(height, box[3] + 1)];
  const [rows, columns] = [around[3] - around[1], around[2] - around[0]];
  const depth = squaredDistanceInPlanes(reframe(region, around).data, [1, rows, columns], [1, 1, 1]);
  let best: { readonly depth: number; readonly pixel: readonly [number, number] } | undefined;
  for (let row = 0, at = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++, at++) {
      const pixel = [around[0] + column, around[1] + row] as const;
      if (depth[at]! > (best?.depth ?? 0) && !without.has(pixel.join())) best = { depth: depth[at]!, pixel };
    }
  }
  return best?.pixel;
}
