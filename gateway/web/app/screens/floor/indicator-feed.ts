/** Values of the chosen indicators for the candles that are shown: all of them at first, then those that change. */
import { computed, effect, signal } from '@preact/signals';
import { IndicatorKind, type StreamIndicatorsResponse } from '#gen/outcry/analytics/v1/analytics_pb.ts';
import type { CandleInterval } from '#gen/outcry/market/v1/market_pb.ts';
import { analytics } from '../../rpc/clients.ts';
import { failureOf, failureText } from '../../rpc/failure.ts';
import { follow } from '../../rpc/follow.ts';
import { isLoggedIn } from '../../rpc/session.ts';
import { onNextFigureFrame } from '../../store/frame.ts';
import type { IndicatorChoice, IndicatorKindName } from '../../store/indicator-choices.ts';
import { preferences } from '../../store/preferences.ts';
import { selectedSymbol, selectedTimeFrame } from '../../store/selection.ts';
import { barsRead, frames } from './candle-bars.ts';
import { rowsFrom, rowsWith, type ValueRow } from './indicator-rows.ts';

/** Who is shown values: of other indicators, all of them, or those that changed. */
export type ValueSink = {
  onChoices: (choices: readonly IndicatorChoice[]) => void;
  onAll: (rows: readonly ValueRow[]) => void;
  onChanged: (changed: readonly ValueRow[], all: readonly ValueRow[]) => void;
};

/** The rows of the chosen indicators, oldest first. */
export const indicatorRows = signal<readonly ValueRow[]>([]);
/** Why no values come at the moment; empty: they come. What is shown is then old. */
export const indicatorFailure = signal('');

const kinds: Record<IndicatorKindName, IndicatorKind> = {
  sma: IndicatorKind.SMA,
  ema: IndicatorKind.EMA,
  rsi: IndicatorKind.RSI,
  macd: IndicatorKind.MACD,
  bollinger: IndicatorKind.BOLLINGER,
  vwap: IndicatorKind.VWAP,
  atr: IndicatorKind.ATR,
};
// Between two calls that follow on each other no more candles begin, of a second too.
const polledRows = 10;
const polledWithinMs = 5_000;

// Other preferences change without a change of these.
const choicesKey = computed(() => JSON.stringify(preferences.value.indicators));

/** Follows what is selected and chosen, until what it returns is called. */
export function followIndicators(sink: ValueSink): () => void {
  let current = new AbortController();
  const stop = effect(() => {
    const [symbol, frame] = [selectedSymbol.value, selectedTimeFrame.value];
    void choicesKey.value;
    const choices = preferences.peek().indicators;
    // Orders of the person have the stream for which these values would else be one too many.
    const isPolled = isLoggedIn.value;
    current.abort();
    current = new AbortController();
    indicatorRows.value = [];
    indicatorFailure.value = '';
    sink.onChoices(choices);
    if (symbol === '' || frame === undefined || choices.length === 0) return;
    const { interval, multiple } = frames[frame];
    const indicators = choices.map((choice) => ({ ...choice, kind: kinds[choice.kind] }));
    void followRows({ symbol, interval, multiple, indicators }, { sink, isPolled }, current.signal);
  });
  return () => {
    stop();
    current.abort();
  };
}

type Asked = {
  symbol: string;
  interval: CandleInterval;
  multiple: number;
  indicators: (Omit<IndicatorChoice, 'kind'> & { kind: IndicatorKind })[];
};
type Message = StreamIndicatorsResponse['message'];

function followRows(
  asked: Asked,
  { sink, isPolled }: { sink: ValueSink; isPolled: boolean },
  signal: AbortSignal,
): Promise<void> {
  let changedFrom = Number.POSITIVE_INFINITY;
  let heardMs = Number.NEGATIVE_INFINITY;
  let rows: readonly ValueRow[] = [];
  const flush = () => {
    if (signal.aborted) return;
    indicatorRows.value = rows;
    if (changedFrom <= (rows[0]?.time ?? 0)) sink.onAll(rows);
    else sink.onChanged(rows.slice(rows.findIndex(({ time }) => time >= changedFrom)), rows);
    changedFrom = Number.POSITIVE_INFINITY;
  };
  return follow<Message>(
    {
      isPolled,
      stream: async function* (until) {
        const stream = analytics.streamIndicators({ ...asked, rowCount: barsRead }, { signal: until });
        for await (const { message } of stream) yield message;
      },
      poll: async (until) => {
        const isSoon = performance.now() - heardMs < polledWithinMs;
        const rowCount = isSoon ? polledRows : barsRead;
        const { rows: read } = await analytics.getIndicators({ ...asked, rowCount }, { signal: until });
        const value = { $typeName: 'outcry.analytics.v1.IndicatorRows', rows: read } as const;
        return [{ case: isSoon ? 'changes' : 'snapshot', value }];
      },
      onMessage(message) {
        heardMs = performance.now();
        indicatorFailure.value = '';
        if (message.case !== 'snapshot' && message.case !== 'changes') return;
        const changed = rowsFrom(message.value.rows);
        const isAll = message.case === 'snapshot';
        rows = isAll ? changed : rowsWith(rows, changed);
        changedFrom = isAll ? Number.NEGATIVE_INFINITY : Math.min(changedFrom, changed[0]?.time ?? changedFrom);
        onNextFigureFrame(flush);
      },
      onBroken(_, error) {
        if (!signal.aborted) indicatorFailure.value = failureText(failureOf(error));
      },
    },
    signal,
  );
}
