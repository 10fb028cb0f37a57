/** The time frame in which the chart opens where no address names one. */
import type { TimeFrame } from '../../router/route.ts';

/** Fewer bars than these are a chart of hardly more than one candle. */
export const fewBars = 20;
const usual: TimeFrame = '1m';
const fine: TimeFrame = '1s';

/** The frame by how many bars there are, of which more than `fewBars` need not be counted: minutes, unless there are few of them and more of seconds. */
export async function openingFrame(countOf: (frame: TimeFrame) => Promise<number>): Promise<TimeFrame> {
  const minutes = await countOf(usual);
  return minutes < fewBars && (await countOf(fine)) > minutes ? fine : usual;
}
