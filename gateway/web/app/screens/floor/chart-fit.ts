/** Which bars a chart shows before someone moves it. */
import type { IChartApi } from 'lightweight-charts';

/** Bars that have room at the least, so that few of them are not broad blocks. */
const slotsMin = 48;
const spacingMinPx = 6;
/** Slots at the right without a bar, for what comes next. */
const aheadSlots = 6;

/**
 * The slots that are seen of `count` bars in a chart of this width: all bars, the first at the left edge, until they are too many; then the last
 * ones.
 */
export function fittedRange(count: number, widthPx: number): { from: number; to: number } {
  const slotsMax = Math.max(slotsMin, Math.floor(widthPx / spacingMinPx));
  const slots = Math.min(Math.max(count + aheadSlots, slotsMin), slotsMax);
  const to = Math.max(count + aheadSlots, slots) - 0.5;
  return { from: to - slots, to };
}

/** Returns what shows the fitted range, until the chart is moved by hand: from then on its view stays where it was put. */
export function fitting(element: HTMLElement, chart: IChartApi, count: () => number): () => void {
  let isMoved = false;
  const fit = () => {
    const widthPx = chart.timeScale().width();
    if (!isMoved && widthPx > 0 && count() > 0) chart.timeScale().setVisibleLogicalRange(fittedRange(count(), widthPx));
  };
  for (const name of ['wheel', 'pointerdown'] as const) {
    element.addEventListener(name, () => {
      isMoved = true;
    });
  }
  chart.timeScale().subscribeSizeChange(fit);
  return fit;
}
