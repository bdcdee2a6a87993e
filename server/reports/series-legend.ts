// Which colour and shape is whose. Series are numbered in the scales and named in the data set `names`, whatever their names hold.
import type { Legend } from "vega";

export function seriesLegend(count: number, shapes = true): Legend[] {
  if (count < 2) return [];
  const named = { labels: { update: { text: { signal: "data('names')[datum.value].name" } } } };
  return [{ fill: "series", ...(shapes ? { shape: "shape" } : { symbolType: "square" }), orient: "bottom", direction: "vertical", columns: count > 3 ? 2 : 1, symbolSize: 90, encode: named }];
}
