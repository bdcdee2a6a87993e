// Which part of an unpickled checkpoint is the weights. Trainers keep much beside them.
import { MaskletError } from "#protocol/errors.ts";
import { limits } from "#protocol/limits.ts";
import { isKind, type PickleDict, type PickleTensor, type PickleValue } from "./pickle-values.ts";
import { checkTensorName, quoted } from "./tensor-values.ts";

/** Keys under which weights lie: SAM 2's own and its trainer's `model`, Lightning's `state_dict`; else the top level itself. */
const holders = ["model", "state_dict"];

/**
 * The tensors by name. Other values among them (counters, versions) are left out.
 * @throws checkpoint_unsupported when there are none
 */
export function stateDictOf(root: PickleValue, file: string): ReadonlyMap<string, PickleTensor> {
  if (!isKind(root, "dict")) throw MaskletError.of("checkpoint_unsupported", { file, why: "it does not hold a dictionary of weights" });
  const held = holders.map((key) => root.entries.get(key)).find((value) => isKind(value, "dict"));
  const tensors = tensorsOf(isKind(held, "dict") ? held : root, file);
  if (tensors.size === 0) {
    const keys = [...root.entries.keys()].slice(0, 10).map((key) => quoted(String(key)));
    throw MaskletError.of("checkpoint_unsupported", { file, why: `it holds no weights under ${holders.join(" or ")} or at its top level (which has ${keys.join(", ") || "nothing"})` });
  }
  if (tensors.size > limits.maxCheckpointEntries) throw MaskletError.of("checkpoint_invalid", { file, why: `it names ${tensors.size} tensors, more than ${limits.maxCheckpointEntries} (maxCheckpointEntries)` });
  return tensors;
}

/** Top-level text and numbers whose key begins with `masklet.`, as safetensors' metadata would say them. */
export function metadataOf(root: PickleValue): Record<string, string> {
  if (!isKind(root, "dict")) return {};
  return Object.fromEntries([...root.entries].flatMap(([key, value]) =>
    typeof key === "string" && key.startsWith("masklet.") && (typeof value === "string" || typeof value === "number") ? [[key, String(value)]] : []));
}

function tensorsOf(dict: PickleDict, file: string): ReadonlyMap<string, PickleTensor> {
  const tensors = new Map<string, PickleTensor>();
  for (const [name, value] of dict.entries) {
    if (typeof name !== "string" || !isKind(value, "tensor")) continue;
    checkTensorName(name, file);
    tensors.set(name, value);
  }
  return tensors;
}
