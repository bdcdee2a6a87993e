// What samapi's clients know of failures: the statuses and bodies of the framework that samapi is written in.
import { asMaskletError } from "#protocol/errors.ts";

/** One thing wrong with a request, as FastAPI with pydantic 1 words it. */
export interface FieldFault {
  readonly loc: readonly (string | number)[];
  readonly msg: string;
  readonly type: string;
}

/** A request that is refused with a status of samapi's table. Text alone is the body of 500, with everything else it is the `detail`. */
export class Refusal extends Error {
  readonly status: 404 | 405 | 413 | 422 | 500 | 503;
  readonly detail: string | readonly FieldFault[];

  constructor(status: Refusal["status"], detail: Refusal["detail"]) {
    super(typeof detail === "string" ? detail : detail.map(({ loc, msg }) => `${loc.join(".")}: ${msg}`).join("; "));
    this.name = "Refusal";
    this.status = status;
    this.detail = detail;
  }
}

export function invalid(loc: FieldFault["loc"], msg: string, type: string): Refusal {
  return new Refusal(422, [{ loc, msg, type }]);
}

export interface RefusedAnswer {
  readonly status: number;
  readonly mediaType: string;
  readonly body: string;
}

/** QuPath shows nothing of it but writes it to its log, so the text of 500, which samapi leaves bare, says what to do. */
export function answerTo(thrown: unknown): RefusedAnswer {
  if (thrown instanceof Refusal && thrown.status !== 500) return { status: thrown.status, mediaType: "application/json", body: JSON.stringify({ detail: thrown.detail }) };
  return { status: 500, mediaType: "text/plain; charset=utf-8", body: `Internal Server Error\n${reasonFor(thrown)}` };
}

/** One sentence or two for a person. */
export function reasonFor(thrown: unknown): string {
  if (thrown instanceof Refusal) return thrown.message;
  const { message, hint } = asMaskletError(thrown);
  return `${message} ${hint}`;
}
