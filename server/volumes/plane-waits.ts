// Readers that wait for planes a client was asked for: each wait ends once, with the planes or with the reason.
import { MaskletError, throwIfCancelled } from "#protocol/errors.ts";
import type { Plane } from "#protocol/types.ts";
import { planeName } from "./plane-index.ts";

/** Asks whoever holds the pixels for planes; returns when they are asked for, not when they came. */
export type PixelSupplier = (planes: readonly Plane[]) => void | Promise<void>;

interface Wait {
  readonly open: Map<string, Plane>;
  readonly timer: NodeJS.Timeout;
  end(fault: MaskletError | undefined): void;
}

export interface PlaneWaits {
  setSupplier(supplier: PixelSupplier | undefined): void;
  /** Asked for and not yet here, also when the reader has given up since: the pixels may be on their way. */
  isNeeded(plane: Plane): boolean;
  /** All of those, in the order they were asked for. */
  needed(): Plane[];
  /** Resolves when all have arrived. @throws pixels_missing without a supplier or after a silence of `timeoutMs`, cancelled */
  wait(planes: readonly Plane[], signal?: AbortSignal): Promise<void>;
  arrived(plane: Plane): void;
  /** What came could not be taken. The next reader asks again. */
  refused(plane: Plane, fault: MaskletError): void;
}

/** @param timeoutMs how long no plane of the volume may arrive before a wait gives up */
export function createPlaneWaits(timeoutMs: number): PlaneWaits {
  const waits = new Set<Wait>();
  const asked = new Map<string, Plane>();
  let supplier: PixelSupplier | undefined;

  const missing = (planes: Iterable<Plane>, cause?: unknown): MaskletError => {
    const names = [...planes].map(planeName);
    return MaskletError.of("pixels_missing", { planes: names.length > 4 ? `${names.slice(0, 4).join("; ")} and ${names.length - 4} more` : names.join("; ") }, cause);
  };

  const ask = async (planes: readonly Plane[]): Promise<void> => {
    if (planes.length === 0) return;
    for (const plane of planes) asked.set(planeName(plane), plane);
    try {
      await supplier?.(planes);
    } catch (cause) {
      const names = new Set(planes.map(planeName));
      for (const name of names) asked.delete(name);
      const fault = cause instanceof MaskletError ? cause : missing(planes, cause);
      for (const wait of [...waits]) if ([...wait.open.keys()].some((name) => names.has(name))) wait.end(fault);
    }
  };

  return {
    refused(plane, fault) {
      const name = planeName(plane);
      asked.delete(name);
      for (const wait of [...waits]) if (wait.open.has(name)) wait.end(fault);
    },
    isNeeded: (plane) => asked.has(planeName(plane)),
    needed: () => [...asked.values()],
    setSupplier(next) {
      supplier = next;
      asked.clear();
      if (next === undefined) {
        for (const wait of [...waits]) wait.end(missing(wait.open.values()));
        return;
      }
      // Another client took over: what is still open is asked of it.
      const open = new Map<string, Plane>();
      for (const wait of waits) for (const [name, plane] of wait.open) open.set(name, plane);
      void ask([...open.values()]);
    },
    wait(planes, signal) {
      throwIfCancelled(signal);
      if (planes.length === 0) return Promise.resolve();
      if (supplier === undefined) throw missing(planes);
      const unasked = planes.filter((plane) => !asked.has(planeName(plane)));
      return new Promise<void>((resolve, reject) => {
        const open = new Map(planes.map((plane) => [planeName(plane), plane]));
        const onAbort = (): void => wait.end(MaskletError.of("cancelled", {}));
        const wait: Wait = {
          open,
          timer: setTimeout(() => {
            // The next reader asks again.
            for (const name of open.keys()) asked.delete(name);
            wait.end(missing(open.values()));
          }, timeoutMs),
          end(fault) {
            waits.delete(wait);
            clearTimeout(wait.timer);
            signal?.removeEventListener("abort", onAbort);
            if (fault === undefined) resolve();
            else reject(fault);
          },
        };
        waits.add(wait);
        signal?.addEventListener("abort", onAbort);
        void ask(unasked);
      });
    },
    arrived(plane) {
      asked.delete(planeName(plane));
      for (const wait of [...waits]) {
        wait.timer.refresh();
        if (wait.open.delete(planeName(plane)) && wait.open.size === 0) wait.end(undefined);
      }
    },
  };
}
