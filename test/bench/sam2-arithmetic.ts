// Multiply-accumulates of SAM 2's parts, tiny, counted layer by layer from the official architecture.
import type { Sam2Config } from "#models/sam2/config.ts";
import { gridSide } from "#models/sam2/config.ts";

export interface Arithmetic {
  readonly imageEncoder: number;
  readonly memoryEncoder: number;
  /** One prompt. */
  readonly maskDecoder: number;
}

const counted = new Map<number, Arithmetic>([
  [512, { imageEncoder: 31.2e9, memoryEncoder: 1.45e9, maskDecoder: 0.47e9 }],
  [1024, { imageEncoder: 145.4e9, memoryEncoder: 5.8e9, maskDecoder: 1.81e9 }],
]);

/** Counted for inputs of 512 and 1024. */
export function tinyArithmetic(imageSize: number): Arithmetic | undefined {
  return counted.get(imageSize);
}

/**
 * @param compiled as our graph does it, values entering attention unprojected: for memory in a quarter of the width. Otherwise as
 * published.
 */
export function attentionArithmetic(config: Sam2Config, frames: number, pointers: number, compiled: boolean): number {
  const { width: wide, memoryWidth: narrow, memoryAttention: { layers, mlpWidth } } = config;
  const places = gridSide(config) ** 2;
  const tokens = frames * places + pointers * (wide / narrow);
  const own = (compiled ? 3 : 4) * places * wide * wide + 2 * places * places * wide;
  const remembered = compiled
    ? places * wide * wide + tokens * narrow * wide + places * tokens * (wide + narrow) + places * narrow * wide
    : 2 * places * wide * wide + 2 * tokens * narrow * wide + 2 * places * tokens * wide;
  return layers * (own + remembered + 2 * places * wide * mlpWidth);
}
