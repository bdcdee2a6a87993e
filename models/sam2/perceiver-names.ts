// The tensors of EdgeTAM's perceiver: facebookresearch/EdgeTAM, sam2/modeling/perceiver.py. Its layers have no biases.
import { dimension, norm, side, single, type TensorName } from "./table-rows.ts";

const memory = side(dimension.memory);
const [mlp, loose, inWindows] = [side(dimension.perceiverMlp)(), side(dimension.loose)(), side(dimension.inWindows)()];

/** @param layers 0 for networks without one */
export function perceiverNames(layers: number): TensorName[] {
  if (layers === 0) return [];
  const perceiver = "spatial_perceiver";
  const names = [
    single(`${perceiver}.latents`, `${perceiver}.latents_1d`, [loose, memory()]),
    single(`${perceiver}.latents_2d`, `${perceiver}.latents_2d`, [inWindows, memory()]),
    ...norm(`${perceiver}.norm`, `${perceiver}.layer_norm`, memory()),
  ];
  for (let at = 0; at < layers; at++) {
    const here = `${perceiver}.layers.${at}`;
    names.push(
      ...norm(`${here}.attn.norm_x`, `${here}.layer_norm_input`, memory()),
      ...norm(`${here}.attn.norm_latents`, `${here}.layer_norm_latents`, memory()),
      ...attention(`${here}.attn`, `${here}.cross_attention`),
      ...feedForward(`${here}.ff`, `${here}.mlp`),
      ...norm(`${here}.self_attn.norm`, `${here}.layer_norm_self`, memory()),
      ...attention(`${here}.self_attn`, `${here}.self_attention`),
      ...feedForward(`${here}.self_ff`, `${here}.self_mlp`),
    );
  }
  return names;
}

function attention(official: string, transformers: string): TensorName[] {
  return [
    single(`${official}.to_q.weight`, `${transformers}.q_proj.weight`, [memory(), memory()]),
    { official: `${official}.to_kv.weight`, transformers: [], joined: [`${transformers}.k_proj.weight`, `${transformers}.v_proj.weight`], shape: [memory(2), memory()] },
    single(`${official}.to_out.weight`, `${transformers}.o_proj.weight`, [memory(), memory()]),
  ];
}

function feedForward(official: string, transformers: string): TensorName[] {
  return [
    ...norm(`${official}.0`, `${transformers}.layer_norm`, memory()),
    single(`${official}.1.weight`, `${transformers}.up_proj.weight`, [mlp, memory()]),
    single(`${official}.3.weight`, `${transformers}.down_proj.weight`, [memory(), mlp]),
  ];
}
