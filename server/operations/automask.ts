import { MaskletError } from "#protocol/errors.ts";
import type { Schema } from "#protocol/types.ts";
import type { Turns } from "#server/jobs/turns.ts";
import type { Domains, OperationContext } from "./contract.ts";
import type { Params } from "./prompt-edits.ts";

export async function automask(_domains: Domains, _turns: Turns, _params: Params<"Automask">, _context: OperationContext): Promise<Schema<"ObjectsResult">> {
  throw MaskletError.of("internal", { why: "being written" });
}
export async function automaskStack(_domains: Domains, _turns: Turns, _params: Params<"AutomaskStack">, _context: OperationContext): Promise<Schema<"ObjectsResult">> {
  throw MaskletError.of("internal", { why: "being written" });
}
