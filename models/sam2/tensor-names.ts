// Every tensor of a SAM 2 network: its name in the official checkpoints (facebookresearch/sam2 and EdgeTAM, module attributes), its
// name in transformers' (Sam2VideoModel and EdgeTamVideoModel, 4.57), and its shape.
import { perceiverNames } from "./perceiver-names.ts";
import { repVitNames } from "./repvit-names.ts";
import { dimension, layer, norm, side, single, type Side, type TensorName } from "./table-rows.ts";

export interface HieraParts {
  readonly kind: "hiera";
  readonly blocks: number;
  /** The blocks that double the width, ascending: the first of stages 2, 3 and 4. */
  readonly openingBlocks: readonly number[];
}

export interface RepVitParts {
  readonly kind: "repvit";
  /** Of each stage, without the layers that open it. */
  readonly blocks: readonly number[];
}

/** How often parts repeat, told from the names in the file. */
export interface NetworkParts {
  readonly trunk: HieraParts | RepVitParts;
  /** 0 for a network whose memories stay grids. */
  readonly perceiverLayers: number;
  readonly memoryLayers: number;
  readonly fuserLayers: number;
  readonly decoderLayers: number;
  /** Tensors that only SAM 2.1 has. */
  readonly occlusionMemory: boolean;
  readonly pointerTime: boolean;
}

const [embed, width, memory, maskPrompt] = [side(dimension.embed), side(dimension.width), side(dimension.memory), side(dimension.maskPrompt)];
const [grid, windowGrid, frames, iou] = [side(dimension.grid)(), side(dimension.windowGrid)(), side(dimension.frames)(), side(dimension.iou)()];
const [attentionMlp, decoderMlp] = [side(dimension.attentionMlp)(), side(dimension.decoderMlp)()];
const maskChannels: readonly Side[] = [1, side(dimension.mask0)(), side(dimension.mask1)(), side(dimension.mask2)(), side(dimension.mask3)()];

/** The whole table, in the order of a forward pass. */
export function sam2TensorNames(parts: NetworkParts): readonly TensorName[] {
  const trunk = parts.trunk.kind === "hiera" ? hiera(parts.trunk) : repVitNames(parts.trunk.blocks);
  return [...trunk, ...neck(), ...memoryAttention(parts), ...memoryEncoder(parts), ...perceiverNames(parts.perceiverLayers), ...promptEncoder(), ...maskDecoder(parts), ...videoModel(parts)];
}

/** The modules of the table in both namings. What else begins like this changes what the network does; other names do not. */
export const networkPrefixes = [
  "image_encoder.", "memory_attention.", "memory_encoder.", "spatial_perceiver.", "sam_prompt_encoder.", "sam_mask_decoder.", "obj_ptr_",
  "vision_encoder.", "prompt_encoder.", "mask_decoder.", "object_pointer_proj.", "temporal_positional_encoding_projection_layer.",
] as const;

/** In a network's files, but not used in inference. */
export const unusedTensors: ReadonlySet<string> = new Set(["no_mem_pos_enc", "no_memory_positional_encoding"]);

function hiera({ blocks, openingBlocks }: HieraParts): TensorName[] {
  const [official, other] = ["image_encoder.trunk", "vision_encoder.backbone"];
  const names = [
    single(`${official}.pos_embed`, `${other}.pos_embed`, [1, embed(), grid, grid]),
    single(`${official}.pos_embed_window`, `${other}.pos_embed_window`, [1, embed(), windowGrid, windowGrid]),
    ...layer(`${official}.patch_embed.proj`, `${other}.patch_embed.projection`, [embed(), 3, 7, 7]),
  ];
  for (let block = 0; block < blocks; block++) {
    const opens = openingBlocks.includes(block);
    const to = 2 ** openingBlocks.filter((opening) => opening <= block).length;
    const from = opens ? to / 2 : to;
    const [here, there] = [`${official}.blocks.${block}`, `${other}.blocks.${block}`];
    names.push(
      ...norm(`${here}.norm1`, `${there}.layer_norm1`, embed(from)),
      ...layer(`${here}.attn.qkv`, `${there}.attn.qkv`, [embed(3 * to), embed(from)]),
      ...layer(`${here}.attn.proj`, `${there}.attn.proj`, [embed(to), embed(to)]),
      ...norm(`${here}.norm2`, `${there}.layer_norm2`, embed(to)),
      ...layer(`${here}.mlp.layers.0`, `${there}.mlp.proj_in`, [embed(4 * to), embed(to)]),
      ...layer(`${here}.mlp.layers.1`, `${there}.mlp.proj_out`, [embed(to), embed(4 * to)]),
      ...(opens ? layer(`${here}.proj`, `${there}.proj`, [embed(to), embed(from)]) : []),
    );
  }
  return names;
}

