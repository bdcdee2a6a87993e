// ITK's morphological contour interpolation, in WebAssembly.
import { morphologicalContourInterpolationNode } from "@itk-wasm/morphological-contour-interpolation";
import { MaskletError } from "#protocol/errors.ts";
import { limits } from "#protocol/limits.ts";
import type { Size3 } from "./size3.ts";

export type LabelVoxels = Uint8Array | Uint16Array | Uint32Array;

/**
 * Labels between the planes they are on, along z (ITK's axis 2, the slowest). It cannot be asked for its axis 0: the package takes
 * that for "not given" and then fills along every axis.
 * @throws too_large, internal when ITK fails
 */
export async function itkContours(data: LabelVoxels, [depth, height, width]: Size3): Promise<LabelVoxels> {
  if (data.byteLength > limits.maxInterpolatedBytes) throw MaskletError.of("too_large", { what: "box around the labels, in bytes,", size: data.byteLength, limit: limits.maxInterpolatedBytes, limitName: "maxInterpolatedBytes" });
  const componentType = data instanceof Uint8Array ? "uint8" as const : data instanceof Uint16Array ? "uint16" as const : "uint32" as const;
  const image = {
    imageType: { dimension: 3, componentType, pixelType: "Scalar" as const, components: 1 }, name: "labels", size: [width, height, depth], data,
    origin: [0, 0, 0], spacing: [1, 1, 1], direction: Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1), metadata: new Map(),
  };
  const { outputImage } = await morphologicalContourInterpolationNode(image, { axis: 2 }).catch((cause: unknown) => {
    throw MaskletError.of("internal", { why: `ITK could not interpolate a box of ${depth} x ${height} x ${width} voxels` }, cause);
  });
  const found: unknown = outputImage.data;
  if ((found instanceof Uint8Array || found instanceof Uint16Array || found instanceof Uint32Array) && found.length === data.length) return found;
  throw MaskletError.of("internal", { why: "ITK's interpolation gave no labels" });
}
