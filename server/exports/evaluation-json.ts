// Evaluations as JSON, in pieces: the rows of a million objects are longer than a text may be.
import type { Schema } from "#protocol/types.ts";

/** The schema `EvaluationList`, each row on a line of its own. */
export function* evaluationJson(evaluations: readonly Schema<"Evaluation">[]): Generator<string> {
  yield '{"evaluations":[';
  for (const [nth, { objects, unmatched, ...scores }] of evaluations.entries()) {
    yield `${nth > 0 ? "," : ""}\n${JSON.stringify(scores).slice(0, -1)}`;
    yield* rows("objects", objects);
    yield* rows("unmatched", unmatched);
    yield "}";
  }
  yield "]}";
}

function* rows(key: string, values: readonly unknown[]): Generator<string> {
  yield `,\n"${key}":[`;
  for (const [nth, value] of values.entries()) yield `${nth > 0 ? "," : ""}\n${JSON.stringify(value)}`;
  yield "]";
}
