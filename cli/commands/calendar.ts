import { MarketService, type TradingSession, TradingSessionSchema } from '#gen/outcry/market/v1/market_pb.ts';
import type { Command } from '../command/command.ts';
import { readSymbol } from '../input/input.ts';
import type { Column } from '../output/table.ts';
import { timeWord } from '../output/words.ts';
import { limitOption, readPages } from './pages.ts';

const isAnonymous = true;

const sessionColumns: readonly Column<TradingSession>[] = [
  { title: 'DATE', value: ({ date }) => date },
  { title: 'ORDERS FROM', value: ({ preOpenTime }) => timeWord(preOpenTime) },
  { title: 'OPEN', value: ({ openTime }) => timeWord(openTime) },
  { title: 'CLOSE', value: ({ closeTime }) => timeWord(closeTime) },
  { title: '', value: ({ halfDay }) => (halfDay ? 'half day' : '') },
];

/** The days of a market; no session is needed. */
export const calendarCommands: readonly Command[] = [
  {
    name: 'calendar',
    summary: 'the sessions of a calendar, or of the calendar of a symbol, from today on',
    arguments: [{ name: 'NAME', help: 'a calendar as `clock` lists them, e.g. XNYS, or a symbol' }],
    options: [{ name: 'from', value: 'DATE', help: 'first date, e.g. 2026-03-06' }, limitOption],
    async run({ api, print }, input) {
      const name = input.at(0);
      const { calendars } = await api.call(MarketService.method.getClock, {}, { isAnonymous });
      const isCalendar = calendars.some(({ calendar }) => calendar === name);
      const whose = isCalendar ? { calendar: name } : { symbol: readSymbol(name) };
      const rows = await readPages(input, async (page) => {
        const request = { ...page, ...whose, startDate: input.text('from') };
        const answer = await api.call(MarketService.method.listSessions, request, { isAnonymous });
        return { rows: answer.sessions, nextPageToken: answer.nextPageToken };
      });
      print.list(TradingSessionSchema, rows, { columns: sessionColumns, empty: 'no sessions: it trades without end' });
    },
  },
];
