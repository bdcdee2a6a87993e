// Whether what a run began from still holds.
import { MaskletError } from "#protocol/errors.ts";
import type { SessionState } from "#server/sessions/fold.ts";

/** What was found answers objects as they were; written over what a person did since, it would undo that. @throws conflict */
export function checkUntouched(state: SessionState, objectIds: readonly number[], baseSeq: number): void {
  for (const objectId of objectIds) {
    const seq = state.touched.get(objectId)?.seq ?? 0;
    if (seq > baseSeq) throw MaskletError.of("conflict", { objectId, seq, baseSeq });
  }
}
