// The official network in PyTorch, in a process of its own that is asked for one piece of work at a time; see
// fixtures/make/sam2/bench_peer.py.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** The names are the methods of the peer. */
export type PeerWork =
  | { readonly work: "image_encoder" | "memory_encoder" | "mask_decoder" }
  | { readonly work: "memory_attention"; readonly frames: number; readonly pointers: number }
  | { readonly work: "plane"; readonly objects: number; readonly side: number }
  | { readonly work: "slice"; readonly side: number };

export interface PeerAnswer {
  /** Of the work alone, preparations and this conversation left out. */
  readonly ms: number;
  /** Mean absolute value of what came out, where that is one tensor. */
  readonly meanSize: number | null;
}

export interface PeerOptions {
  /** sam2.1_tiny ... sam2_large */
  readonly variant: string;
  readonly seed: number;
  readonly imageSize: number;
  readonly threads: number;
  /** Where `checkpoint.pt` is, or will be after the first peer, and `image-SIZE.f32`. */
  readonly folder: string;
}

export interface TorchPeer {
  readonly pid: number;
  /** Of PyTorch. */
  readonly version: string;
  ask(work: PeerWork): Promise<PeerAnswer>;
  close(): Promise<void>;
}

export async function openTorchPeer(python: string, { variant, seed, imageSize, threads, folder }: PeerOptions): Promise<TorchPeer> {
  const script = fileURLToPath(new URL("../../fixtures/make/sam2/bench_peer.py", import.meta.url));
  // As in ours, threads that wait do not spin, which on a busy machine is the faster way for PyTorch too.
  const env = { ...process.env, OMP_WAIT_POLICY: "PASSIVE" };
  const child = spawn(python, [script, variant, `${seed}`, `${imageSize}`, `${threads}`, folder], { stdio: ["pipe", "pipe", "inherit"], env });
  const ended = new Promise<void>((resolve) => child.on("close", () => resolve()));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const line = async (): Promise<string> => {
    const { done, value } = await lines.next();
    if (done) throw new Error(`${python} ended before it answered`);
    return value;
  };
  // Both written by our own script.
  const hello: { readonly torch: string } = JSON.parse(await line());
  return {
    pid: child.pid!,
    version: hello.torch,
    async ask(work) {
      child.stdin.write(`${JSON.stringify(work)}\n`);
      const answer: PeerAnswer = JSON.parse(await line());
      return answer;
    },
    async close() {
      child.stdin.end();
      await ended;
    },
  };
}
