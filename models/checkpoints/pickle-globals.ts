// The names a checkpoint may call for, and what stands in for each. A name is a key of these tables and nothing else: no
// name from a file is ever imported, looked up or called.
import type { TensorDtype } from "./checkpoint.ts";
import { isKind, type PickleTensor, type PickleValue } from "./pickle-values.ts";

export const storageDtypes: ReadonlyMap<string, TensorDtype> = new Map([
  ["torch DoubleStorage", "float64"], ["torch FloatStorage", "float32"], ["torch HalfStorage", "float16"], ["torch BFloat16Storage", "bfloat16"],
  ["torch LongStorage", "int64"], ["torch IntStorage", "int32"], ["torch ShortStorage", "int16"], ["torch CharStorage", "int8"],
  ["torch ByteStorage", "uint8"], ["torch BoolStorage", "bool"],
]);

/**
 * Harmless data that trainers leave beside the weights (numpy's numbers among losses and meters, a shape, a device, a
 * dictionary with defaults). What they would make is read over.
 */
const skipped: ReadonlySet<string> = new Set([
  "numpy.core.multiarray scalar", "numpy._core.multiarray scalar", "numpy dtype", "_codecs encode",
  "torch Size", "torch device", "collections defaultdict", "__builtin__ set", "builtins set", "__builtin__ int", "builtins int", "__builtin__ list", "builtins list",
  "torch float64", "torch float32", "torch float16", "torch bfloat16", "torch int64", "torch int32", "torch uint8", "torch bool",
]);

const rebuilt: ReadonlySet<string> = new Set(["torch._utils _rebuild_tensor_v2", "torch._utils _rebuild_parameter", "collections OrderedDict"]);

/** @param name module and name with a space between, as in the file */
export function isKnownGlobal(name: string): boolean {
  return storageDtypes.has(name) || skipped.has(name) || rebuilt.has(name);
}

/**
 * What calling a known name gives.
 * @returns undefined when the arguments are not what PyTorch writes
 */
export function applyGlobal(name: string, args: readonly PickleValue[]): PickleValue | undefined {
  if (name === "torch._utils _rebuild_tensor_v2") return tensorOf(args);
  if (name === "torch._utils _rebuild_parameter") return isKind(args[0], "tensor") ? args[0] : undefined;
  if (name === "collections OrderedDict") return args.length === 0 ? { kind: "dict", entries: new Map() } : undefined;
  return skipped.has(name) ? { kind: "skipped" } : undefined;
}

/** Arguments: storage, element offset, size, stride, requires-grad, hooks, and in newer files metadata. */
function tensorOf(args: readonly PickleValue[]): PickleTensor | undefined {
  const [storage, offset, size, stride] = args;
  if (!isKind(storage, "storage") || offset === undefined || size === undefined || stride === undefined) return undefined;
  return { kind: "tensor", storage, offset, size, stride };
}
