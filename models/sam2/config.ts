// The dimensions of one SAM 2 network. All of it comes from a checkpoint's tensors and metadata, so that a shrunken network
// is just another file; sam2's own configurations and EdgeTAM's are the special cases.

/** Four stages, each after the first opened by layers that halve the grid and double the width. */
export type TrunkConfig = HieraConfig | RepVitConfig;

/** SAM 2's: attention. */
export interface HieraConfig {
  readonly kind: "hiera";
  /** Width of the first stage. */
  readonly embedDim: number;
  /** Blocks of each stage. */
  readonly blocks: readonly number[];
  /** Attention heads of each stage. */
  readonly heads: readonly number[];
  /** Side of the attention windows of each stage; a block that opens a stage still uses the one before. */
  readonly windows: readonly number[];
  /** Blocks that attend to the whole grid, counted through all stages. */
  readonly globalBlocks: readonly number[];
  /** Side of the position embedding that is enlarged to the whole grid. */
  readonly positionGrid: number;
  /** Side of the one that is tiled. */
  readonly windowPositionGrid: number;
}

/** EdgeTAM's: convolutions (RepViT, arXiv 2307.09283). */
export interface RepVitConfig {
  readonly kind: "repvit";
  /** Width of the first stage. */
  readonly embedDim: number;
  /** Blocks of each stage, beside the layers that open it. */
  readonly blocks: readonly number[];
}

/** What makes a memory small (EdgeTAM, arXiv 2501.07256, 2D spatial perceiver). */
export interface PerceiverConfig {
  readonly layers: number;
  /** Tokens that have read the whole grid and lie nowhere; they come first. */
  readonly loose: number;
  /** Side of the grid of tokens that have each read the window they stand for. */
  readonly side: number;
}

export interface Sam2Config {
  /** Side of the network's input in pixels, a multiple of 32. Cannot be told from tensors. */
  readonly imageSize: number;
  readonly trunk: TrunkConfig;
  /** Width of features, tokens and object pointers (256 in all official networks). */
  readonly width: number;
  /** Width of a memory token (64 in all official networks); divides `width`. */
  readonly memoryWidth: number;
  /** Channels of the mask prompt inside its encoder (16). */
  readonly maskPromptWidth: number;
  readonly decoder: { readonly layers: number; readonly heads: number; readonly mlpWidth: number };
  readonly memoryAttention: { readonly layers: number; readonly mlpWidth: number };
  /** Undefined where a memory is the whole grid (SAM 2). */
  readonly perceiver: PerceiverConfig | undefined;
  /** Blocks that fuse a frame and its mask in the memory encoder (2). */
  readonly fuserLayers: number;
  /** Rows of the temporal code: at most this many memory frames, one of them conditioning (7). */
  readonly memoryFrames: number;
  /** Object pointers are taken from at most so many frames (16). */
  readonly maxPointers: number;
  /** A learned vector marks the memory of a frame where the object is absent (2.1). */
  readonly occlusionMemory: boolean;
  /** Object pointers carry their distance in time (2.1). */
  readonly pointerTime: boolean;
}

/** Side of the deepest grid that masks are decoded from; low-resolution logits have four times that. */
export function gridSide(config: Pick<Sam2Config, "imageSize">): number {
  return config.imageSize / 16;
}

/** How the tokens of one memory lie: some nowhere, then a grid over the window. */
export function memoryLayout(config: Pick<Sam2Config, "imageSize" | "perceiver">): { readonly loose: number; readonly side: number } {
  return config.perceiver ?? { loose: 0, side: gridSide(config) };
}

export function memoryTokens(config: Pick<Sam2Config, "imageSize" | "perceiver">): number {
  const { loose, side } = memoryLayout(config);
  return loose + side ** 2;
}

/** Side of the decoder's masks. */
export function logitSide(config: Pick<Sam2Config, "imageSize">): number {
  return config.imageSize / 4;
}
