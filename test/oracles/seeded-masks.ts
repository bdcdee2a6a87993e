// Masks of awkward forms from a seed: what outlines must survive.
import { packMask } from "#protocol/mask.ts";
import type { Mask } from "#protocol/types.ts";

export interface SeededMask {
  readonly what: string;
  readonly mask: Mask;
}

/** Left and top of all masks; `width` x `height` holds them. */
export interface Place {
  readonly u: number;
  readonly v: number;
  readonly width: number;
  readonly height: number;
}

type Fill = (x: number, y: number) => boolean;

export function seededMasks(seed: number, place: Place): SeededMask[] {
  const random = generator(seed);
  const { width, height } = place;
  const noise = Float64Array.from({ length: width * height }, random);
  const blobs = Array.from({ length: 6 }, () => [random() * width, random() * height, 2 + random() * 6] as const);
  const inBlob: Fill = (x, y) => blobs.some(([cx, cy, r]) => Math.hypot(x + 0.5 - cx, y + 0.5 - cy) < r);
  const inRings: Fill = (x, y) => Math.floor(Math.hypot(x + 0.5 - width / 2, y + 0.5 - height / 2) / 3) % 2 === 1;
  const pixel = Math.floor(random() * width * height);
  const row = Math.floor(random() * height);
  const kinds: Record<string, Fill> = {
    blobs: inBlob,
    "rings with islands in their holes": inRings,
    "blobs with holes": (x, y) => inBlob(x, y) && !inRings(x, y),
    checkerboard: (x, y) => (x + y) % 2 === 0,
    "checkerboard of holes": (x, y) => x === 0 || y === 0 || x === width - 1 || y === height - 1 || (x + y) % 2 === 0 || y % 4 === 0,
    "one pixel": (x, y) => y * width + x === pixel,
    "a full row": (_, y) => y === row,
    "a full column": (x) => x === row,
    "the whole box": () => true,
    "sparse noise": (x, y) => noise[y * width + x]! < 0.2,
    "half noise": (x, y) => noise[y * width + x]! < 0.5,
    "dense noise": (x, y) => noise[y * width + x]! < 0.8,
  };
  return Object.entries(kinds).map(([what, inside], at) => {
    const data = Uint8Array.from({ length: width * height }, (_, i) => (inside(i % width, Math.floor(i / width)) ? 1 : 0));
    const packed = packMask({ box: [place.u, place.v, place.u + width, place.v + height], data });
    return { what: `seed ${seed}, ${what}`, mask: { objectId: at + 1, axis: "z", index: seed, t: at % 3, score: 0.75, ...packed } };
  });
}

export function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
