// The dimensions of a network from its tensors' shapes, and what shapes cannot tell from metadata or the official sizes.
import { MaskletError } from "#protocol/errors.ts";
import { limits } from "#protocol/limits.ts";
import type { HieraConfig, PerceiverConfig, Sam2Config, TrunkConfig } from "./config.ts";
import { mismatch, type MatchedTensors } from "./match-tensors.ts";
import { dimension } from "./table-rows.ts";
import type { HieraParts } from "./tensor-names.ts";

type Size = Pick<HieraConfig, "embedDim" | "blocks" | "heads" | "windows" | "globalBlocks">;

/** Tiny, small, base+, large: facebookresearch/sam2, sam2/configs and the defaults of class Hiera; equal in 2.0 and 2.1. */
const officialSizes: readonly Size[] = [
  { embedDim: 96, blocks: [1, 2, 7, 2], heads: [1, 2, 4, 8], windows: [8, 4, 14, 7], globalBlocks: [5, 7, 9] },
  { embedDim: 96, blocks: [1, 2, 11, 2], heads: [1, 2, 4, 8], windows: [8, 4, 14, 7], globalBlocks: [7, 10, 13] },
  { embedDim: 112, blocks: [2, 3, 16, 3], heads: [2, 4, 8, 16], windows: [8, 4, 14, 7], globalBlocks: [12, 16, 20] },
  { embedDim: 144, blocks: [2, 6, 36, 4], heads: [2, 4, 8, 16], windows: [8, 4, 16, 8], globalBlocks: [23, 33, 43] },
];

/** EdgeTAM: timm's repvit_m1. */
const officialRepVit: Pick<TrunkConfig, "embedDim" | "blocks"> = { embedDim: 48, blocks: [2, 2, 14, 2] };

/** The two-way transformer's attention heads, and its width, in all official networks. */
const official = { decoderHeads: 8, width: 256, imageSize: 1024, maxPointers: 16 };

