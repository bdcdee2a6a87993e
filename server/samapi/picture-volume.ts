// Pictures as volumes, so that they are segmented by what segments volumes: one picture is a volume of one slice, the frames of a
// video are its slices or its times.
import type { Dtype, Plane, Shape } from "#protocol/types.ts";
import { checkPlane } from "#server/volumes/check-shape.ts";
import type { Pixels, VolumeSource, VoxelBox } from "#server/volumes/source.ts";
import type { Picture } from "./decode-picture.ts";
import { Refusal } from "./refusal.ts";

export function pictureVolume(picture: Picture): VolumeSource {
  return volumeOf({ ...sizeOf(picture), t: 1, z: 1 }, picture.planes.length === 3, picture, async () => picture);
}

/**
 * @param first one of the frames, for all must be alike
 * @param colour whether any frame may hold other colours than grey
 * @param frame decodes one, again and again; who gives it keeps the last ones
 */
export function framesVolume(along: "z" | "t", count: number, first: Picture, colour: boolean, frame: (index: number) => Promise<Picture>): VolumeSource {
  const { x, y } = sizeOf(first);
  const shape = along === "z" ? { t: 1, z: count, y, x } : { t: count, z: 1, y, x };
  // A view asks for one frame several times over, channel by channel and for its key.
  let last: { readonly index: number; readonly picture: Promise<Picture> } | undefined;
  return volumeOf(shape, colour, first, async ({ t, z }) => {
    const index = along === "z" ? z : t;
    if (last?.index !== index) last = { index, picture: frame(index) };
    const found = await last.picture;
    if (found.width !== x || found.height !== y) throw new Refusal(500, `Frame ${index} has ${found.width} x ${found.height} pixels, the first one ${x} x ${y}: all must be of one size.`);
    return found;
  });
}

function sizeOf({ width, height }: Picture): { readonly x: number; readonly y: number } {
  return { x: width, y: height };
}

function volumeOf(size: Omit<Shape, "c">, rgb: boolean, alike: Picture, pictureOf: (plane: { readonly t: number; readonly z: number }) => Promise<Picture>): VolumeSource {
  const shape: Shape = { ...size, c: rgb ? 3 : 1 };
  return {
    name: "samapi", shape, rgb, dtype: dtypeOf(alike.planes[0]!), spacing: undefined, displayRange: undefined,
    async read({ t, c, z, y, x }: VoxelBox) {
      const parts: Pixels[] = [];
      for (let at = z[0]; at < z[1]; at++) {
        checkPlane(shape, { t, c, z: at });
        // A grey picture among coloured ones is grey in each channel.
        const { planes } = await pictureOf({ t, z: at });
        parts.push(cut(planes[c] ?? planes[0]!, size.x, y, x));
      }
      return parts.length === 1 ? parts[0]! : joined(parts);
    },
    planeKey: async (plane: Plane) => {
      checkPlane(shape, plane);
      return `${(await pictureOf(plane)).key}-${plane.c}`;
    },
    close: async () => undefined,
  };
}

function dtypeOf(plane: Pixels): Dtype {
  return plane instanceof Uint8Array ? "uint8" : plane instanceof Uint16Array ? "uint16" : "float32";
}

/** Rows and columns of a plane, half-open. */
function cut(plane: Pixels, width: number, [y0, y1]: readonly [number, number], [x0, x1]: readonly [number, number]): Pixels {
  const columns = x1 - x0;
  const part = like(plane, columns * (y1 - y0));
  for (let row = y0; row < y1; row++) part.set(plane.subarray(row * width + x0, row * width + x1), (row - y0) * columns);
  return part;
}

function joined(parts: readonly Pixels[]): Pixels {
  const whole = like(parts[0]!, parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function like(pixels: Pixels, length: number): Pixels {
  return pixels instanceof Uint8Array ? new Uint8Array(length) : pixels instanceof Uint16Array ? new Uint16Array(length) : new Float32Array(length);
}
