import assert from "node:assert/strict";
import test from "node:test";
import { seededRandom } from "../../../fixtures/make/seeded-random.ts";
import { createGraph } from "../../onnx/graph.ts";
import { wholeModel } from "../../onnx/whole-model.ts";
import { openGraph } from "../../runtime/session.ts";
import { placesToTokens, tokensToPlaces } from "./two-way-attention.ts";

const WIDTH = 6;
const INNER = 4;
const HEADS = 2;
const TOKENS = 3;
const PLACES = 5;
const random = seededRandom(4);
const normal = (length: number) => Float32Array.from({ length }, () => random.normal());
const weights = new Map<string, Float32Array>(["q_proj", "k_proj", "v_proj"].flatMap((name) => [[`a.${name}.weight`, normal(INNER * WIDTH)] as const, [`a.${name}.bias`, normal(INNER)] as const]));
weights.set("a.out_proj.weight", normal(WIDTH * INNER)).set("a.out_proj.bias", normal(WIDTH));
const tensors = {
  shape: (name: string) => (name.endsWith("bias") ? [weights.get(name)!.length] : name.includes("out_proj") ? [WIDTH, INNER] : [INNER, WIDTH]),
  read: async (name: string) => weights.get(name)!,
};

function projected(name: string, row: ArrayLike<number>, outputs: number): number[] {
  return Array.from({ length: outputs }, (_, output) => {
    let sum = weights.get(`a.${name}.bias`)![output]!;
    for (let input = 0; input < row.length; input++) sum += weights.get(`a.${name}.weight`)![output * row.length + input]! * row[input]!;
    return sum;
  });
}

/** As attention is defined, every projection written out; all of one item, rows of WIDTH. */
function plainly(asking: Float32Array, coded: Float32Array, plain: Float32Array): number[] {
  const rows = (x: Float32Array) => Array.from({ length: x.length / WIDTH }, (_, at) => x.subarray(at * WIDTH, (at + 1) * WIDTH));
  const [keys, values] = [rows(coded).map((row) => projected("k_proj", row, INNER)), rows(plain).map((row) => projected("v_proj", row, INNER))];
  return rows(asking).flatMap((row) => {
    const query = projected("q_proj", row, INNER);
    const summed = Array.from({ length: INNER }, (_, channel) => {
      const from = Math.floor(channel / (INNER / HEADS)) * (INNER / HEADS);
      const shares = keys.map((key) => Math.exp((query[from]! * key[from]! + query[from + 1]! * key[from + 1]!) / Math.sqrt(INNER / HEADS)));
      const whole = shares.reduce((sum, share) => sum + share, 0);
      return values.reduce((sum, value, at) => sum + (shares[at]! / whole) * value[channel]!, 0);
    });
    return projected("out_proj", summed, WIDTH);
  });
}

const item = (x: Float32Array, index: number, rows: number) => x.subarray(index * rows * WIDTH, (index + 1) * rows * WIDTH);
const sum = (left: Float32Array, right: Float32Array) => left.map((value, at) => value + right[at % right.length]!);

for (const pictures of [1, 2]) {
  test(`two items of tokens and ${pictures === 1 ? "the one picture they share" : "a picture each"} ask one another as attention is defined`, async () => {
    const graph = createGraph("attention");
    const heads = { graph, tensors, count: HEADS, places: PLACES };
    const tokens = graph.input("tokens", ["B", "T", WIDTH]);
    const picture = graph.input("picture", ["b", PLACES, WIDTH]);
    const [tokenCode, placeCode] = [normal(WIDTH), normal(PLACES * WIDTH)];
    const codedTokens = graph.op("Add", [tokens, graph.constant(tokenCode, [WIDTH])]);
    const codedPicture = graph.op("Add", [picture, graph.constant(placeCode, [1, PLACES, WIDTH])]);
    graph.output("ofTokens", tokensToPlaces(heads, "a", codedTokens, codedPicture, picture), ["B", "T", WIDTH]);
    graph.output("ofPlaces", placesToTokens(heads, "a", codedPicture, codedTokens, tokens), ["B", PLACES, WIDTH]);
    const feeds = { tokens: normal(2 * TOKENS * WIDTH), picture: normal(pictures * PLACES * WIDTH) };
    const run = await openGraph(await wholeModel(graph), { model: "test" });
    const { ofTokens, ofPlaces } = await run.run({ tokens: { data: feeds.tokens, dims: [2, TOKENS, WIDTH] }, picture: { data: feeds.picture, dims: [pictures, PLACES, WIDTH] } });
    await run.close();
    const expected = [0, 1].map((index) => {
      const [token, place] = [item(feeds.tokens, index, TOKENS), item(feeds.picture, pictures === 1 ? 0 : index, PLACES)];
      const [codedToken, codedPlace] = [sum(token, tokenCode), sum(place, placeCode)];
      return { ofTokens: plainly(codedToken, codedPlace, place), ofPlaces: plainly(codedPlace, codedToken, token) };
    });
    for (const [answer, wanted] of [[ofTokens!, expected.flatMap((one) => one.ofTokens)], [ofPlaces!, expected.flatMap((one) => one.ofPlaces)]] as const) {
      assert.equal(answer.data.length, wanted.length);
      for (const [at, value] of wanted.entries()) assert.ok(Math.abs(answer.data[at]! - value) < 1e-5, `${at}: ${answer.data[at]} instead of ${value}`);
    }
  });
}
