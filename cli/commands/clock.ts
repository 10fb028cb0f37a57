import { type Timestamp, timestampFromMs, timestampMs } from '@bufbuild/protobuf/wkt';
import {
  type CalendarClock,
  CalendarClockSchema,
  MarketAdminService,
  MarketService,
  type SetClockResponse,
  SetClockResponseSchema,
} from '#gen/outcry/market/v1/market_pb.ts';
import { TradingStateSchema } from '#gen/outcry/trading/v1/trading_pb.ts';
import type { Command, CommandContext, OptionSpec } from '../command/command.ts';
import { readWhole } from '../input/input.ts';
import { readSpan, readTime } from '../input/time.ts';
import type { Column } from '../output/table.ts';
import { enumWord, timeWord } from '../output/words.ts';

const speedMax = 1_000;
const whole = { min: 0, max: speedMax };
const timeArgument = { name: 'TIME', help: 'such as 2026-03-06T14:30Z; without an offset in UTC' };
const speedOption: OptionSpec = {
  name: 'speed',
  value: 'SPEED',
  help: `how fast it passes from then on, 0 to ${speedMax} (default as before)`,
};

/** The market's clock: to see it one needs no session, to set it one has to be an operator. */
export const clockCommands: readonly Command[] = [
  { name: 'clock', summary: 'the time of the market, and what it is by each calendar', run: showClock },
  {
    name: 'clock set',
    summary: 'set the clock to a later time; books change their states on the way (operators)',
    details: 'For a system that was started with a clock that can be set. It never goes back.',
    arguments: [timeArgument],
    options: [speedOption],
    async run(context, input) {
      const time = readTime(input.at(0), 'TIME');
      return moveTo(context, time, { speed: input.whole('speed', whole) });
    },
  },
  {
    name: 'clock step',
    summary: 'set the clock on by a span of time (operators)',
    arguments: [{ name: 'SPAN', help: 'such as 90s, 30m, 2h or 7d' }],
    options: [speedOption],
    async run(context, input) {
      const spanMs = readSpan(input.at(0), 'SPAN');
      // Going on after a stop on the way needs the time itself.
      const { time } = await context.api.call(MarketService.method.getClock, {}, { isAnonymous: true });
      const fromMs = time === undefined ? Date.now() : timestampMs(time);
      return moveTo(context, timestampFromMs(fromMs + spanMs), { speed: input.whole('speed', whole) });
    },
  },
  {
    name: 'clock run',
    summary: 'let the clock pass fast to a time and stand still there (operators)',
    details:
      'It stands still too at each change of state on the way until the books have it, so each happens at its instant.',
    arguments: [timeArgument],
    options: [{ ...speedOption, help: `how fast it passes, 1 to ${speedMax} (default ${speedMax})` }],
    async run(context, input) {
      const time = readTime(input.at(0), 'TIME');
      const speed = input.whole('speed', { ...whole, min: 1 }) ?? speedMax;
      return moveTo(context, time, { speed, pass: true });
    },
  },
  {
    name: 'clock pause',
    summary: 'let the clock stand still (operators)',
    run: (context) => changeSpeed(context, 0),
  },
  {
    name: 'clock speed',
    summary: 'let the clock pass so many times as fast as the machine’s (operators)',
    arguments: [{ name: 'SPEED', help: `0 to ${speedMax}; 0 stands still` }],
    run: (context, input) => changeSpeed(context, readWhole(input.at(0), { name: 'SPEED', ...whole })),
  },
  {
    name: 'clock real',
    summary: 'let the clock pass as fast as the machine’s, from where it is (operators)',
    run: (context) => changeSpeed(context, 1),
  },
];

async function showClock({ api, print }: CommandContext): Promise<undefined> {
  const { time, calendars, speed } = await api.call(MarketService.method.getClock, {}, { isAnonymous: true });
  const columns: Column<CalendarClock>[] = [
    { title: 'TIME (UTC)', value: () => timeWord(time) },
    { title: 'SPEED', value: () => speedWord(speed) },
    { title: 'CALENDAR', value: ({ calendar }) => calendar },
    { title: 'PHASE', value: ({ phase }) => enumWord(TradingStateSchema, phase) },
    { title: 'NEXT OPEN', value: ({ nextOpenTime }) => timeWord(nextOpenTime) },
    { title: 'NEXT CLOSE', value: ({ nextCloseTime }) => timeWord(nextCloseTime) },
  ];
  print.list(CalendarClockSchema, calendars, { columns, empty: 'no calendars' });
}

async function changeSpeed({ api, print }: CommandContext, speed: number): Promise<undefined> {
  printSetting(print, await api.call(MarketAdminService.method.setClock, { speed }));
}

/** Calls until the clock is there: a call ends sooner where changes of state, or passing, take longer than it may. */
async function moveTo(
  { api, print, signal }: CommandContext,
  time: Timestamp,
  how: { speed: number | undefined; pass?: boolean },
): Promise<undefined> {
  for (;;) {
    const answer = await api.call(MarketAdminService.method.setClock, { time, ...how });
    if (answer.arrived || signal.aborted) return printSetting(print, answer);
    print.note(`${timeWord(answer.time)}: on its way`);
  }
}

function printSetting(print: CommandContext['print'], answer: SetClockResponse): undefined {
  print.one(SetClockResponseSchema, answer, [
    ['time', timeWord(answer.time)],
    ['speed', speedWord(answer.speed)],
    ['arrived', answer.arrived ? 'yes' : 'not yet'],
  ]);
}

function speedWord(speed: number): string {
  return speed === 0 ? 'stands still' : `${speed} x`;
}
