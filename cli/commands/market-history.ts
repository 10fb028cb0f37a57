import {
  AuctionKindSchema,
  AuctionSchema,
  MarketService,
  PastQuoteSchema,
  TradeSchema,
} from '#gen/outcry/market/v1/market_pb.ts';
import { SideSchema } from '#gen/outcry/trading/v1/trading_pb.ts';
import type { ArgumentSpec, Command, OptionSpec } from '../command/command.ts';
import { readSymbol } from '../input/input.ts';
import { enumWord, timeWord } from '../output/words.ts';
import { limitOption, readPages } from './pages.ts';
import { rangeOptions, readRange } from './time-range.ts';

const isAnonymous = true;
const symbolArgument: ArgumentSpec = { name: 'SYMBOL', help: 'e.g. ACME' };
const options: readonly OptionSpec[] = [...rangeOptions, limitOption];

/** What a market has recorded of a symbol; no session is needed. */
export const historyCommands: readonly Command[] = [
  {
    name: 'trades',
    summary: 'the trades of a symbol, the last ones or those of a time',
    arguments: [symbolArgument],
    options,
    async run({ api, print }, input) {
      const list = { symbol: readSymbol(input.at(0)), ...readRange(input) };
      const rows = await readPages(input, async (page) => {
        const answer = await api.call(MarketService.method.listTrades, { ...page, ...list }, { isAnonymous });
        return { rows: answer.trades, nextPageToken: answer.nextPageToken };
      });
      print.list(TradeSchema, rows, {
        columns: [
          { title: 'TIME', value: ({ time }) => timeWord(time) },
          { title: 'PRICE', value: ({ price }) => price, isNumber: true },
          { title: 'QUANTITY', value: ({ quantity }) => quantity, isNumber: true },
          { title: 'TAKER', value: ({ takerSide }) => enumWord(SideSchema, takerSide) },
        ],
        empty: 'no trades',
      });
    },
  },
  {
    name: 'auctions',
    summary: 'the auctions of a symbol that had a price, the last ones or those of a time',
    arguments: [symbolArgument],
    options,
    async run({ api, print }, input) {
      const list = { symbol: readSymbol(input.at(0)), ...readRange(input) };
      const rows = await readPages(input, async (page) => {
        const answer = await api.call(MarketService.method.listAuctions, { ...page, ...list }, { isAnonymous });
        return { rows: answer.auctions, nextPageToken: answer.nextPageToken };
      });
      print.list(AuctionSchema, rows, {
        columns: [
          { title: 'TIME', value: ({ time }) => timeWord(time) },
          { title: 'SESSION', value: ({ sessionDate }) => sessionDate },
          { title: 'KIND', value: ({ kind }) => enumWord(AuctionKindSchema, kind) },
          { title: 'PRICE', value: ({ price }) => price, isNumber: true },
          { title: 'QUANTITY', value: ({ quantity }) => quantity, isNumber: true },
        ],
        empty: 'no auctions',
      });
    },
  },
  {
    name: 'quotes',
    summary: 'the best prices of a symbol in the past, the last of each second in which they changed',
    arguments: [symbolArgument],
    options,
    async run({ api, print }, input) {
      const list = { symbol: readSymbol(input.at(0)), ...readRange(input) };
      const rows = await readPages(input, async (page) => {
        const answer = await api.call(MarketService.method.listPastQuotes, { ...page, ...list }, { isAnonymous });
        return { rows: answer.quotes, nextPageToken: answer.nextPageToken };
      });
      print.list(PastQuoteSchema, rows, {
        columns: [
          { title: 'TIME', value: ({ time }) => timeWord(time) },
          { title: 'SHARES', value: ({ bidQuantity }) => bidQuantity, isNumber: true },
          { title: 'BID', value: ({ bidPrice }) => bidPrice, isNumber: true },
          { title: 'ASK', value: ({ askPrice }) => askPrice, isNumber: true },
          { title: 'SHARES', value: ({ askQuantity }) => askQuantity, isNumber: true },
        ],
        empty: 'no quotes',
      });
    },
  },
];
