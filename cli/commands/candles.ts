import { type Candle, CandleSchema, MarketService } from '#gen/outcry/market/v1/market_pb.ts';
import type { Command, CommandContext } from '../command/command.ts';
import { type Input, readSymbol } from '../input/input.ts';
import type { Column } from '../output/table.ts';
import { timeWord } from '../output/words.ts';
import { countOption, createCounter, watchOption } from './counter.ts';
import { follow } from './follow.ts';
import { intervalOption, intervals } from './intervals.ts';
import { limitOption, readChoice, readPages } from './pages.ts';
import { rangeOptions, readRange } from './time-range.ts';

const isAnonymous = true;
const pageSizeMax = 1_000;

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
    options: [intervalOption, ...rangeOptions, limitOption, watchOption, countOption],
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
  const request = readSeries(input);
  await follow(api, {
    method: MarketService.method.streamCandles,
    request: () => request,
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
  return { symbols: input.positionals.map(readSymbol), interval: readChoice(input, 'interval', intervals) };
}
