// A session's view is settled once, so that the same prompt gives the same mask tomorrow.
import { MaskletError } from "#protocol/errors.ts";
import type { DisplayRange, ViewSettings } from "#protocol/types.ts";
import type { VolumeSource } from "#server/volumes/source.ts";
import type { FrozenView } from "./contract.ts";

/** Enough planes to see a drift through the volume, few enough to be read at once. */
const sampledPlanes = 9;
const sampledPixels = 200_000;

/** Range: as asked, else the person's display range, else 0.5 to 99.5 % of at most nine spread planes. @throws pixels_not_finite */
export async function freezeView(source: VolumeSource, settings: ViewSettings | undefined, signal?: AbortSignal): Promise<FrozenView> {
  const range = usable(settings?.range) ?? usable(source.displayRange) ?? (source.rgb ? ([0, 255] as const) : await percentiles(source, signal));
  return { range: [range[0], range[1]], invert: settings?.invert ?? false, sigma: settings?.sigma ?? 1 };
}

function usable(range: DisplayRange | undefined): DisplayRange | undefined {
  return range !== undefined && Number.isFinite(range[0]) && Number.isFinite(range[1]) && range[0] < range[1] ? range : undefined;
}

async function percentiles(source: VolumeSource, signal?: AbortSignal): Promise<DisplayRange> {
  const { shape } = source;
  const count = Math.min(sampledPlanes, shape.z);
  const samples: number[] = [];
  let looked = 0;
  for (let at = 0; at < count; at++) {
    const z = Math.floor(((at + 0.5) * shape.z) / count);
    const plane = await source.read({ t: 0, c: 0, z: [z, z + 1], y: [0, shape.y], x: [0, shape.x] }, signal);
    const stride = Math.max(1, Math.floor((plane.length * count) / sampledPixels));
    for (let pixel = 0; pixel < plane.length; pixel += stride, looked++) if (Number.isFinite(plane[pixel])) samples.push(plane[pixel]!);
  }
  if (samples.length === 0) throw MaskletError.of("pixels_not_finite", { plane: count === 1 ? "z=0" : `z=0 to ${shape.z - 1}, wherever looked`, count: looked });
  const sorted = Float64Array.from(samples).sort();
  const at = (part: number) => sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))]!;
  const [low, high] = [at(0.005), at(0.995)];
  // A constant image has no range; any will do, as long as it is one.
  return low < high ? [low, high] : [low, low + 1];
}
