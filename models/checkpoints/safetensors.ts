// The safetensors format: eight bytes with the header's length (little-endian), the header as JSON
// { name: { dtype, shape, data_offsets: [begin, end] }, "__metadata__": { key: text } }, then the data.
// https://github.com/huggingface/safetensors#format
import { MaskletError, reasonOf } from "#protocol/errors.ts";
import { limits } from "#protocol/limits.ts";
import type { Checkpoint, CheckpointTensor, TensorDtype } from "./checkpoint.ts";
import type { CheckpointFile } from "./checkpoint-file.ts";
import { checkJsonNesting } from "./check-json-nesting.ts";
import { bytesPerElement, checkTensorName, elementsOf, float32Of, quoted } from "./tensor-values.ts";

const dtypes: ReadonlyMap<unknown, TensorDtype> = new Map([
  ["F64", "float64"], ["F32", "float32"], ["F16", "float16"], ["BF16", "bfloat16"],
  ["I64", "int64"], ["I32", "int32"], ["I16", "int16"], ["I8", "int8"], ["U8", "uint8"], ["BOOL", "bool"],
]);

/** Whether the first bytes of a file can be a safetensors header. */
export function looksLikeSafetensors(start: Uint8Array): boolean {
  return start.length >= 9 && start[8] === 0x7b && new DataView(start.buffer, start.byteOffset).getBigUint64(0, true) < 2n ** 40n;
}

/** @throws checkpoint_invalid when header and file disagree anywhere, checkpoint_unsupported for another element type */
export async function readSafetensors(source: CheckpointFile): Promise<Checkpoint> {
  const { file } = source;
  const invalid = (why: string, cause?: unknown): MaskletError => MaskletError.of("checkpoint_invalid", { file, why }, cause);
  const lengthBytes = await source.read(0, 8);
  const declared = new DataView(lengthBytes.buffer).getBigUint64(0, true);
  if (declared > BigInt(source.sizeBytes - 8)) throw invalid(`its header claims ${declared} bytes, the file has ${source.sizeBytes}`);
  if (declared > BigInt(limits.maxSafetensorsHeaderBytes)) throw invalid(`its header claims ${declared} bytes, more than ${limits.maxSafetensorsHeaderBytes} (maxSafetensorsHeaderBytes)`);
  const headerBytes = Number(declared);
  const dataAt = 8 + headerBytes;
  const header = parseHeader(await source.read(8, headerBytes), invalid);
  const entries = Object.entries(header);
  if (entries.length > limits.maxCheckpointEntries) throw invalid(`it names ${entries.length} tensors, more than ${limits.maxCheckpointEntries} (maxCheckpointEntries)`);

  const tensors = new Map<string, CheckpointTensor>();
  const ranges: Range[] = [];
  let metadata: Record<string, string> = {};
  for (const [name, value] of entries) {
    if (name === "__metadata__") {
      metadata = metadataOf(value, invalid);
      continue;
    }
    checkTensorName(name, file);
    if (!isRecord(value) || !Array.isArray(value["shape"]) || !Array.isArray(value["data_offsets"])) throw invalid(`${name} has no dtype, shape and data_offsets`);
    const dtype = dtypes.get(value["dtype"]);
    if (dtype === undefined) throw MaskletError.of("checkpoint_unsupported", { file, why: `${name} has the element type ${quoted(String(value["dtype"]))}` });
    const shape: readonly number[] = value["shape"];
    const elements = elementsOf(shape, name, file);
    const [begin, end]: readonly unknown[] = value["data_offsets"];
    if (value["data_offsets"].length !== 2 || !isCount(begin) || !isCount(end)) throw invalid(`${name} has no usable data_offsets`);
    const sizeBytes = elements * bytesPerElement[dtype];
    if (end - begin !== sizeBytes) throw invalid(`${name} has ${end - begin} bytes where its shape and dtype need ${sizeBytes}`);
    ranges.push({ name, begin, end });
    tensors.set(name, { shape, dtype, read: async () => float32Of(await source.read(dataAt + begin, sizeBytes), dtype, name, file) });
  }
  checkRanges(ranges, source.sizeBytes - dataAt, invalid);
  return { file, format: "safetensors", metadata, tensors, close: () => source.close() };
}

interface Range {
  readonly name: string;
  readonly begin: number;
  readonly end: number;
}

/** The format wants the data covered exactly: an overlap or a gap is a header that lies, or something hidden. */
function checkRanges(ranges: Range[], dataBytes: number, invalid: (why: string) => MaskletError): void {
  let covered = 0;
  for (const { name, begin, end } of ranges.toSorted((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (begin < covered) throw invalid(`${name} overlaps another tensor`);
    if (begin > covered) throw invalid(`there is a gap of ${begin - covered} bytes before ${name}`);
    covered = end;
  }
  if (covered !== dataBytes) throw invalid(`its tensors take ${covered} bytes, the file holds ${dataBytes} for them`);
}

function parseHeader(bytes: Uint8Array, invalid: (why: string, cause?: unknown) => MaskletError): Readonly<Record<string, unknown>> {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    const fault = checkJsonNesting(text, 3);
    if (fault !== undefined) throw invalid(`its header ${fault}`);
    const header: unknown = JSON.parse(text);
    if (!isRecord(header)) throw invalid("its header is not a JSON object");
    return header;
  } catch (thrown) {
    if (thrown instanceof MaskletError) throw thrown;
    throw invalid(`its header is not JSON (${reasonOf(thrown).slice(0, 100)})`, thrown);
  }
}

function metadataOf(value: unknown, invalid: (why: string) => MaskletError): Record<string, string> {
  if (!isRecord(value)) throw invalid("its metadata is not a JSON object");
  return Object.fromEntries(Object.entries(value).map(([key, text]) => {
    if (typeof text !== "string") throw invalid(`its metadata ${quoted(key)} is not text`);
    return [key, text];
  }));
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}
