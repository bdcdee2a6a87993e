// From raw values to what the network sees: denoised in 3D, the view's range spread over 0..255, perhaps inverted.
import { createHash } from "node:crypto";
import { MaskletError, throwIfCancelled } from "#protocol/errors.ts";
import { limits } from "#protocol/limits.ts";
import type { PixelBox, Spacing } from "#protocol/types.ts";
import type { View, Window } from "#models/tracker.ts";
import { gaussianRadius, smoothPlane } from "#server/classical/gaussian.ts";
import { planeName } from "#server/volumes/plane-index.ts";
import type { VolumeSource } from "#server/volumes/source.ts";
import type { FrozenView } from "./contract.ts";
import { windowBox } from "./window.ts";

/** A z plane of one frame and channel. */
export interface ZPlane {
  readonly t: number;
  readonly c: number;
  readonly z: number;
}

/**
 * @param window in whole pixels of the plane
 * @returns grey, or red, green and blue of a colour volume; averaged down when the window is wider than limits.maxViewSide
 * @throws pixels_not_finite, and what reading throws
 */
export async function renderView(source: VolumeSource, view: FrozenView, plane: ZPlane, window: Window, signal?: AbortSignal): Promise<View> {
  const box = windowBox(window, { width: source.shape.x, height: source.shape.y });
  const sigma = sigmaInVoxels(view.sigma, source.spacing);
  const channels = source.rgb ? 3 : 1;
  const pixelsOf = (channel: number) => renderChannel(source, view, { ...plane, c: channel }, box, sigma, signal);
  const parts = source.rgb ? [await pixelsOf(0), await pixelsOf(1), await pixelsOf(2)] : [await pixelsOf(plane.c)];
  const whole = interleave(parts);
  const [width, height] = [box[2] - box[0], box[3] - box[1]];
  const scale = Math.min(1, limits.maxViewSide / Math.max(width, height));
  const small = { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
  const pixels = scale < 1 ? averageDown(whole, { width, height }, small, channels) : whole;
  return { window, box, ...small, channels, pixels, key: await viewKey(source, view, plane, window, sigma, signal) };
}

/** A Gaussian isotropic in space: sigma counts in units of the smallest spacing. `[z, y, x]` */
export function sigmaInVoxels(sigma: number, spacing: Spacing | undefined): [number, number, number] {
  if (spacing === undefined) return [sigma, sigma, sigma];
  const smallest = Math.min(spacing.z, spacing.y, spacing.x);
  return [(sigma * smallest) / spacing.z, (sigma * smallest) / spacing.y, (sigma * smallest) / spacing.x];
}

async function renderChannel(source: VolumeSource, view: FrozenView, plane: ZPlane, box: PixelBox, sigma: readonly [number, number, number], signal?: AbortSignal): Promise<Float32Array> {
  throwIfCancelled(signal);
  const { shape } = source;
  const [rz, ry, rx] = [gaussianRadius(sigma[0]), gaussianRadius(sigma[1]), gaussianRadius(sigma[2])];
  const z: [number, number] = [Math.max(0, plane.z - rz), Math.min(shape.z, plane.z + rz + 1)];
  const y: [number, number] = [Math.max(0, box[1] - ry), Math.min(shape.y, box[3] + ry)];
  const x: [number, number] = [Math.max(0, box[0] - rx), Math.min(shape.x, box[2] + rx)];
  const raw = await source.read({ t: plane.t, c: plane.c, z, y, x }, signal);
  const data = finite(raw, view.range[0], planeName(plane));
  const block = { data, start: [z[0], y[0], x[0]] as const, size: [z[1] - z[0], y[1] - y[0], x[1] - x[0]] as const, volume: [shape.z, shape.y, shape.x] as const };
  const pixels = smoothPlane(block, { z: plane.z, y: [box[1], box[3]], x: [box[0], box[2]] }, sigma);
  const [low, high] = view.range;
  const gain = 255 / (high - low);
  for (let at = 0; at < pixels.length; at++) {
    const level = Math.min(255, Math.max(0, (pixels[at]! - low) * gain));
    pixels[at] = view.invert ? 255 - level : level;
  }
  return pixels;
}

/** A copy in float32 where what is not finite counts as black: one NaN must not spread through the Gaussian. */
function finite(raw: ArrayLike<number>, black: number, plane: string): Float32Array {
  const data = new Float32Array(raw.length);
  let bad = 0;
  for (let at = 0; at < raw.length; at++) {
    const value = raw[at]!;
    if (Number.isFinite(value)) data[at] = value;
    else {
      data[at] = black;
      bad++;
    }
  }
  if (bad === raw.length) throw MaskletError.of("pixels_not_finite", { plane, count: bad });
  return data;
}

function interleave(parts: readonly Float32Array[]): Float32Array {
  if (parts.length === 1) return parts[0]!;
  const all = new Float32Array(parts[0]!.length * parts.length);
  parts.forEach((part, channel) => part.forEach((value, at) => (all[at * parts.length + channel] = value)));
  return all;
}

/** Area average onto a smaller raster: every source pixel counts by the part of it that a target pixel covers. */
export function averageDown(pixels: Float32Array, from: { width: number; height: number }, to: { width: number; height: number }, channels: number): Float32Array {
  const rows = averageRows(pixels, from.height, to.height, from.width * channels);
  const result = new Float32Array(to.width * to.height * channels);
  for (let row = 0; row < to.height; row++) {
    const line = rows.subarray(row * from.width * channels, (row + 1) * from.width * channels);
    result.set(averageRows(line, from.width, to.width, channels), row * to.width * channels);
  }
  return result;
}

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

async function viewKey(source: VolumeSource, view: FrozenView, plane: ZPlane, window: Window, sigma: readonly number[], signal?: AbortSignal): Promise<string> {
  const radius = gaussianRadius(sigma[0]!);
  const hash = createHash("sha256");
  hash.update(JSON.stringify([view.range, view.invert, sigma, window, plane]));
  for (let z = Math.max(0, plane.z - radius); z < Math.min(source.shape.z, plane.z + radius + 1); z++) {
    for (const c of source.rgb ? [0, 1, 2] : [plane.c]) hash.update(await source.planeKey({ t: plane.t, c, z }, signal));
  }
  return hash.digest("hex");
}
