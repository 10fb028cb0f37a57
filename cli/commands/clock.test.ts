import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { timestampDate, timestampFromMs, timestampMs } from '@bufbuild/protobuf/wkt';
import { createRouterTransport } from '@connectrpc/connect';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  MarketAdminService,
  MarketService,
  type SetClockRequest,
  SetClockResponseSchema,
} from '#gen/outcry/market/v1/market_pb.ts';
import { createCaller } from '../call/caller.ts';
import type { CommandContext } from '../command/command.ts';
import { parseCommandLine } from '../command/parse.ts';
import { UsageError } from '../input/usage-error.ts';
import { createPrinter } from '../output/printer.ts';
import { createApi } from '../session/api.ts';
import { createSession, type Session } from '../session/session.ts';
import { clockCommands } from './clock.ts';

const shown = Date.parse('2026-03-06T14:00Z');
let asked: SetClockRequest[];
/** Whether the next calls arrive; then all do. */
let arrivals: boolean[];
let printed: string[];
let notes: string[];
beforeEach(() => {
  [asked, arrivals, printed, notes] = [[], [], [], []];
});

const transport = createRouterTransport((router) => {
  router.service(MarketService, {
    getClock: () => ({ time: timestampFromMs(shown), speed: 60, calendars: [{ calendar: '24x7' }] }),
  });
  router.service(MarketAdminService, {
    setClock(request) {
      asked.push(request);
      const answer: MessageInitShape<typeof SetClockResponseSchema> = {
        time: request.time ?? timestampFromMs(shown),
        speed: request.pass ? 0 : (request.speed ?? 1),
        arrived: arrivals.shift() ?? true,
      };
      return create(SetClockResponseSchema, answer);
    },
  });
});

async function run(...args: string[]): Promise<void> {
  const line = parseCommandLine(args, clockCommands);
  if (line.command === undefined) throw new Error('no such command');
  const caller = createCaller(transport, 5_000);
  const session: Session = createSession({ caller, url: 'http://gateway.example', stateDirectory: '', apiKey: 'ok_a' });
  const print = createPrinter({
    isJson: false,
    writeOut: (text) => void printed.push(text),
    writeError: (text) => void notes.push(text),
  });
  const context = { api: createApi(caller, session, 5_000), print, signal: new AbortController().signal };
  await line.command.run(context as CommandContext, line.input);
}

const askedFor = () =>
  asked.map(({ time, speed, pass }) => ({
    time: time === undefined ? '' : timestampDate(time).toISOString().slice(11, 19),
    speed,
    pass,
  }));

describe('outcry clock', () => {
  it('shows the time, how fast it passes, and the calendars', async () => {
    await run('clock');
    expect(printed.join('')).toMatch(/2026-03-06 14:00:00 +60 x +24x7/);
    expect(asked).toEqual([]);
  });

  it('goes to a time until it is there, and says what it has become', async () => {
    arrivals = [false, false];
    await run('clock', 'set', '2026-03-06T15:30Z', '--speed', '0');
    expect(askedFor()).toEqual(Array(3).fill({ time: '15:30:00', speed: 0, pass: false }));
    expect(notes.join('')).toContain('on its way');
    expect(printed.join('')).toMatch(/time +2026-03-06 15:30:00\nspeed +stands still\narrived +yes/);
  });

  it('steps on from the time of the moment, to the same time however many calls that takes', async () => {
    arrivals = [false];
    await run('clock', 'step', '90m');
    expect(askedFor()).toEqual(Array(2).fill({ time: '15:30:00', speed: undefined, pass: false }));
    expect(timestampMs(asked[0]?.time ?? timestampFromMs(0))).toBe(shown + 90 * 60_000);
  });

  it('runs to a time, and changes the speed', async () => {
    await run('clock', 'run', '2026-03-06T15:30Z');
    await run('clock', 'run', '2026-03-06T15:30Z', '--speed', '60');
    await run('clock', 'pause');
    await run('clock', 'speed', '1000');
    await run('clock', 'real');
    expect(askedFor()).toEqual([
      { time: '15:30:00', speed: 1_000, pass: true },
      { time: '15:30:00', speed: 60, pass: true },
      { time: '', speed: 0, pass: false },
      { time: '', speed: 1_000, pass: false },
      { time: '', speed: 1, pass: false },
    ]);
  });

  it('sends nothing that is not understood', async () => {
    for (const args of [
      ['set', 'tomorrow'],
      ['set', '2026-03-06T15:30Z', '--speed', '1001'],
      ['step', '-5m'],
      ['run', '2026-03-06T15:30Z', '--speed', '0'],
      ['speed', 'fast'],
    ]) {
      await expect(run('clock', ...args)).rejects.toThrow(UsageError);
    }
    expect(asked).toEqual([]);
  });
});
