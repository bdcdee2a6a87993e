// What can be wrong with a training set: each kind has a code, a weight and what to do about it.
import { asMaskletError, type MaskletError } from "#protocol/errors.ts";

interface Kind {
  /** An error makes scores or training wrong; a warning may be meant. */
  readonly severity: "error" | "warning";
  readonly todo: string;
}

export const findingKinds = {
  file_broken: { severity: "error", todo: "Write or copy the file again, or take the item out." },
  image_missing: { severity: "error", todo: "Copy the image to its place, or take the item out." },
  labels_missing: { severity: "error", todo: "Add the labels (an empty image where there is no object), or take the item out." },
  path_outside: { severity: "error", todo: "Name files by paths inside the set's folder." },
  annotation_invalid: { severity: "error", todo: "Mend or remove the annotation." },
  id_duplicate: { severity: "error", todo: "Give each item, image and annotation an id of its own." },
  source_unknown: { severity: "error", todo: "List the source of every item under sources." },
  shape_mismatch: { severity: "error", todo: "Image and labels of an item must have the same planes, rows and columns, and those its description states." },
  dtype_differs: { severity: "error", todo: "Write the item again in the dtype of its source; values of different kinds do not compare." },
  box_outside: { severity: "error", todo: "Correct start and size; a crop lies inside its source." },
  ids_invalid: { severity: "error", todo: "Object numbers are whole numbers from 0 (ground) to 65535." },
  objects_differ: { severity: "warning", todo: "Correct the item's count of objects, or find out why its labels changed." },
  turn_wrong: { severity: "error", todo: "Make the turned copies again; a wrong one teaches what is not there." },
  leak_turned: { severity: "error", todo: "Move turned copies into the split of their original." },
  leak_overlap: { severity: "error", todo: "Move both crops into one split, or make the set again: `masklet dataset make` keeps them apart." },
  leak_near: { severity: "warning", todo: "Neighbours look alike: move both crops into one split, or make the set again with a larger --margin." },
  leak_image: { severity: "error", todo: "Keep the image in one split alone; scores on a picture that was trained on mean nothing." },
  image_duplicate: { severity: "warning", todo: "Take one of them out: a picture that comes twice counts twice." },
  labels_empty: { severity: "warning", todo: "Take the item out unless empty pictures are wanted (`--min-objects`)." },
  labels_full: { severity: "warning", todo: "Look at it: one object that covers everything is rarely one." },
  file_unlisted: { severity: "warning", todo: "List the file as an item, or remove it." },
  split_empty: { severity: "warning", todo: "Without train nothing can be learnt, without val nothing told." },
} as const satisfies Readonly<Record<string, Kind>>;

export type FindingCode = keyof typeof findingKinds;

export interface Finding extends Kind {
  readonly code: FindingCode;
  /** The item, or the file. */
  readonly item: string;
  readonly why: string;
}

export function finding(code: FindingCode, item: string, why: string): Finding {
  return { code, item, why, ...findingKinds[code] };
}

/** What reading something threw, as a finding; cancelling is none and is thrown on. */
export function findingOf(item: string, thrown: unknown): Finding {
  const fault = asMaskletError(thrown);
  if (fault.code === "cancelled" || fault.code === "internal") throw thrown;
  const why = typeof fault.details["why"] === "string" ? fault.details["why"] : fault.message;
  return finding(codeOf(fault), item, why);
}

/** Files of labels, in whatever format. */
const labelsPath = /(?:^|[/\\])(?:labels[/\\][^/\\]+|Annotations[/\\][^/\\]+(?:[/\\][^/\\]+)?[/\\][^/\\]+)$/;

function codeOf({ code, details }: MaskletError): FindingCode {
  if (code === "file_missing") return labelsPath.test(String(details["file"])) ? "labels_missing" : "image_missing";
  if (code === "labels_invalid") return "ids_invalid";
  return code === "path_forbidden" ? "path_outside" : "file_broken";
}
