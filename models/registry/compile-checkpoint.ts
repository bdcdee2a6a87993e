// SAM 2 checkpoints as the store compiles them.
import { MaskletError } from "#protocol/errors.ts";
import { openCheckpoint } from "../checkpoints/open-checkpoint.ts";
import { COMPILER_VERSION } from "../sam2/network-description.ts";
import { sam2Weights } from "../sam2/weights.ts";
import type { OpenForCompiling } from "./checkpoint-compiler.ts";

export const openSam2ForCompiling: OpenForCompiling = async (path, options) => {
  const checkpoint = await openCheckpoint(path);
  try {
    const weights = await sam2Weights(checkpoint, options.imageSize === undefined ? {} : { imageSize: options.imageSize });
    if (options.int8 && weights.config.trunk.kind === "repvit") throw MaskletError.of("usage", { why: "Eight bits are for the linear layers of SAM 2's image encoder, and EdgeTAM's has none; leave --int8 out." });
    const own = options.imageSize === undefined ? weights : await sam2Weights(checkpoint).catch(() => weights);
    return {
      family: "sam2",
      imageSize: weights.config.imageSize,
      defaultImageSize: own.config.imageSize,
      compilerVersion: COMPILER_VERSION,
      metadata: checkpoint.metadata,
      async compile(folder, sourceSha256, watch) {
        // Loaded when needed: whoever only lists models has no use for the compiler.
        const { compileSam2 } = await import("../sam2/compile/compile.ts");
        await compileSam2(weights, folder, { ...watch, sourceSha256, int8: options.int8 });
      },
      close: () => checkpoint.close(),
    };
  } catch (thrown) {
    await checkpoint.close();
    throw thrown;
  }
};
