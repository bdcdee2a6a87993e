// prompts.json and the prompts of a session, both ways.
import { MaskletError } from "#protocol/errors.ts";
import { unpackMask } from "#protocol/mask.ts";
import type { Along, Axis, FileObject, FilePrompt, MaskBits, PromptsFile } from "#protocol/types.ts";
import type { SessionState } from "./fold.ts";
import type { HeldPrompt, PromptedObject } from "./record.ts";

/**
 * The prompts a file names. A prompt says its index by its object's axis: `y` or `x` for those, else `z`; for axis `t` that is
 * the z plane, and `t` the frame.
 * @param readMask turns a mask's file name into its bits; without it such a prompt is refused
 * @throws request_invalid when an object is named twice along one axis, or a mask cannot be read here
 */
export function promptsFromFile(file: PromptsFile, readMask?: (name: string) => MaskBits): readonly PromptedObject[] {
  const found = new Map<number, HeldPrompt[]>();
  file.objects.forEach((object, objectAt) => {
    const prompts = found.get(object.id) ?? [];
    found.set(object.id, prompts);
    object.prompts.forEach((given, promptAt) => {
      const at = `/objects/${objectAt}/prompts/${promptAt}`;
      const axis = promptAxis(object);
      const cut = { axis, index: indexOf(given, axis, at), t: given.t ?? object.t ?? 0, c: object.c ?? 0 };
      if (prompts.some((other) => other.cut.axis === cut.axis && other.cut.index === cut.index && other.cut.t === cut.t && other.cut.c === cut.c)) {
        throw MaskletError.of("request_invalid", { what: "PromptsFile", at, why: `object ${object.id} has two prompts on one plane` });
      }
      prompts.push({ cut, parts: partsOf(given, at, readMask) });
    });
  });
  return [...found].map(([objectId, prompts]) => ({ objectId, prompts }));
}

/** The normal of the planes an object is prompted on. */
export function promptAxis({ axis }: FileObject): Axis {
  return axis === undefined || axis === "t" ? "z" : axis;
}

/** A single picture's prompts need not say z. @throws request_invalid for an index along another axis, or none along y or x */
function indexOf(given: FilePrompt, axis: Axis, at: string): number {
  for (const other of ["z", "y", "x"] as const) {
    if (other !== axis && given[other] !== undefined) {
      throw MaskletError.of("request_invalid", { what: "PromptsFile", at: `${at}/${other}`, why: `its object is followed on ${axis} planes, so its prompts name \`${axis}\`` });
    }
  }
  const index = given[axis] ?? (axis === "z" ? 0 : undefined);
  if (index === undefined) throw MaskletError.of("request_invalid", { what: "PromptsFile", at, why: `a prompt of an object with axis ${axis} names its plane as \`${axis}\`` });
  return index;
}

function partsOf(given: FilePrompt, at: string, readMask: ((name: string) => MaskBits) | undefined): HeldPrompt["parts"] {
  const { box, points, polygon, mask } = given;
  if (mask !== undefined && readMask === undefined) {
    throw MaskletError.of("request_invalid", { what: "PromptsFile", at: `${at}/mask`, why: "a server reads no mask files; run the command line without --server, or give a box, points or a polygon" });
  }
  return {
    ...(box === undefined ? {} : { box }),
    ...(points === undefined ? {} : { points }),
    ...(polygon === undefined ? {} : { polygon }),
    ...(mask === undefined || readMask === undefined ? {} : { mask: readMask(mask) }),
  };
}

/**
 * A session's prompts as a file says them: one entry for each object, axis and channel. A mask, which lies in no file here,
 * becomes the box around its pixels where the prompt says nothing else.
 */
export function promptsToFile(state: SessionState): PromptsFile {
  const objects: FileObject[] = [];
  for (const [objectId, object] of [...state.objects].sort(([a], [b]) => a - b)) {
    const groups = new Map<string, FileObject>();
    for (const { cut, parts } of object.prompts.values()) {
      const axis: Along = cut.axis;
      const key = `${axis} ${cut.c}`;
      const group = groups.get(key) ?? { id: objectId, axis, c: cut.c, prompts: [] };
      groups.set(key, group);
      group.prompts.push({ [cut.axis]: cut.index, t: cut.t, ...textOf(parts) });
    }
    objects.push(...groups.values());
  }
  return { objects };
}

function textOf(parts: HeldPrompt["parts"]): FilePrompt {
  const { box, points, polygon, mask } = parts;
  const text: FilePrompt = {
    ...(box === undefined ? {} : { box }),
    ...(points === undefined ? {} : { points }),
    ...(polygon === undefined ? {} : { polygon }),
  };
  if (mask === undefined || Object.keys(text).length > 0) return text;
  return { box: unpackMask(mask).box };
}
