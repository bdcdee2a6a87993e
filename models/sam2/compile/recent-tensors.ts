import type { TensorSource } from "./layers.ts";

/**
 * Keeps the tensors read last: builders take one tensor in several parts, such as an attention's heads, one part after the other.
 * What is read must not be written to.
 */
export function recentTensors(tensors: TensorSource, count: number): TensorSource {
  const recent = new Map<string, Promise<Float32Array>>();
  return {
    shape: (name) => tensors.shape(name),
    read(name) {
      const reading = recent.get(name) ?? tensors.read(name);
      // Insertion order is the order of last use.
      recent.delete(name);
      recent.set(name, reading);
      for (const oldest of recent.keys()) {
        if (recent.size <= count) break;
        recent.delete(oldest);
      }
      return reading;
    },
  };
}
