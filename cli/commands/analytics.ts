import {
  AnalyticsService,
  GetIndicatorResponseSchema,
  IndicatorKind,
  MoverRanking,
  MoverSchema,
} from '#gen/outcry/analytics/v1/analytics_pb.ts';
import type { Command } from '../command/command.ts';
import { readSymbol } from '../input/input.ts';
import { intervals } from './intervals.ts';
import { readChoice } from './pages.ts';

const isAnonymous = true;
const rankings: Readonly<Record<string, MoverRanking>> = {
  gainers: MoverRanking.GAINERS,
  losers: MoverRanking.LOSERS,
  'most-active': MoverRanking.MOST_ACTIVE,
};
const kinds: Readonly<Record<string, IndicatorKind>> = { sma: IndicatorKind.SMA, ema: IndicatorKind.EMA };

/** What is computed from prices. */
export const analyticsCommands: readonly Command[] = [
  {
    name: 'movers',
    summary: 'the instruments that gained, lost or traded most in 24 hours',
    arguments: [{ name: 'RANKING', help: 'by what', count: 'optional', choices: Object.keys(rankings) }],
    async run({ api, print }, input) {
      const ranking = rankings[input.at(0)] ?? MoverRanking.GAINERS;
      const { list } = await api.call(AnalyticsService.method.listMovers, { ranking }, { isAnonymous });
      print.list(MoverSchema, list?.movers ?? [], {
        columns: [
          { title: 'RANK', value: ({ rank }) => String(rank), isNumber: true },
          { title: 'SYMBOL', value: ({ symbol }) => symbol },
          { title: 'LAST', value: ({ lastPrice }) => lastPrice, isNumber: true },
          { title: 'CHANGE %', value: ({ changePercent }) => changePercent, isNumber: true },
          { title: 'VOLUME', value: ({ volume }) => volume, isNumber: true },
          { title: 'NAME', value: ({ name }) => name },
        ],
        empty: 'no instrument has moved',
      });
    },
  },
  {
    name: 'average',
    summary: 'the moving average of a symbol',
    arguments: [{ name: 'SYMBOL', help: 'e.g. ACME' }],
    options: [
      { name: 'kind', value: 'KIND', help: 'which (default sma)', choices: Object.keys(kinds) },
      { name: 'interval', value: 'LENGTH', help: 'of its candles (default 1m)', choices: Object.keys(intervals) },
      { name: 'length', value: 'COUNT', help: 'candles that it covers, 1 to 200 (default 20)' },
    ],
    async run({ api, print }, input) {
      const request = {
        symbol: readSymbol(input.at(0)),
        kind: readChoice(input, 'kind', kinds),
        interval: readChoice(input, 'interval', intervals),
        length: input.whole('length', { min: 1, max: 200 }),
      };
      const answer = await api.call(AnalyticsService.method.getIndicator, request, { isAnonymous });
      const [point] = answer.points;
      print.one(GetIndicatorResponseSchema, answer, [
        ['symbol', answer.symbol],
        ['value', point?.value ?? 'too few candles'],
        ['close', point?.close ?? ''],
      ]);
    },
  },
];
