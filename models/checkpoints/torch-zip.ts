// A checkpoint as torch.save writes it: a zip with one pickle, `<root>/data.pkl`, and one raw record per storage,
// `<root>/data/<key>`. Format: https://docs.pytorch.org/docs/stable/notes/serialization.html
import { MaskletError } from "#protocol/errors.ts";
import { limits } from "#protocol/limits.ts";
import type { Checkpoint, CheckpointTensor } from "./checkpoint.ts";
import type { CheckpointFile } from "./checkpoint-file.ts";
import { readPickle } from "./pickle.ts";
import { metadataOf, stateDictOf } from "./state-dict.ts";
import { checkStrided, gather, spanOf, type StridedTensor } from "./strided-tensor.ts";
import { bytesPerElement, float32Of } from "./tensor-values.ts";
import { readZipRecords, type ZipRecord } from "./zip-records.ts";

const pickleName = "data.pkl";

/** @throws checkpoint_invalid for damage, checkpoint_unsupported for pickles that are not plain weights */
export async function readTorchZip(source: CheckpointFile): Promise<Checkpoint> {
  const { file } = source;
  const records = await readZipRecords(source);
  const root = rootOf(records, file);
  const pickle = records.get(`${root}${pickleName}`)!;
  await checkKind(source, records, root);
  if (pickle.sizeBytes > limits.maxPickleBytes) throw MaskletError.of("checkpoint_invalid", { file, why: `its pickle has ${pickle.sizeBytes} bytes, more than ${limits.maxPickleBytes} (maxPickleBytes)` });
  const value = readPickle(await source.read(pickle.at, pickle.sizeBytes), file);

  const tensors = new Map<string, CheckpointTensor>();
  for (const [name, described] of stateDictOf(value, file)) {
    const tensor = checkStrided(name, described, file);
    const record = records.get(`${root}data/${described.storage.key}`);
    const needBytes = described.storage.elements * bytesPerElement[tensor.dtype];
    if (record === undefined) throw MaskletError.of("checkpoint_invalid", { file, why: `the values of ${name} are not in it` });
    if (record.sizeBytes !== needBytes) throw MaskletError.of("checkpoint_invalid", { file, why: `the values of ${name} lie in ${record.sizeBytes} bytes where ${needBytes} are declared` });
    tensors.set(name, { shape: tensor.shape, dtype: tensor.dtype, read: () => readTensor(source, record, tensor) });
  }
  return { file, format: "torch", metadata: metadataOf(value), tensors, close: () => source.close() };
}

/** Reads the span of the storage that the tensor touches, then puts it in row-major order. */
async function readTensor(source: CheckpointFile, record: ZipRecord, tensor: StridedTensor): Promise<Float32Array> {
  const size = bytesPerElement[tensor.dtype];
  const bytes = await source.read(record.at + tensor.offset * size, spanOf(tensor) * size);
  return gather(float32Of(bytes, tensor.dtype, tensor.name, source.file), tensor);
}

/** The folder inside the zip, with its slash: the one that holds the pickle. */
function rootOf(records: ReadonlyMap<string, ZipRecord>, file: string): string {
  const roots = [...records.keys()].filter((name) => name.endsWith(`/${pickleName}`) && name.split("/").length === 2);
  if (roots.length !== 1) throw MaskletError.of("checkpoint_unsupported", { file, why: roots.length === 0 ? "it is a zip, but holds no data.pkl as torch.save writes it" : "it holds several data.pkl" });
  return roots[0]!.slice(0, -pickleName.length);
}

/** Other things PyTorch keeps in such a zip, and the byte order (a small text record that older versions lack). */
async function checkKind(source: CheckpointFile, records: ReadonlyMap<string, ZipRecord>, root: string): Promise<void> {
  const { file } = source;
  if (records.has(`${root}constants.pkl`)) throw MaskletError.of("checkpoint_unsupported", { file, why: "it is a TorchScript program, not weights alone" });
  const order = records.get(`${root}byteorder`);
  if (order === undefined) return;
  const text = order.sizeBytes > 16 ? "" : new TextDecoder().decode(await source.read(order.at, order.sizeBytes));
  if (text !== "little") throw MaskletError.of("checkpoint_unsupported", { file, why: text === "big" ? "its numbers are big-endian" : "its byte order is neither little nor big" });
}
