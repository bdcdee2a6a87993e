// How many float32 multiply-accumulates this machine does at best, in the runtime that the networks run in: what a network's
// arithmetic would take if it were one large matrix product.
import { createGraph } from "#models/onnx/graph.ts";
import { wholeModel } from "#models/onnx/whole-model.ts";
import { openGraph } from "#models/runtime/session.ts";

const [rows, inner, columns] = [2048, 1024, 1024] as const;

export interface MatrixFloor {
  /** One more product; the best of all counts. */
  measure(): Promise<void>;
  /** Milliseconds for so many multiply-accumulates. */
  msOf(products: number): number;
  /** 10^9 multiply-accumulates a second. */
  rate(): number;
  close(): Promise<void>;
}

export async function openMatrixFloor(threads: number): Promise<MatrixFloor> {
  const graph = createGraph("matrix-product");
  const right = graph.constant(new Float32Array(inner * columns).fill(0.5), [inner, columns]);
  graph.output("product", graph.op("MatMul", [graph.input("left", [rows, inner]), right]), [rows, columns]);
  const session = await openGraph(await wholeModel(graph), { model: "matrix-product", provider: "cpu", threads });
  const left = { data: new Float32Array(rows * inner).fill(0.25), dims: [rows, inner] };
  let best = Infinity;
  return {
    async measure() {
      const start = performance.now();
      await session.run({ left });
      best = Math.min(best, performance.now() - start);
    },
    msOf: (products) => (products * best) / (rows * inner * columns),
    rate: () => (rows * inner * columns) / best / 1e6,
    close: () => session.close(),
  };
}
