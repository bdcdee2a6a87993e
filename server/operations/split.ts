import { MaskletError } from "#protocol/errors.ts";
import type { Schema } from "#protocol/types.ts";
import type { Turns } from "#server/jobs/turns.ts";
import type { Domains, OperationContext } from "./contract.ts";
import type { Params } from "./prompt-edits.ts";

export async function split(_domains: Domains, _turns: Turns, _params: Params<"Split">, _context: OperationContext): Promise<Schema<"ObjectsResult">> {
  throw MaskletError.of("internal", { why: "being written" });
}