interface Source {
  readonly file: string;
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * @param imageSize side of the input in pixels; goes before metadata, which goes before 1024
 * @throws checkpoint_mismatch, checkpoint_metadata when a size that is not official lacks a key, image_size_invalid
 */
export function inferSam2Config({ parts, dimensions }: Omit<MatchedTensors, "tensors">, source: Source, imageSize: number | undefined): Sam2Config {
  const sized = (name: string): number => {
    const value = dimensions.get(name);
    if (value === undefined) throw mismatch(source.file, `no tensor tells ${name}`);
    return value;
  };
  const [width, memoryWidth] = [sized(dimension.width), sized(dimension.memory)];
  // Sine codes have a sine and a cosine for each axis; a pointer is cut into tokens of the memory's width.
  if (memoryWidth % 4 !== 0 || width % memoryWidth !== 0) throw mismatch(source.file, `its memory is ${memoryWidth} wide, which must be a multiple of 4 and divide the width ${width}`);
  const embedDim = sized(dimension.embed);
  const trunk: TrunkConfig = parts.trunk.kind === "repvit" ? { ...parts.trunk, embedDim }
    : { kind: "hiera", ...hieraSize(embedDim, blocksOf(parts.trunk, source.file), source), positionGrid: sized(dimension.grid), windowPositionGrid: sized(dimension.windowGrid) };
  const perceiver = parts.perceiverLayers === 0 ? undefined : { layers: parts.perceiverLayers, loose: sized(dimension.loose), side: gridOfLatents(sized(dimension.inWindows), source.file) };
  return {
    imageSize: checkedImageSize(imageSize, sideMultiple(trunk, perceiver), source),
    trunk,
    width,
    memoryWidth,
    maskPromptWidth: sized(dimension.maskPrompt),
    decoder: { layers: parts.decoderLayers, heads: decoderHeads(width, trunk, source), mlpWidth: sized(dimension.decoderMlp) },
    memoryAttention: { layers: parts.memoryLayers, mlpWidth: sized(dimension.attentionMlp) },
    perceiver,
    fuserLayers: parts.fuserLayers,
    memoryFrames: sized(dimension.frames),
    maxPointers: official.maxPointers,
    occlusionMemory: parts.occlusionMemory,
    pointerTime: parts.pointerTime,
  };
}

function gridOfLatents(count: number, file: string): number {
  if (!Number.isInteger(Math.sqrt(count))) throw mismatch(file, `its perceiver has ${count} latents in windows, which is no square number`);
  return Math.sqrt(count);
}

function blocksOf({ openingBlocks, blocks: trunkBlocks }: HieraParts, file: string): readonly number[] {
  const starts = [0, ...openingBlocks, trunkBlocks];
  const blocks = starts.slice(1).map((start, stage) => start - starts[stage]!);
  if (blocks.length !== 4 || blocks.some((count) => count < 1)) throw mismatch(file, `its trunk opens stages at the blocks ${openingBlocks.join(", ") || "none"} of ${trunkBlocks}, where four stages are needed`);
  return blocks;
}

/** Metadata goes before the official size, so that a network of the same shape may still differ. */
function hieraSize(embedDim: number, blocks: readonly number[], source: Source): Size {
  const known = officialSizes.find((size) => size.embedDim === embedDim && equal(size.blocks, blocks));
  const stages = blocks.map((_, stage) => embedDim * 2 ** stage);
  const total = blocks.reduce((sum, count) => sum + count);
  const heads = numbers("masklet.heads", known?.heads, source, "the attention heads of its four stages, each a divisor of the stage's width",
    (list) => list.length === 4 && list.every((count, stage) => count > 0 && stages[stage]! % count === 0));
  // A block that opens a stage halves the windows of the stage before, so those must be even.
  const windows = numbers("masklet.windows", known?.windows, source, "the window sides of its four stages, the first three even",
    (list) => list.length === 4 && list.every((side, stage) => side > 0 && (stage === 3 || side % 2 === 0)));
  const globalBlocks = numbers("masklet.global_blocks", known?.globalBlocks, source, `the blocks with global attention, ascending and below ${total}`,
    (list) => list.every((block, at) => block < total && (at === 0 || block > list[at - 1]!)));
  return { embedDim, blocks, heads, windows, globalBlocks };
}

function decoderHeads(width: number, trunk: TrunkConfig, source: Source): number {
  const sizes = trunk.kind === "hiera" ? officialSizes : [officialRepVit];
  const known = width === official.width && sizes.some(({ embedDim, blocks }) => embedDim === trunk.embedDim && equal(blocks, trunk.blocks));
  // Cross-attention is half as wide.
  return numbers("masklet.decoder_heads", known ? [official.decoderHeads] : undefined, source, `the attention heads of its mask decoder, a divisor of ${width / 2}`,
    (list) => list.length === 1 && list[0]! > 0 && (width / 2) % list[0]! === 0)[0]!;
}

/** What the input's side must be a multiple of: stages halve the grid, one position embedding tiles it, windows of latents fill the deepest one. */
function sideMultiple(trunk: TrunkConfig, perceiver: PerceiverConfig | undefined): number {
  const tiles = trunk.kind === "hiera" ? 4 * trunk.windowPositionGrid : 1;
  return [32, tiles, 16 * (perceiver?.side ?? 1)].reduce(commonMultiple);
}

function commonMultiple(a: number, b: number): number {
  let [large, small] = [a, b];
  while (small > 0) [large, small] = [small, large % small];
  return (a / large) * b;
}

function checkedImageSize(asked: number | undefined, multiple: number, { metadata }: Source): number {
  const said = metadata["masklet.image_size"];
  const imageSize = asked ?? (said === undefined ? official.imageSize : wholeNumber(said) ?? NaN);
  const fits = Number.isInteger(imageSize) && imageSize > 0 && imageSize <= limits.maxViewSide && imageSize % multiple === 0;
  if (!fits) throw MaskletError.of("image_size_invalid", { imageSize: asked === undefined && said !== undefined ? said.slice(0, 40) : String(imageSize), multiple, limit: limits.maxViewSide });
  return imageSize;
}

/** A comma list from the metadata, or what is known without. */
function numbers(key: string, known: readonly number[] | undefined, { file, metadata }: Source, meaning: string, isSound: (list: readonly number[]) => boolean): readonly number[] {
  const text = metadata[key];
  if (text === undefined && known === undefined) throw MaskletError.of("checkpoint_metadata", { file, key, why: `its size is not an official one, and its tensors do not tell ${meaning}` });
  const list = text === undefined ? known : listOf(text);
  if (list === undefined || !isSound(list)) throw MaskletError.of("checkpoint_metadata", { file, key, why: `${JSON.stringify((text ?? "").slice(0, 80))} is not ${meaning}` });
  return list;
}

function listOf(text: string): readonly number[] | undefined {
  const list = text.trim() === "" ? [] : text.split(",").map(wholeNumber);
  return list.every((value) => value !== undefined) ? list : undefined;
}

function wholeNumber(text: string): number | undefined {
  return /^\s*\d{1,9}\s*$/.test(text) ? Number(text) : undefined;
}

function equal(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((value, at) => value === b[at]);
}
