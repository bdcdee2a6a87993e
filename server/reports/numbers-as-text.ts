// Numbers and units as people read them.

/** Three digits that count; whole from 1000 on. "-" for what there is not. */
export function shown(value: number | null | undefined): string {
  if (value === null || value === undefined || Number.isNaN(value)) return "-";
  if (!Number.isFinite(value)) return value > 0 ? "infinite" : "-infinite";
  const size = Math.abs(value);
  if (size >= 1e7 || (size > 0 && size < 1e-3)) return value.toExponential(2).replace("e+", "e").replace("-", "\u2212");
  if (size >= 1000) return counted(Math.round(value));
  return String(Number(value.toPrecision(3))).replace("-", "\u2212");
}

/** A whole number with a thin space between thousands. */
export function counted(value: number): string {
  return String(value).replace("-", "\u2212").replace(/\B(?=(\d{3})+$)/g, "\u2009");
}

/** A score from 0 to 1, three decimals, so that columns of them can be compared. */
export function scored(value: number | null): string {
  return value === null ? "-" : value.toFixed(3).replace("-", "\u2212");
}

export function countOf(count: number, one: string, many = `${one}s`): string {
  return `${counted(count)} ${count === 1 ? one : many}`;
}

/** "µm", "µm²", "µm³", or the same in voxels. */
export function unitText(unit: "um" | "vx", power: 1 | 2 | 3 = 1): string {
  if (unit === "vx") return power === 2 ? "voxels²" : "voxels";
  return `µm${["", "²", "³"][power - 1]!}`;
}
