// The one place that knows onnxruntime. `run` blocks its thread for the whole graph under its promise and cannot be
// interrupted, which is why predictors live in a process of their own (models/host).
import { InferenceSession, Tensor, env, listSupportedBackends } from "onnxruntime-node";
import { availableParallelism } from "node:os";
import { MaskletError, reasonOf } from "#protocol/errors.ts";
import { hasNvidiaDevice } from "./nvidia-device.ts";

/** `auto`, `cpu`, `cuda`, or any other that this build of the runtime lists; those are passed through untested. */
export type Provider = string;

/** `data` is row-major over `dims`. */
export interface GraphTensor {
  readonly data: Float32Array;
  readonly dims: readonly number[];
}

/** Everything float32; negative or symbolic dimensions are free. */
export interface GraphPort {
  readonly name: string;
  readonly dims: readonly (number | string)[];
}

export interface GraphOptions {
  /** The model's id, for messages. */
  readonly model: string;
  readonly provider?: Provider | undefined;
  /** Default: the number of cores. */
  readonly threads?: number | undefined;
}

export interface Graph {
  readonly inputs: readonly GraphPort[];
  readonly outputs: readonly GraphPort[];
  readonly provider: Provider;
  /** One line for the log when `auto` did not get what it tried first. */
  readonly note: string | undefined;
  /** @throws model_failed */
  run(feeds: Readonly<Record<string, GraphTensor>>): Promise<Record<string, GraphTensor>>;
  close(): Promise<void>;
}

/**
 * @param source a path, so that external data beside the file is found, or the graph's bytes
 * @throws model_failed when the graph cannot be loaded by the provider asked for
 */
export async function openGraph(source: string | Uint8Array, options: GraphOptions): Promise<Graph> {
  const wanted = options.provider ?? "auto";
  if (wanted !== "auto") return asGraph(await create(source, checkedProvider(wanted, options.model), options), wanted, undefined, options.model);
  // Without a device the attempt is not made: its failure would say nothing that anybody expects to hear.
  if (!listedProviders().includes("cuda") || !hasNvidiaDevice()) return asGraph(await create(source, "cpu", options), "cpu", undefined, options.model);
  try {
    return asGraph(await create(source, "cuda", options), "cuda", undefined, options.model);
  } catch (thrown) {
    const note = `CUDA cannot be used (${firstLine(thrown instanceof MaskletError ? thrown.cause : thrown)}); running on the CPU.`;
    return asGraph(await create(source, "cpu", options), "cpu", note, options.model);
  }
}

/** Of this build of the runtime; that one is listed does not say that its libraries are installed. */
export function listedProviders(): string[] {
  return listSupportedBackends().map((backend) => backend.name);
}

function checkedProvider(wanted: Provider, model: string): Provider {
  const listed = listedProviders();
  if (!listed.includes(wanted)) throw MaskletError.of("model_failed", { model, why: `there is no provider "${wanted}" here; MASKLET_PROVIDER may be auto, ${listed.join(", ")}` });
  return wanted;
}

async function create(source: string | Uint8Array, provider: Provider, options: GraphOptions): Promise<InferenceSession> {
  // Every failure is thrown as well; the runtime's own lines on stderr would only show a user the missing CUDA libraries.
  env.logLevel = "fatal";
  const settings: InferenceSession.SessionOptions = {
    executionProviders: provider === "cpu" ? ["cpu"] : [provider, "cpu"],
    intraOpNumThreads: options.threads ?? availableParallelism(),
    logSeverityLevel: 4,
    // Threads that wait by spinning take the cores from whatever else runs here, our own server and the person's Fiji: with
    // both cores of a machine in demand, an encoder at 512 took 0.7 of the time without it and the decoder 0.8; left alone,
    // the decoder took 1 ms more. Arena and memory pattern stay as they are: either off saved 80-110 MB for 10 % of time.
    extra: { session: { intra_op: { allow_spinning: "0" } } },
  };
  try {
    return typeof source === "string" ? await InferenceSession.create(source, settings) : await InferenceSession.create(source, settings);
  } catch (thrown) {
    const why = provider === "cpu" ? firstLine(thrown) : `the provider "${provider}" cannot be used (${firstLine(thrown)}); MASKLET_PROVIDER=cpu does without`;
    throw MaskletError.of("model_failed", { model: options.model, why }, thrown);
  }
}

function asGraph(session: InferenceSession, provider: Provider, note: string | undefined, model: string): Graph {
  return {
    inputs: session.inputMetadata.map(asPort),
    outputs: session.outputMetadata.map(asPort),
    provider,
    note,
    async run(feeds) {
      try {
        const tensors: Record<string, Tensor> = {};
        for (const [name, feed] of Object.entries(feeds)) tensors[name] = new Tensor("float32", feed.data, feed.dims);
        const answered: Record<string, GraphTensor> = {};
        for (const [name, tensor] of Object.entries(await session.run(tensors))) answered[name] = asFloats(name, tensor);
        return answered;
      } catch (thrown) {
        throw MaskletError.of("model_failed", { model, why: firstLine(thrown) }, thrown);
      }
    },
    close: () => session.release(),
  };
}

function asPort(metadata: InferenceSession.ValueMetadata): GraphPort {
  return { name: metadata.name, dims: metadata.isTensor ? metadata.shape : [] };
}

function asFloats(name: string, tensor: Tensor): GraphTensor {
  if (!(tensor.data instanceof Float32Array)) throw MaskletError.of("internal", { why: `output ${name} is ${tensor.type}, not float32` });
  return { data: tensor.data, dims: tensor.dims };
}

function firstLine(thrown: unknown): string {
  return reasonOf(thrown).split("\n", 1)[0]!.slice(0, 300);
}
