// What a prompt may say about a plane, checked before any model sees it.
import { MaskletError } from "#protocol/errors.ts";
import { unpackMask } from "#protocol/mask.ts";
import type { Cut, PromptParts, Shape } from "#protocol/types.ts";
import { planeAxes } from "./plane.ts";

/** @throws axis_unsupported, plane_off_volume, prompt_off_image, prompt_empty, request_invalid */
export function checkPrompt(shape: Shape, cut: Cut, parts: PromptParts): void {
  const { u, v } = planeAxes[cut.axis];
  // A z plane one pixel high is a poor picture, but one; planes along z of a single picture are nothing a person could draw on.
  if (cut.axis !== "z" && shape.z === 1) throw MaskletError.of("axis_unsupported", { axis: cut.axis, why: `the volume has one plane along z, so its ${cut.axis} planes are single lines` });
  checkIndex(cut.axis, cut.index, shape[cut.axis]);
  checkIndex("t", cut.t ?? 0, shape.t);
  checkIndex("c", cut.c ?? 0, shape.c);
  const { box, points, polygon, mask } = parts;
  const plane = { width: shape[u], height: shape[v] };
  if (box === undefined && points === undefined && polygon === undefined && mask === undefined) {
    throw MaskletError.of("prompt_empty", { why: "it has no box, point, polygon or mask" });
  }
  if (box !== undefined) {
    const [u0, v0, u1, v1] = box;
    checkFinite("box", box);
    if (!(u1 > u0 && v1 > v0)) throw MaskletError.of("prompt_empty", { why: `the box ${box.join(", ")} has no area` });
    if (u0 < 0 || v0 < 0 || u1 > plane.width || v1 > plane.height) throw MaskletError.of("prompt_off_image", { what: "box", at: box.join(", "), ...plane });
  }
  for (const [u, v] of points ?? []) checkInside("point", u, v, plane);
  for (const [u, v] of polygon ?? []) checkInside("polygon corner", u, v, plane);
  if (box === undefined && polygon === undefined && mask === undefined && !(points ?? []).some(([, , label]) => label === 1)) {
    throw MaskletError.of("prompt_empty", { why: "all its points are negative" });
  }
  if (mask === undefined) return;
  if (mask.box[2] > plane.width || mask.box[3] > plane.height) throw MaskletError.of("prompt_off_image", { what: "mask", at: mask.box.join(", "), ...plane });
  if (!unpackMask(mask).data.includes(1)) throw MaskletError.of("prompt_empty", { why: "the mask has no pixel" });
}

function checkIndex(axis: string, index: number, size: number): void {
  if (index >= size) throw MaskletError.of("plane_off_volume", { axis, index, size });
}

function checkFinite(what: string, values: readonly number[]): void {
  if (!values.every(Number.isFinite)) throw MaskletError.of("request_invalid", { what, at: `/${what}`, why: "its numbers must be finite" });
}

function checkInside(what: string, u: number, v: number, plane: { width: number; height: number }): void {
  checkFinite(what, [u, v]);
  if (u < 0 || v < 0 || u > plane.width || v > plane.height) throw MaskletError.of("prompt_off_image", { what, at: `${u}, ${v}`, ...plane });
}
