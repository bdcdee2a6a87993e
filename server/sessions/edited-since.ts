// Which prompts of an object changed after it was last followed: what a run that continues has to look at again.
import type { Along } from "#protocol/types.ts";
import { editAt, promptKey, type Edit, type History } from "./fold.ts";
import type { PromptCut, RunParams } from "./record.ts";

/**
 * @returns planes whose prompts were set, replaced or removed since the object's last run along this axis that came to its
 * end; undefined when no run has, or when what it found was taken away since. A run within a range leaves prompts outside
 * it as they were.
 * @throws session_damaged
 */
export function editedSince(history: History, objectId: number, along: Along): readonly PromptCut[] | undefined {
  const prompts = new Map<string, PromptCut>();
  let edited: PromptCut[] | undefined;
  for (const seq of history.undoable) {
    const edit = editAt(history, seq);
    const { change, done } = edit;
    const now = promptsAfter(prompts, edit, objectId);
    for (const [key, cut] of now.changed) {
      edited?.push(cut);
      if (now.there(key)) prompts.set(key, cut);
      else prompts.delete(key);
    }
    if (now.begunAnew) edited = undefined;
    if (change.kind === "propagate" && done && change.run.along === along && change.run.objects.includes(objectId)) {
      edited = (edited ?? [...prompts.values()]).filter((cut) => !within(cut, change.run));
    }
  }
  return edited;
}

interface PromptsAfter {
  readonly changed: readonly (readonly [string, PromptCut])[];
  readonly there: (key: string) => boolean;
  /** What runs found of the object is gone. */
  readonly begunAnew: boolean;
}

function promptsAfter(before: ReadonlyMap<string, PromptCut>, { change, objects }: Edit, objectId: number): PromptsAfter {
  const keyed = (cuts: readonly PromptCut[]): (readonly [string, PromptCut])[] => cuts.map((cut) => [promptKey(cut), cut]);
  const after = (changed: PromptsAfter["changed"], there: PromptsAfter["there"], begunAnew = false): PromptsAfter => ({ changed, there, begunAnew });
  switch (change.kind) {
    case "prompt.set":
    case "prompt.remove":
      return after(change.objectId === objectId ? keyed([change.cut]) : [], () => change.kind === "prompt.set");
    case "object.remove":
      return change.objectId === objectId ? after([...before], () => false, true) : after([], () => false);
    case "prompts.put": {
      const object = change.objects.find((given) => given.objectId === objectId);
      if (object === undefined) return after([], () => false);
      const given = new Map(keyed(object.prompts.map(({ cut }) => cut)));
      return after([...new Map([...before, ...given])], (key) => given.has(key));
    }
    case "automask":
    case "automask.stack":
    case "combine":
    case "split": {
      const given = new Map(keyed([...change.prompts, ...objects].filter((object) => object.objectId === objectId).flatMap((object) => object.prompts.map(({ cut }) => cut))));
      const cleared = change.removes.prompts.includes(objectId);
      const changed = cleared ? [...new Map([...before, ...given])] : [...given];
      return after(changed, (key) => given.has(key), change.removes.masks.some((removed) => removed.objectId === objectId));
    }
    default:
      return after([], () => false);
  }
}

function within(cut: PromptCut, { along, range }: RunParams): boolean {
  const at = along === "t" ? cut.t : cut.index;
  return range === undefined || (at >= range.start && at < range.end);
}
