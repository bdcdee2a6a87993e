// What the two graphs of a SAM model must take and give, so that another package's files fail with words.
import { MaskletError } from "#protocol/errors.ts";
import type { Graph, GraphPort } from "../runtime/session.ts";
import { MULTIMASK_LOGITS, MULTIMASK_SCORES } from "./declare-multimask.ts";

export interface Ports {
  readonly inputs: readonly GraphPort[];
  readonly outputs: readonly GraphPort[];
}

/** A negative size stands for any. */
export const encoderPorts: Ports = {
  inputs: [{ name: "input", dims: [-1, 3, 1024, 1024] }],
  outputs: [{ name: "output", dims: [1, 256, 64, 64] }],
};

export const decoderPorts: Ports = {
  inputs: [
    { name: "image_embeddings", dims: [1, 256, 64, 64] },
    { name: "point_coords", dims: [1, -1, 2] },
    { name: "point_labels", dims: [1, -1] },
    { name: "mask_input", dims: [1, 1, 256, 256] },
    { name: "has_mask_input", dims: [1] },
    { name: "orig_im_size", dims: [2] },
  ],
  outputs: [{ name: MULTIMASK_LOGITS, dims: [1, 4, 256, 256] }, { name: MULTIMASK_SCORES, dims: [1, 4] }],
};

/** @throws model_failed when a port is missing or has another size */
export function requirePorts(graph: Pick<Graph, "inputs" | "outputs">, wanted: Ports, model: string): void {
  for (const [kind, have, want] of [["input", graph.inputs, wanted.inputs], ["output", graph.outputs, wanted.outputs]] as const) {
    for (const port of want) {
      const found = have.find((one) => one.name === port.name);
      if (found === undefined) throw MaskletError.of("model_failed", { model, why: `its graph has no ${kind} ${port.name}` });
      const fits = found.dims.length === port.dims.length && port.dims.every((size, at) => size === -1 || size === found.dims[at]);
      if (!fits) throw MaskletError.of("model_failed", { model, why: `its ${kind} ${port.name} is [${found.dims.join(", ")}], not [${port.dims.join(", ")}]` });
    }
  }
}