/** The convolution with index 0 is of the deepest level. */
function neck(): TensorName[] {
  return [8, 4, 2, 1].flatMap((times, level) =>
    layer(`image_encoder.neck.convs.${level}.conv`, `vision_encoder.neck.convs.${level}`, [width(), embed(times), 1, 1]));
}

function memoryAttention({ memoryLayers, perceiverLayers }: NetworkParts): TensorName[] {
  const [linear1, linear2] = perceiverLayers === 0 ? ["linear1", "linear2"] : ["mlp.up_proj", "mlp.down_proj"];
  const names = norm("memory_attention.norm", "memory_attention.layer_norm", width());
  for (let at = 0; at < memoryLayers; at++) {
    const here = `memory_attention.layers.${at}`;
    names.push(
      ...attention(`${here}.self_attn`, `${here}.self_attn`, width(), width()),
      ...attention(`${here}.cross_attn_image`, `${here}.cross_attn_image`, width(), memory()),
      ...layer(`${here}.linear1`, `${here}.${linear1}`, [attentionMlp, width()]),
      ...layer(`${here}.linear2`, `${here}.${linear2}`, [width(), attentionMlp]),
      ...[1, 2, 3].flatMap((number) => norm(`${here}.norm${number}`, `${here}.layer_norm${number}`, width())),
    );
  }
  return names;
}

function memoryEncoder({ fuserLayers }: NetworkParts): TensorName[] {
  const names: TensorName[] = [];
  const masks = "memory_encoder.mask_downsampler";
  for (let at = 0; at < 4; at++) {
    const [from, to] = [maskChannels[at]!, maskChannels[at + 1]!];
    names.push(...layer(`${masks}.encoder.${3 * at}`, `${masks}.layers.${at}.conv`, [to, from, 3, 3]), ...norm(`${masks}.encoder.${3 * at + 1}`, `${masks}.layers.${at}.layer_norm`, to));
  }
  names.push(
    ...layer(`${masks}.encoder.12`, `${masks}.final_conv`, [width(), maskChannels[4]!, 1, 1]),
    ...layer("memory_encoder.pix_feat_proj", "memory_encoder.feature_projection", [width(), width(), 1, 1]),
  );
  for (let at = 0; at < fuserLayers; at++) {
    const [here, there] = [`memory_encoder.fuser.layers.${at}`, `memory_encoder.memory_fuser.layers.${at}`];
    names.push(
      single(`${here}.gamma`, `${there}.scale`, [width()]),
      ...layer(`${here}.dwconv`, `${there}.depthwise_conv`, [width(), 1, 7, 7]),
      ...norm(`${here}.norm`, `${there}.layer_norm`, width()),
      ...layer(`${here}.pwconv1`, `${there}.pointwise_conv1`, [width(4), width()]),
      ...layer(`${here}.pwconv2`, `${there}.pointwise_conv2`, [width(), width(4)]),
    );
  }
  return [...names, ...layer("memory_encoder.out_proj", "memory_encoder.projection", [memory(), width(), 1, 1])];
}

function promptEncoder(): TensorName[] {
  const [official, other] = ["sam_prompt_encoder", "prompt_encoder"];
  const fourier = { official: `${official}.pe_layer.positional_encoding_gaussian_matrix`, shape: [2, width(1 / 2)],
    transformers: [`${other}.shared_embedding.positional_embedding`, "shared_image_embedding.positional_embedding"] };
  const points = [0, 1, 2, 3].map((index) => ({ official: `${official}.point_embeddings.${index}.weight`, transformers: [`${other}.point_embed.weight`],
    shape: [1, width()], row: { index, of: 4 } }));
  return [
    fourier,
    ...points,
    single(`${official}.not_a_point_embed.weight`, `${other}.not_a_point_embed.weight`, [1, width()]),
    single(`${official}.no_mask_embed.weight`, `${other}.no_mask_embed.weight`, [1, width()]),
    ...layer(`${official}.mask_downscaling.0`, `${other}.mask_embed.conv1`, [maskPrompt(1 / 4), 1, 2, 2]),
    ...norm(`${official}.mask_downscaling.1`, `${other}.mask_embed.layer_norm1`, maskPrompt(1 / 4)),
    ...layer(`${official}.mask_downscaling.3`, `${other}.mask_embed.conv2`, [maskPrompt(), maskPrompt(1 / 4), 2, 2]),
    ...norm(`${official}.mask_downscaling.4`, `${other}.mask_embed.layer_norm2`, maskPrompt()),
    ...layer(`${official}.mask_downscaling.6`, `${other}.mask_embed.conv3`, [width(), maskPrompt(), 1, 1]),
  ];
}

