// The kernels' compiled core: loops over raw addresses of its own memory, which the caller lays out. It allocates nothing.
export { correlate } from "./correlate";
export { columnMediansKeys, columnMediansU16, columnMediansU8 } from "./column-median";
export { extremeI32, extremeU16, extremeU8 } from "./extremes";
export { magnitude } from "./magnitude";
export { median27I32, median27U16, median27U8 } from "./median27";
export { medianBoxI32, medianBoxU16, medianBoxU8 } from "./median-box";
export { plateProducts } from "./plate-products";
export { plateRows } from "./plate-rows";
export { plateTaps } from "./plate-taps";
export { floatRowsU16, floatRowsU8, keyRows, moveRows, padRows1, padRows2, padRows4 } from "./rows";

/** Where memory that nobody uses begins. */
export function freeMemory(): usize {
  return __heap_base;
}
