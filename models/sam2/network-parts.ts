// Which naming a file follows and what its network is made of, told from the names in it.
import type { HieraParts, NetworkParts, RepVitParts } from "./tensor-names.ts";

export type Naming = "official" | "transformers";

export interface Layout {
  readonly naming: Naming;
  readonly trunk: "hiera" | "repvit";
}

/** One weight of each trunk's first layer, under either naming. */
export const landmarks: ReadonlyMap<string, Layout> = new Map<string, Layout>([
  ["image_encoder.trunk.patch_embed.proj.weight", { naming: "official", trunk: "hiera" }],
  ["vision_encoder.backbone.patch_embed.projection.weight", { naming: "transformers", trunk: "hiera" }],
  ["image_encoder.trunk.body.stem.conv1.c.weight", { naming: "official", trunk: "repvit" }],
  ["vision_encoder.backbone.timm_model.stem.conv1.c.weight", { naming: "transformers", trunk: "repvit" }],
]);

export function partsOf(names: readonly string[], { naming, trunk }: Layout): NetworkParts {
  const official = naming === "official";
  const decoder = official ? "sam_mask_decoder.transformer.layers." : "mask_decoder.transformer.layers.";
  const has = new Set(names);
  const perceiverLayers = indicesAfter("spatial_perceiver.layers.", names).size;
  return {
    trunk: trunk === "hiera" ? hieraParts(official ? "image_encoder.trunk.blocks." : "vision_encoder.backbone.blocks.", names) : repVitParts(official ? "image_encoder.trunk.body." : "vision_encoder.backbone.timm_model.", names),
    // Memories of EdgeTAM are meaningless without it, so that one that was cut off is missed.
    perceiverLayers: trunk === "repvit" ? Math.max(1, perceiverLayers) : perceiverLayers,
    memoryLayers: indicesAfter("memory_attention.layers.", names).size,
    fuserLayers: indicesAfter(official ? "memory_encoder.fuser.layers." : "memory_encoder.memory_fuser.layers.", names).size,
    decoderLayers: indicesAfter(decoder, names).size,
    occlusionMemory: has.has(official ? "no_obj_embed_spatial" : "occlusion_spatial_embedding_parameter"),
    pointerTime: has.has(`${official ? "obj_ptr_tpos_proj" : "temporal_positional_encoding_projection_layer"}.weight`),
  };
}

function hieraParts(prefix: string, names: readonly string[]): HieraParts {
  const has = new Set(names);
  const blocks = indicesAfter(prefix, names);
  return { kind: "hiera", blocks: blocks.size, openingBlocks: [...blocks].filter((block) => has.has(`${prefix}${block}.proj.weight`)).sort((a, b) => a - b) };
}

function repVitParts(prefix: string, names: readonly string[]): RepVitParts {
  return { kind: "repvit", blocks: Array.from({ length: 4 }, (_, stage) => indicesAfter(`${prefix}stages_${stage}.blocks.`, names).size) };
}

/** Distinct numbers right after a prefix. Counting them, not taking the highest, keeps a name with a huge one harmless. */
function indicesAfter(prefix: string, names: readonly string[]): ReadonlySet<number> {
  return new Set(names.filter((name) => name.startsWith(prefix)).map((name) => Number.parseInt(name.slice(prefix.length), 10)).filter(Number.isSafeInteger));
}
