import {
  type Depth,
  type DepthLevel,
  DepthSchema,
  InstrumentSchema,
  MarketService,
  type Quote,
  QuoteSchema,
  TradeSchema,
} from '#gen/outcry/market/v1/market_pb.ts';
import { SideSchema } from '#gen/outcry/trading/v1/trading_pb.ts';
import type { Command, CommandContext } from '../command/command.ts';
import { type Input, readSymbol } from '../input/input.ts';
import { type Column, renderTable } from '../output/table.ts';
import { enumWord, timeWord } from '../output/words.ts';
import { pauseWords, stateWords } from './book-state.ts';
import { countOption, createCounter, watchOption } from './counter.ts';
import { follow } from './follow.ts';
import { limitOption, readPages } from './pages.ts';

const isAnonymous = true;
const symbolArgument = { name: 'SYMBOL', help: 'e.g. ACME' };

const quoteColumns: readonly Column<Quote>[] = [
  { title: 'SYMBOL', value: ({ symbol }) => symbol },
  { title: 'BID', value: ({ bidPrice }) => bidPrice, isNumber: true },
  { title: 'SHARES', value: ({ bidQuantity }) => bidQuantity, isNumber: true },
  { title: 'ASK', value: ({ askPrice }) => askPrice, isNumber: true },
  { title: 'SHARES', value: ({ askQuantity }) => askQuantity, isNumber: true },
  { title: 'LAST', value: ({ lastPrice }) => lastPrice, isNumber: true },
  { title: 'CHANGE %', value: ({ changePercent }) => changePercent, isNumber: true },
  { title: 'VOLUME', value: ({ volume }) => volume, isNumber: true },
  { title: 'STATE', value: stateWords },
];

/** Prices; no session is needed. */
export const marketCommands: readonly Command[] = [
  {
    name: 'instruments',
    summary: 'what can be traded',
    options: [{ name: 'search', value: 'TEXT', help: 'only symbols and names with this text' }, limitOption],
    async run({ api, print }, input) {
      const rows = await readPages(input, async (page) => {
        const request = { ...page, search: input.text('search') };
        const answer = await api.call(MarketService.method.listInstruments, request, { isAnonymous });
        return { rows: answer.instruments, nextPageToken: answer.nextPageToken };
      });
      print.list(InstrumentSchema, rows, {
        columns: [
          { title: 'SYMBOL', value: ({ symbol }) => symbol },
          { title: 'NAME', value: ({ name }) => name },
          { title: 'TICK', value: ({ tickSize }) => tickSize, isNumber: true },
          { title: 'LOT', value: ({ lotSize }) => lotSize, isNumber: true },
          { title: 'CURRENCY', value: ({ currency }) => currency },
          { title: 'STATE', value: stateWords },
        ],
        empty: 'no instruments',
      });
    },
  },
  {
    name: 'quote',
    summary: 'current prices of symbols, or of the first 100 instruments',
    arguments: [{ ...symbolArgument, count: 'any' }],
    async run({ api, print }, input) {
      const symbols = input.positionals.map(readSymbol);
      const { quotes } = await api.call(MarketService.method.listQuotes, { symbols }, { isAnonymous });
      print.list(QuoteSchema, quotes, { columns: quoteColumns, empty: 'no quotes' });
    },
  },
  {
    name: 'watch',
    summary: 'live prices, a line for each change, until Ctrl-C',
    arguments: [{ ...symbolArgument, count: 'many' }],
    options: [{ name: 'trades', help: 'each trade instead of each quote' }, countOption],
    run: (context, input) => (input.flag('trades') ? watchTrades(context, input) : watchQuotes(context, input)),
  },
  {
    name: 'book',
    summary: 'the best levels of a book',
    arguments: [symbolArgument],
    options: [
      { name: 'levels', value: 'COUNT', help: 'levels a side, 1 to 100 (default 10)' },
      watchOption,
      countOption,
    ],
    run: (context, input) => (input.flag('watch') ? watchBook(context, input) : showBook(context, input)),
  },
];

