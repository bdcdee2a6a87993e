// The words every kernel shares.

/** Voxels along each axis, a place among them, or the sides of one voxel. */
export type Size3 = readonly [z: number, y: number, x: number];

/** Raw or computed values, `[z, y, x]`, x fastest. */
export type Voxels = Uint8Array | Uint16Array | Float32Array;

/** Which voxels count as neighbours: by faces; by edges too; by corners too. */
export type Connectivity = 6 | 18 | 26;

/**
 * What lies beyond the array: its edge voxel again and again; the array mirrored with its edge voxel repeated (d c b a | a b c d);
 * one value; the other end of the array.
 */
export type Border = "replicate" | "reflect" | "constant" | "wrap";
