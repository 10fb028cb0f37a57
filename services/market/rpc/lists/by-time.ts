/** Places of rows that are listed by their time, and by the order in which they were stored within a millisecond. */
import type { TimeSpan } from '#platform/validation/time-range.ts';
import type { TradeRange } from '../../store/read-trades.ts';
import type { RowList } from './by-symbol.ts';

/** How such rows are paged; ids begin with 1. */
export function pagedByTime<Row extends { timeMs: number; id: bigint }>(
  oldestFirst: boolean,
): Pick<RowList<Row, TradeRange>, 'placeForm' | 'placeOf' | 'partAfter'> {
  return {
    placeForm: /\d{1,15}:\d{1,18}/,
    placeOf: ({ timeMs, id }) => `${timeMs}:${id}`,
    partAfter(range, place) {
      const whole = wholeRange(range);
      if (place === undefined) return whole;
      const [time = '', id = ''] = place.split(':');
      const timeMs = Number(time);
      if (!oldestFirst) return { ...whole, until: { timeMs, id: BigInt(id) } };
      return { ...whole, from: { timeMs, id: BigInt(id) + 1n } };
    },
  };
}

/** These places are before every row of their millisecond. */
function wholeRange({ fromMs, untilMs }: TimeSpan): TradeRange {
  return { from: { timeMs: fromMs, id: 0n }, until: { timeMs: untilMs, id: 0n } };
}