async function watchQuotes({ api, print, signal }: CommandContext, input: Input) {
  const counter = createCounter(input);
  const symbols = input.positionals.map(readSymbol);
  const show = (quote: Quote) => {
    const { symbol, bidPrice, askPrice, lastPrice, changePercent } = quote;
    const words = [symbol.padEnd(8), `bid ${bidPrice}`, `ask ${askPrice}`, `last ${lastPrice}`, `${changePercent} %`];
    print.line(QuoteSchema, quote, [...words, ...pauseWords(quote)].join('  '));
  };
  await follow(api, {
    method: MarketService.method.streamQuotes,
    request: () => ({ symbols }),
    isAnonymous,
    signal,
    take({ message }) {
      if (message.case === 'snapshot') return counter.count(message.value.quotes, show);
      return message.case === 'quote' ? counter.count([message.value], show) : true;
    },
  });
  return undefined;
}

async function watchTrades({ api, print, signal }: CommandContext, input: Input) {
  const counter = createCounter(input);
  const symbols = input.positionals.map(readSymbol);
  await follow(api, {
    method: MarketService.method.streamTrades,
    request: () => ({ symbols }),
    isAnonymous,
    signal,
    take({ message }) {
      if (message.case === 'gap') print.note('some trades were left out, as they came faster than they were read');
      if (message.case !== 'trade') return true;
      return counter.count([message.value], (trade) => {
        const { symbol, price, quantity, takerSide, time } = trade;
        const words = [timeWord(time), symbol.padEnd(8), price, quantity, enumWord(SideSchema, takerSide)];
        print.line(TradeSchema, trade, words.join('  '));
      });
    },
  });
  return undefined;
}

async function showBook({ api, print }: CommandContext, input: Input) {
  const request = { symbol: readSymbol(input.at(0)), levels: readLevels(input) };
  const { depth } = await api.call(MarketService.method.getDepth, request, { isAnonymous });
  if (depth !== undefined) printBook(print, depth);
  return undefined;
}

async function watchBook({ api, print, signal }: CommandContext, input: Input) {
  const counter = createCounter(input);
  const request = { symbol: readSymbol(input.at(0)), levels: readLevels(input) };
  await follow(api, {
    method: MarketService.method.streamDepth,
    request: () => request,
    isAnonymous,
    signal,
    take({ message }) {
      return message.case !== 'depth' || counter.count([message.value], (depth) => printBook(print, depth));
    },
  });
  return undefined;
}

function readLevels(input: Input): number {
  return input.whole('levels', { min: 1, max: 100 }) ?? 10;
}

type Row = { bid: DepthLevel | undefined; ask: DepthLevel | undefined };

const bookColumns: readonly Column<Row>[] = [
  { title: 'ORDERS', value: ({ bid }) => String(bid?.orderCount ?? ''), isNumber: true },
  { title: 'SHARES', value: ({ bid }) => bid?.quantity ?? '', isNumber: true },
  { title: 'BID', value: ({ bid }) => bid?.price ?? '', isNumber: true },
  { title: 'ASK', value: ({ ask }) => ask?.price ?? '', isNumber: true },
  { title: 'SHARES', value: ({ ask }) => ask?.quantity ?? '', isNumber: true },
  { title: 'ORDERS', value: ({ ask }) => String(ask?.orderCount ?? ''), isNumber: true },
];

function printBook(print: CommandContext['print'], depth: Depth): void {
  const length = Math.max(depth.bids.length, depth.asks.length);
  const rows = Array.from({ length }, (_, index) => ({ bid: depth.bids[index], ask: depth.asks[index] }));
  if (print.isJson) print.line(DepthSchema, depth, '');
  else print.plain({}, `${renderTable(rows, bookColumns)}\n`);
}