function maskDecoder({ decoderLayers }: NetworkParts): TensorName[] {
  const [official, other] = ["sam_mask_decoder", "mask_decoder"];
  const names = [
    ...["iou_token", "obj_score_token"].map((token) => single(`${official}.${token}.weight`, `${other}.${token}.weight`, [1, width()])),
    single(`${official}.mask_tokens.weight`, `${other}.mask_tokens.weight`, [4, width()]),
  ];
  for (let at = 0; at < decoderLayers; at++) {
    const [here, there] = [`${official}.transformer.layers.${at}`, `${other}.transformer.layers.${at}`];
    names.push(
      ...attention(`${here}.self_attn`, `${there}.self_attn`, width(), width()),
      ...["cross_attn_token_to_image", "cross_attn_image_to_token"].flatMap((name) => attention(`${here}.${name}`, `${there}.${name}`, width(1 / 2), width())),
      ...[1, 2, 3, 4].flatMap((number) => norm(`${here}.norm${number}`, `${there}.layer_norm${number}`, width())),
      ...layer(`${here}.mlp.layers.0`, `${there}.mlp.proj_in`, [decoderMlp, width()]),
      ...layer(`${here}.mlp.layers.1`, `${there}.mlp.proj_out`, [width(), decoderMlp]),
    );
  }
  const last = "transformer.final_attn_token_to_image";
  return [
    ...names,
    ...attention(`${official}.${last}`, `${other}.${last}`, width(1 / 2), width()),
    ...norm(`${official}.transformer.norm_final_attn`, `${other}.transformer.layer_norm_final_attn`, width()),
    ...layer(`${official}.conv_s0`, `${other}.conv_s0`, [width(1 / 8), width(), 1, 1]),
    ...layer(`${official}.conv_s1`, `${other}.conv_s1`, [width(1 / 4), width(), 1, 1]),
    // Transposed convolutions are [in, out, kernel, kernel].
    ...layer(`${official}.output_upscaling.0`, `${other}.upscale_conv1`, [width(), width(1 / 4), 2, 2], width(1 / 4)),
    ...norm(`${official}.output_upscaling.1`, `${other}.upscale_layer_norm`, width(1 / 4)),
    ...layer(`${official}.output_upscaling.3`, `${other}.upscale_conv2`, [width(1 / 4), width(1 / 8), 2, 2], width(1 / 8)),
    ...[0, 1, 2, 3].flatMap((mask) => mlp(`${official}.output_hypernetworks_mlps.${mask}`, `${other}.output_hypernetworks_mlps.${mask}`, width(), width(1 / 8))),
    ...mlp(`${official}.iou_prediction_head`, `${other}.iou_prediction_head`, iou, 4),
    ...mlp(`${official}.pred_obj_score_head`, `${other}.pred_obj_score_head`, width(), 1),
  ];
}

function videoModel({ occlusionMemory, pointerTime }: NetworkParts): TensorName[] {
  return [
    single("maskmem_tpos_enc", "memory_temporal_positional_encoding", [frames, 1, 1, memory()]),
    single("no_mem_embed", "no_memory_embedding", [1, 1, width()]),
    single("no_obj_ptr", "no_object_pointer", [1, width()]),
    ...layer("mask_downsample", "mask_downsample", [1, 1, 4, 4]),
    ...mlp("obj_ptr_proj", "object_pointer_proj", width(), width()),
    ...(occlusionMemory ? [single("no_obj_embed_spatial", "occlusion_spatial_embedding_parameter", [1, memory()])] : []),
    ...(pointerTime ? layer("obj_ptr_tpos_proj", "temporal_positional_encoding_projection_layer", [memory(), width()]) : []),
  ];
}

/** @param inner width of queries, keys and values; @param source width of what keys and values are made from */
function attention(official: string, transformers: string, inner: Side, source: Side): TensorName[] {
  return [
    ...layer(`${official}.q_proj`, `${transformers}.q_proj`, [inner, width()]),
    ...layer(`${official}.k_proj`, `${transformers}.k_proj`, [inner, source]),
    ...layer(`${official}.v_proj`, `${transformers}.v_proj`, [inner, source]),
    ...layer(`${official}.out_proj`, `${transformers}.o_proj`, [width(), inner]),
  ];
}

/** Three layers, from the network's width. */
function mlp(official: string, transformers: string, hidden: Side, outputs: Side): TensorName[] {
  return [
    ...layer(`${official}.layers.0`, `${transformers}.proj_in`, [hidden, width()]),
    ...layer(`${official}.layers.1`, `${transformers}.layers.0`, [hidden, hidden]),
    ...layer(`${official}.layers.2`, `${transformers}.proj_out`, [outputs, hidden]),
  ];
}
