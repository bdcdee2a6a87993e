import assert from "node:assert/strict";
import test from "node:test";
import { createGraph, type GraphBuilder, type Value } from "../../onnx/graph.ts";
import { wholeModel } from "../../onnx/whole-model.ts";
import { openGraph } from "../../runtime/session.ts";
import { cut, join, plane, pooled, reorder } from "./windows.ts";

/** What a graph makes of x [x.length / width, width]. */
async function answered(x: readonly number[], width: number, build: (graph: GraphBuilder, x: Value) => Value): Promise<number[]> {
  const graph = createGraph("windows");
  graph.output("y", build(graph, graph.input("x", [x.length / width, width])), []);
  const run = await openGraph(await wholeModel(graph), { model: "test" });
  const { y } = await run.run({ x: { data: Float32Array.from(x), dims: [x.length / width, width] } });
  await run.close();
  return [...y!.data];
}

const count = (length: number) => Array.from({ length }, (_, index) => index);
/** Row * 10 + column of the places of a 4 x 4 grid, by windows of each side. */
const by4 = [0, 1, 2, 3, 10, 11, 12, 13, 20, 21, 22, 23, 30, 31, 32, 33];
const by2 = [0, 1, 10, 11, 2, 3, 12, 13, 20, 21, 30, 31, 22, 23, 32, 33];
const vectors = (places: readonly number[]) => places.flatMap((place) => [place, 40 - place]);

test("a grid is stored by larger windows, by smaller ones, and back", async () => {
  assert.deepEqual(await answered(vectors(by4), 2, (graph, x) => reorder(graph, x, 4, 4, 2, 2)), vectors(by2));
  assert.deepEqual(await answered(vectors(by2), 2, (graph, x) => reorder(graph, x, 4, 2, 4, 2)), vectors(by4));
  // By ones is row by row as well.
  assert.deepEqual(await answered(vectors(by2), 2, (graph, x) => reorder(graph, x, 4, 2, 1, 2)), vectors(by4));
  const sixByTwo = await answered(count(36), 1, (graph, x) => reorder(graph, x, 6, 6, 2, 1));
  assert.deepEqual(sixByTwo.slice(0, 8), [0, 1, 6, 7, 2, 3, 8, 9]);
  // Neither of 2 and 3 holds the other whole.
  const sixByThree = await answered(sixByTwo, 1, (graph, x) => reorder(graph, x, 6, 2, 3, 1));
  assert.deepEqual(sixByThree.slice(0, 12), [0, 1, 2, 6, 7, 8, 12, 13, 14, 3, 4, 5]);
});

test("channels become planes, row by row", async () => {
  const turned = await answered([...by2, ...by2.map((place) => -place)], 16, (graph, x) => plane(graph, x, 4, 2, 2));
  assert.deepEqual(turned, [...by4, ...by4.map((place) => -place)]);
});

test("windows that do not fill the grid end in zeros, which the way back drops", async () => {
  const grid = [1, 2, 3, 4, 5, 6, 7, 8, 9];
  const windows = { side: 3, window: 2 };
  assert.deepEqual(await answered(grid, 1, (graph, x) => cut(graph, x, windows, 1)), [1, 2, 4, 5, 3, 0, 6, 0, 7, 8, 0, 0, 9, 0, 0, 0]);
  assert.deepEqual(await answered(vectors(grid), 2, (graph, x) => join(graph, cut(graph, x, windows, 2), windows, 2)), vectors(grid));
  assert.deepEqual(await answered([1, 2, 3, 4], 1, (graph, x) => cut(graph, x, { side: 2, window: 3 }, 1)), [1, 2, 0, 3, 4, 0, 0, 0, 0]);
});

test("pooling keeps the largest of 2 x 2 places, channel by channel", async () => {
  assert.deepEqual(await answered(vectors(by4), 2, (graph, x) => pooled(graph, x, 1, 4, 2)), [11, 40, 13, 38, 31, 20, 33, 18]);
  assert.deepEqual(await answered(vectors(by2), 2, (graph, x) => pooled(graph, x, 4, 2, 2)), [11, 40, 13, 38, 31, 20, 33, 18]);
});
