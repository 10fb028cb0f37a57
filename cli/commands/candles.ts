import { type Candle, CandleSchema, MarketService } from '#gen/outcry/market/v1/market_pb.ts';
import type { Command, CommandContext, OptionSpec } from '../command/command.ts';
import { type Input, readSymbol } from '../input/input.ts';
import { UsageError } from '../input/usage-error.ts';
import type { Column } from '../output/table.ts';
import { timeWord } from '../output/words.ts';
import { countOption, createCounter, watchOption } from './counter.ts';
import { follow } from './follow.ts';
import { intervals, spans } from './intervals.ts';
import { limitOption, readPages } from './pages.ts';
import { rangeOptions, readRange } from './time-range.ts';

const isAnonymous = true;
const pageSizeMax = 1_000;

const timeframeOption: OptionSpec = {
  name: 'timeframe',
  value: 'LENGTH',
  help: 'of each candle (default 1m)',
  choices: Object.keys(spans),
};

const columns: readonly Column<Candle>[] = [
  { title: 'START', value: ({ startTime }) => timeWord(startTime) },
  { title: 'SYMBOL', value: ({ symbol }) => symbol },
  { title: 'OPEN', value: ({ open }) => open, isNumber: true },
  { title: 'HIGH', value: ({ high }) => high, isNumber: true },
  { title: 'LOW', value: ({ low }) => low, isNumber: true },
  { title: 'CLOSE', value: ({ close }) => close, isNumber: true },
  { title: 'VOLUME', value: ({ volume }) => volume, isNumber: true },
  { title: 'TRADES', value: ({ tradeCount }) => String(tradeCount), isNumber: true },
  { title: 'VWAP', value: ({ vwap }) => vwap, isNumber: true },
];

/** Candles of symbols; no session is needed. */
export const candleCommands: readonly Command[] = [
  {
    name: 'candles',
    summary: 'prices by interval: open, high, low, close, volume',
    details: 'Of several symbols they come symbol by symbol. Intervals without a trade are left out.',
    arguments: [{ name: 'SYMBOL', help: 'e.g. ACME', count: 'many' }],
    options: [timeframeOption, ...rangeOptions, limitOption, watchOption, countOption],
    run: (context, input) => (input.flag('watch') ? watchCandles(context, input) : listCandles(context, input)),
  },
];

async function listCandles({ api, print }: CommandContext, input: Input) {
  const request = { ...readSeries(input), ...readRange(input) };
  const list = async (page: { pageSize: number; pageToken: string }) => {
    const answer = await api.call(MarketService.method.listCandles, { ...request, ...page }, { isAnonymous });
    return { rows: answer.candles, nextPageToken: answer.nextPageToken };
  };
  print.list(CandleSchema, await readPages(input, list, pageSizeMax), { columns, empty: 'no candles' });
  return undefined;
}

async function watchCandles({ api, print, signal }: CommandContext, input: Input) {
  const counter = createCounter(input);
  const { symbols, interval, multiple = 1 } = readSeries(input);
  if (multiple > 1) throw new UsageError(`--watch takes a timeframe of ${Object.keys(intervals).join(', ')}`);
  await follow(api, {
    method: MarketService.method.streamCandles,
    request: () => ({ symbols, interval }),
    isAnonymous,
    signal,
    take({ message }) {
      return message.case !== 'candle' || counter.count([message.value], (candle) => printCandle(print, candle));
    },
  });
  return undefined;
}

function printCandle(print: CommandContext['print'], candle: Candle): void {
  const { startTime, symbol, open, high, low, close, volume } = candle;
  const words = [
    timeWord(startTime),
    symbol.padEnd(8),
    `o ${open}`,
    `h ${high}`,
    `l ${low}`,
    `c ${close}`,
    `v ${volume}`,
  ];
  print.line(CandleSchema, candle, words.join('  '));
}

function readSeries(input: Input) {
  return { symbols: input.positionals.map(readSymbol), ...spans[input.text('timeframe') ?? '1m'] };
}
