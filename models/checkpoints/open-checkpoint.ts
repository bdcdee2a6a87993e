// Opens a file of weights. What it is is told by its content, never by its name.
import { MaskletError } from "#protocol/errors.ts";
import { limits } from "#protocol/limits.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { openCheckpointFile, type CheckpointFile } from "./checkpoint-file.ts";
import { looksLikeSafetensors, readSafetensors } from "./safetensors.ts";
import { readTorchZip } from "./torch-zip.ts";

/**
 * Reads names, shapes and places; values are read tensor by tensor. Nothing in the file is executed. The caller closes it.
 * @throws file_missing, file_unreadable; checkpoint_invalid when the file is damaged or lies; checkpoint_unsupported for
 *   anything but safetensors and torch.save's zip, and for adapters (LoRA) that were not merged into their weights
 */
export async function openCheckpoint(path: string): Promise<Checkpoint> {
  const source = await openCheckpointFile(path);
  try {
    const checkpoint = await readByContent(source);
    refuseAdapters(checkpoint);
    checkTotal(checkpoint);
    return checkpoint;
  } catch (thrown) {
    await source.close();
    throw thrown;
  }
}

async function readByContent(source: CheckpointFile): Promise<Checkpoint> {
  const start = await source.read(0, Math.min(source.sizeBytes, 32));
  if (startsWith(start, "PK\x03\x04")) return readTorchZip(source);
  // Before the others: a header of 640 bytes begins like a pickle.
  if (looksLikeSafetensors(start)) return readSafetensors(source);
  throw MaskletError.of("checkpoint_unsupported", { file: source.file, why: kindOf(start) ?? "it begins like no format of weights that is read" });
}

/** What people give by mistake, named so that they see it. */
function kindOf(start: Uint8Array): string | undefined {
  if (start.length === 0) return "it is empty";
  if (startsWith(start, "version https://git-lfs")) return "it is a git-lfs pointer, not the file itself (run `git lfs pull`)";
  if (/^\s*<(!doctype|html|\?xml)/i.test(new TextDecoder().decode(start))) return "it is a web page, as a failed download leaves it";
  // torch.save before 1.6: a pickle of the number 0x1950a86a20f9469cfc6c comes first.
  if (startsWith(start, "\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19")) return "it is in PyTorch's format from before version 1.6";
  if (start[0] === 0x80 && start[1]! >= 2 && start[1]! <= 5) return "it is a bare Python pickle";
  if (startsWith(start, "\x89HDF")) return "it is an HDF5 file";
  if (startsWith(start, "GGUF")) return "it is a GGUF file";
  return undefined;
}

/** @param text one char per byte */
function startsWith(start: Uint8Array, text: string): boolean {
  return start.length >= text.length && [...text].every((char, at) => start[at] === char.charCodeAt(0));
}

/** Names that low-rank adapters go by in peft, loralib and micro-sam: the real weights are a product yet to be added. */
const adapterName = /(^|[._])lora(_|\.|$)|(^|\.)base_layer\.|(^|[._])w_[ab]_linear_/i;

function refuseAdapters({ file, tensors }: Checkpoint): void {
  const name = [...tensors.keys()].find((key) => adapterName.test(key));
  if (name !== undefined) throw MaskletError.of("checkpoint_unsupported", { file, why: `it holds LoRA factors that are not merged into the weights (${name.slice(0, 200)}); merge them before saving, with peft's merge_and_unload()` });
}

function checkTotal({ file, tensors }: Checkpoint): void {
  let bytes = 0;
  for (const { shape } of tensors.values()) bytes += shape.reduce((product, side) => product * side, 4);
  if (bytes > limits.maxWeightsBytes) throw MaskletError.of("checkpoint_invalid", { file, why: `its tensors claim ${bytes} bytes as float32, more than ${limits.maxWeightsBytes} (maxWeightsBytes)` });
}
