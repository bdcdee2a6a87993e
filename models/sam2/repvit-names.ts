// The tensors of a RepViT trunk (arXiv 2307.09283) as timm's repvit_m1 names them under either naming: every convolution is followed by a
// batch norm, and those over neighbouring places have a branch of 1 x 1 beside them.
import { dimension, layer, norm, side, single, type Side, type TensorName } from "./table-rows.ts";

const embed = side(dimension.embed);

/** Inside a block the width is doubled. */
const EXPANSION = 2;

/** Blocks with a squeeze and excitation: every other one, beginning with the first of a stage. */
export function isSqueezed(block: number): boolean {
  return block % 2 === 0;
}

/** @param blocks of each stage; each is twice as wide as the one before */
export function repVitNames(blocks: readonly number[]): TensorName[] {
  const names = [...convolution("stem.conv1", [embed(1 / 2), 3, 3, 3]), ...convolution("stem.conv2", [embed(), embed(1 / 2), 3, 3])];
  for (const [stage, count] of blocks.entries()) {
    const [width, before] = [2 ** stage, 2 ** (stage - 1)];
    if (stage > 0) {
      const opening = `stages_${stage}.downsample`;
      names.push(
        ...mixers(`${opening}.pre_block`, before),
        ...convolution(`${opening}.spatial_downsample`, [embed(before), 1, 3, 3]),
        ...convolution(`${opening}.channel_downsample`, [embed(width), embed(before), 1, 1]),
        ...channelMixer(`${opening}.ffn`, width),
      );
    }
    for (let block = 0; block < count; block++) {
      const here = `stages_${stage}.blocks.${block}`;
      names.push(...mixers(here, width), ...(isSqueezed(block) ? squeeze(`${here}.se`, stage, width) : []));
    }
  }
  return names;
}

function mixers(name: string, width: number): TensorName[] {
  return [
    ...convolution(`${name}.token_mixer.conv`, [embed(width), 1, 3, 3]),
    ...convolution(`${name}.token_mixer.conv1`, [embed(width), 1, 1, 1]),
    ...channelMixer(`${name}.channel_mixer`, width),
  ];
}

function channelMixer(name: string, width: number): TensorName[] {
  return [...convolution(`${name}.conv1`, [embed(EXPANSION * width), embed(width), 1, 1]), ...convolution(`${name}.conv2`, [embed(width), embed(EXPANSION * width), 1, 1])];
}

function squeeze(name: string, stage: number, width: number): TensorName[] {
  const squeezed = side(`the squeezed width of stage ${stage + 1}`)();
  return [...layer(...both(`${name}.fc1`), [squeezed, embed(width), 1, 1]), ...layer(...both(`${name}.fc2`), [embed(width), squeezed, 1, 1])];
}

/** Without a bias, with the batch norm after it. */
function convolution(name: string, shape: readonly Side[]): TensorName[] {
  const outputs = shape[0]!;
  return [
    single(...both(`${name}.c.weight`), shape),
    ...norm(...both(`${name}.bn`), outputs),
    ...["running_mean", "running_var"].map((statistic) => single(...both(`${name}.bn.${statistic}`), [outputs])),
  ];
}

function both(name: string): [string, string] {
  return [`image_encoder.trunk.body.${name}`, `vision_encoder.backbone.timm_model.${name}`];
}
