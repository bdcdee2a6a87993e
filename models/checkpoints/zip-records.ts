// Where the records of a zip lie in the file. They are stored, not compressed, so a tensor is read in place.
import { fromFdPromise, type ZipFile } from "yauzl";
import { MaskletError, reasonOf } from "#protocol/errors.ts";
import { limits } from "#protocol/limits.ts";
import type { CheckpointFile } from "./checkpoint-file.ts";
import { quoted } from "./tensor-values.ts";

export interface ZipRecord {
  /** Of its first byte in the file. */
  readonly at: number;
  readonly sizeBytes: number;
}

/**
 * Checksums are not compared: PyTorch itself may be told not to write them.
 * @throws checkpoint_invalid when the directory is damaged, records overlap or a name comes twice; checkpoint_unsupported for compressed or encrypted records
 */
export async function readZipRecords(source: CheckpointFile): Promise<ReadonlyMap<string, ZipRecord>> {
  const { file } = source;
  const invalid = (why: string, cause?: unknown): MaskletError => MaskletError.of("checkpoint_invalid", { file, why }, cause);
  try {
    // The descriptor stays ours: with autoClose off yauzl does not close it.
    const zip = await fromFdPromise(source.descriptor, { autoClose: false, strictFileNames: true });
    return await listRecords(zip, file, invalid);
  } catch (thrown) {
    if (thrown instanceof MaskletError) throw thrown;
    throw invalid(`its zip directory cannot be read, as when a download broke off (${reasonOf(thrown).slice(0, 200)})`, thrown);
  }
}

async function listRecords(zip: ZipFile, file: string, invalid: (why: string) => MaskletError): Promise<ReadonlyMap<string, ZipRecord>> {
  if (zip.entryCount > limits.maxCheckpointEntries) throw invalid(`its zip claims ${zip.entryCount} records, more than ${limits.maxCheckpointEntries} (maxCheckpointEntries)`);
  const records = new Map<string, ZipRecord>();
  const spans: { readonly name: string; readonly start: number; readonly end: number }[] = [];
  for await (const entry of zip.eachEntry()) {
    const name = entry.fileName;
    if (entry.isEncrypted() || entry.compressionMethod !== 0) {
      throw MaskletError.of("checkpoint_unsupported", { file, why: `its record ${quoted(name)} is ${entry.isEncrypted() ? "encrypted" : "compressed"}, which torch.save does not do` });
    }
    if (records.has(name)) throw invalid(`it has the record ${quoted(name)} twice`);
    const { fileDataStart } = await zip.readLocalFileHeaderPromise(entry, { minimal: true });
    const end = fileDataStart + entry.compressedSize;
    if (entry.compressedSize !== entry.uncompressedSize || end > zip.fileSize) throw invalid(`its record ${quoted(name)} does not lie inside the file`);
    records.set(name, { at: fileDataStart, sizeBytes: entry.compressedSize });
    spans.push({ name, start: entry.relativeOffsetOfLocalHeader, end });
  }
  spans.sort((a, b) => a.start - b.start);
  spans.forEach(({ name, start }, at) => {
    if (at > 0 && start < spans[at - 1]!.end) throw invalid(`its record ${quoted(name)} overlaps another`);
  });
  return records;
}
