// The dimensions of one SAM 2 network. All of it comes from a checkpoint's tensors and metadata, so that a shrunken network
// is just another file; sam2's own configurations are the special cases.

/** Four stages, each after the first opened by a block that halves the grid and doubles the width. */
export interface TrunkConfig {
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

/** Side of the decoder's masks. */
export function logitSide(config: Pick<Sam2Config, "imageSize">): number {
  return config.imageSize / 4;
}
