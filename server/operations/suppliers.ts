// Who can give a volume's pixels: of several clients that hold the image, the last to come is asked.
import type { Supplier, Volumes } from "./contract.ts";

export interface Suppliers {
  /** @returns a function that takes the offer back */
  add(volumeId: string, supplier: Supplier): Promise<() => Promise<void>>;
}

export function createSuppliers(volumes: Pick<Volumes, "setSupplier">): Suppliers {
  const offers = new Map<string, Supplier[]>();
  return {
    add: async (volumeId, supplier) => {
      const row = offers.get(volumeId) ?? [];
      offers.set(volumeId, row);
      row.push(supplier);
      await volumes.setSupplier(volumeId, supplier);
      return async () => {
        const at = row.indexOf(supplier);
        if (at < 0) return;
        const wasAsked = at === row.length - 1;
        row.splice(at, 1);
        if (row.length === 0 && offers.get(volumeId) === row) offers.delete(volumeId);
        if (wasAsked) await volumes.setSupplier(volumeId, row.at(-1));
      };
    },
  };
}
