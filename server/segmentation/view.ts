// From raw values to what the network sees: denoised in 3D, the view's range spread over 0..255, perhaps inverted, on square
// pixels.
import { createHash } from "node:crypto";
import { MaskletError, throwIfCancelled } from "#protocol/errors.ts";
import { limits } from "#protocol/limits.ts";
import type { Axis, PixelBox, Spacing } from "#protocol/types.ts";
import type { View, Window } from "#models/tracker.ts";
import { gaussianRadius, smoothPlane } from "#server/classical/kernels/gaussian.ts";
import type { Pixels, VolumeSource, VoxelBox } from "#server/volumes/source.ts";
import type { FrozenView } from "./contract.ts";
import { cutName, planeAxes, planeSize, type PlaneCut } from "./plane.ts";
import { resample } from "./resample.ts";
import { windowBox } from "./window.ts";

/** Sigma in voxels, or a Gaussian's reach in them, along each axis. */
type PerAxis = Readonly<Record<Axis, number>>;

/**
 * @param window in whole pixels of the plane
 * @returns grey, or red, green and blue of a colour volume; averaged down when the window is wider than limits.maxViewSide
 * @throws pixels_not_finite, and what reading throws
 */
export async function renderView(source: VolumeSource, view: FrozenView, cut: PlaneCut, window: Window, signal?: AbortSignal): Promise<View> {
  const plane = planeSize(source, cut.axis);
  const box = windowBox(window, plane);
  const sigma = sigmaInVoxels(view.sigma, source.spacing);
  const channels = source.rgb ? 3 : 1;
  const pixelsOf = (channel: number) => renderChannel(source, view, { ...cut, c: channel }, box, sigma, signal);
  const parts = source.rgb ? [await pixelsOf(0), await pixelsOf(1), await pixelsOf(2)] : [await pixelsOf(cut.c)];
  const whole = interleave(parts);
  const [width, height] = [box[2] - box[0], box[3] - box[1]];
  const scale = Math.min(1, limits.maxViewSide / Math.max(width * plane.pixelU, height * plane.pixelV));
  const raster = { width: Math.max(1, Math.round(width * plane.pixelU * scale)), height: Math.max(1, Math.round(height * plane.pixelV * scale)) };
  const pixels = resample(whole, { width, height }, raster, channels);
  return { window, box, ...raster, channels, pixels, key: await viewKey(source, [view.range, view.invert, sigma, window, cut, raster], cut, box, sigma, signal) };
}

/** A Gaussian isotropic in space: sigma counts in units of the smallest spacing. */
export function sigmaInVoxels(sigma: number, spacing: Spacing | undefined): PerAxis {
  if (spacing === undefined) return { z: sigma, y: sigma, x: sigma };
  const smallest = Math.min(spacing.z, spacing.y, spacing.x);
  return { z: (sigma * smallest) / spacing.z, y: (sigma * smallest) / spacing.y, x: (sigma * smallest) / spacing.x };
}

/** The voxels that a part of a plane is made of: the part, and a Gaussian's reach around it inside the volume. */
export function voxelsOf(source: Pick<VolumeSource, "shape">, cut: PlaneCut, box: PixelBox, sigma: PerAxis): VoxelBox {
  const { normal, v, u } = planeAxes[cut.axis];
  const reach = (axis: Axis, start: number, end: number): readonly [number, number] => {
    const radius = gaussianRadius(sigma[axis]);
    return [Math.max(0, start - radius), Math.min(source.shape[axis], end + radius)];
  };
  const ranges = { [normal]: reach(normal, cut.index, cut.index + 1), [v]: reach(v, box[1], box[3]), [u]: reach(u, box[0], box[2]) };
  return { t: cut.t, c: cut.c, z: ranges["z"]!, y: ranges["y"]!, x: ranges["x"]! };
}

async function renderChannel(source: VolumeSource, view: FrozenView, cut: PlaneCut, box: PixelBox, sigma: PerAxis, signal?: AbortSignal): Promise<Float32Array> {
  throwIfCancelled(signal);
  const voxels = voxelsOf(source, cut, box, sigma);
  const data = turned(await source.read(voxels, signal), voxels, cut, view.range[0]);
  // The Gaussian knows z planes: a turned block is one whose z is the plane's normal and whose y and x are v and u.
  const { normal, v, u } = planeAxes[cut.axis];
  const { shape } = source;
  const block = {
    data, start: [voxels[normal][0], voxels[v][0], voxels[u][0]] as const,
    size: [voxels[normal][1] - voxels[normal][0], voxels[v][1] - voxels[v][0], voxels[u][1] - voxels[u][0]] as const,
    volume: [shape[normal], shape[v], shape[u]] as const,
  };
  const pixels = smoothPlane(block, { z: cut.index, y: [box[1], box[3]], x: [box[0], box[2]] }, [sigma[normal], sigma[v], sigma[u]]);
  const [low, high] = view.range;
  const gain = 255 / (high - low);
  for (let at = 0; at < pixels.length; at++) {
    const level = Math.min(255, Math.max(0, (pixels[at]! - low) * gain));
    pixels[at] = view.invert ? 255 - level : level;
  }
  return pixels;
}

/**
 * A copy `[normal, v, u]` in float32 where what is not finite counts as black: one NaN must not spread through the Gaussian.
 * @param raw `[z, y, x]`
 */
function turned(raw: Pixels, { z, y, x }: VoxelBox, cut: PlaneCut, black: number): Float32Array {
  const size = { z: z[1] - z[0], y: y[1] - y[0], x: x[1] - x[0] };
  const step = { z: size.y * size.x, y: size.x, x: 1 };
  const { normal, v, u } = planeAxes[cut.axis];
  const data = new Float32Array(raw.length);
  let bad = 0;
  let at = 0;
  for (let plane = 0; plane < size[normal]; plane++) {
    for (let row = 0; row < size[v]; row++) {
      let from = plane * step[normal] + row * step[v];
      for (let column = 0; column < size[u]; column++, at++, from += step[u]) {
        const value = raw[from]!;
        if (Number.isFinite(value)) data[at] = value;
        else {
          data[at] = black;
          bad++;
        }
      }
    }
  }
  if (bad === raw.length) throw MaskletError.of("pixels_not_finite", { plane: cutName(cut), count: bad });
  return data;
}

function interleave(parts: readonly Float32Array[]): Float32Array {
  if (parts.length === 1) return parts[0]!;
  const all = new Float32Array(parts[0]!.length * parts.length);
  parts.forEach((part, channel) => part.forEach((value, at) => (all[at * parts.length + channel] = value)));
  return all;
}

async function viewKey(source: VolumeSource, how: readonly unknown[], cut: PlaneCut, box: PixelBox, sigma: PerAxis, signal?: AbortSignal): Promise<string> {
  const hash = createHash("sha256");
  hash.update(JSON.stringify(how));
  const { z } = voxelsOf(source, cut, box, sigma);
  for (let at = z[0]; at < z[1]; at++) {
    for (const c of source.rgb ? [0, 1, 2] : [cut.c]) hash.update(await source.planeKey({ t: cut.t, c, z: at }, signal));
  }
  return hash.digest("hex");
}
