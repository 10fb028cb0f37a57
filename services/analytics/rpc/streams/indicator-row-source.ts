import { StreamIndicatorsResponseSchema } from '#gen/outcry/analytics/v1/analytics_pb.ts';
import type { EncodedMessage } from '#platform/rpc/server.ts';
import type { SourceOpener } from '#platform/stream/serve-stream.ts';
import type { CandleSeries } from '../../view/candle-series.ts';
import { encode } from '../messages/analytics-messages.ts';
import { rowsOf } from '../messages/indicator-messages.ts';
import type { IndicatorsQuery } from '../messages/request-fields.ts';

/** Rows of a message that is held for other readers, and such messages of one series. */
const heldRowsMax = 4;
const heldMessagesMax = 64;

/** All rows, then those from the oldest that has changed since on: nothing waits but its start. More than all rows are all of them again. */
export function indicatorRowSource(
  series: CandleSeries,
  query: IndicatorsQuery,
  nowMs: () => number,
): SourceOpener<EncodedMessage> {
  return (wake) => {
    let isFirst = true;
    let changedMs = Number.POSITIVE_INFINITY;
    const changed = (oldestMs: number) => {
      changedMs = Math.min(changedMs, oldestMs);
      wake();
    };
    series.listeners.add(changed);
    return {
      take() {
        const changedCount = countSince(series, changedMs);
        if (!isFirst && changedCount === 0) return undefined;
        const isAll = isFirst || changedCount > query.rowCount;
        isFirst = false;
        changedMs = Number.POSITIVE_INFINITY;
        return isAll
          ? encodedRows(series, query, { case: 'snapshot', count: query.rowCount, nowMs: nowMs() })
          : heldRows(series, query, { case: 'changes', count: changedCount, nowMs: nowMs() });
      },
      [Symbol.dispose]: () => void series.listeners.delete(changed),
    };
  };
}

type Contents = { case: 'snapshot' | 'changes'; count: number; nowMs: number };

function countSince({ bars }: CandleSeries, oldestMs: number): number {
  let count = 0;
  while (count < bars.length && (bars.at(-1 - count)?.startMs ?? 0) >= oldestMs) count += 1;
  return count;
}

// Most readers of one series want the same indicators, and the one row that changed.
function heldRows(series: CandleSeries, query: IndicatorsQuery, contents: Contents): EncodedMessage {
  const key = `${JSON.stringify(query.indicators)} ${contents.count}`;
  const held = series.messages.get(key);
  if (held !== undefined) return held;
  const encoded = encodedRows(series, query, contents);
  if (contents.count <= heldRowsMax && series.messages.size < heldMessagesMax) series.messages.set(key, encoded);
  return encoded;
}

function encodedRows(series: CandleSeries, query: IndicatorsQuery, contents: Contents): EncodedMessage {
  const rows = rowsOf(series.bars, query, contents);
  return encode(StreamIndicatorsResponseSchema, {
    ...series.position,
    message: { case: contents.case, value: { rows } },
  });
}
