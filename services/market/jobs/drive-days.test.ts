import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { TradingState } from '#gen/outcry/trading/v1/trading_pb.ts';
import { Code } from '#platform/errors/code.ts';
import { eventually } from '#platform/testing/eventually.ts';
import { DayScene } from '../testing/day-scene.ts';

const { PRE_OPEN, OPENING_AUCTION, CONTINUOUS, HALTED, CLOSING_AUCTION, CLOSED } = TradingState;

let scene: DayScene;
beforeEach(async () => {
  scene = await DayScene.open();
});
afterEach(async () => {
  await scene?.[Symbol.asyncDispose]();
});

const becomes = (state: TradingState) => scene.becomes(state);
const shows = (state: TradingState) => scene.shows({ state });

describe('driveDays', () => {
  it('takes a book through its day, each change once, however many replicas there are', async () => {
    await scene.startReplica();
    const created = await scene.create();
    expect(created.instrument).toMatchObject({ calendar: 'XNYS', state: CLOSED });
    for (const [time, state] of [
      ['2026-03-06T11:30Z', PRE_OPEN],
      ['2026-03-06T14:28Z', OPENING_AUCTION],
      ['2026-03-06T14:30Z', CONTINUOUS],
      ['2026-03-06T20:58Z', CLOSING_AUCTION],
      ['2026-03-06T21:00Z', CLOSED],
      ['2026-03-09T10:30Z', PRE_OPEN],
    ] as const) {
      scene.clockTo(time);
      await becomes(state);
      await shows(state);
    }
    expect(scene.commands().map(({ commandId }) => commandId)).toEqual([
      'day:DAYS:2026-03-05:closed',
      ...['pre-open', 'opening-auction', 'continuous', 'closing-auction', 'closed'].map(
        (p) => `day:DAYS:2026-03-06:${p}`,
      ),
      'day:DAYS:2026-03-09:pre-open',
    ]);
    const others = scene.exchange.commands.filter(({ symbol }) => !['DAYS', 'BRNX', 'HUDS'].includes(symbol));
    expect(others).toEqual([]);
  });

  it('goes on in another replica when the one that drove ends, and catches up after all were away', async () => {
    await scene.create();
    scene.clockTo('2026-03-06T15:00Z');
    await becomes(CONTINUOUS);
    await scene.startReplica();
    await scene.stopReplica();
    scene.clockTo('2026-03-06T20:58Z');
    await becomes(CLOSING_AUCTION);
    await scene.stopReplica();
    scene.clockTo('2026-03-10T15:00Z');
    await scene.startReplica();
    await becomes(CONTINUOUS);
    expect(scene.states()).toEqual([CLOSED, CONTINUOUS, CLOSING_AUCTION, CLOSED, CONTINUOUS]);
    expect(scene.commands().at(-2)?.commandId).toBe('day:DAYS:2026-03-06:closed');
  });

  it('sends a change when the exchange is back that it could not send, and all of them again to one that lost its history', async () => {
    await scene.create();
    await scene.exchange.stop();
    scene.clockTo('2026-03-06T15:00Z');
    await eventually(async () => {
      const answer = await scene.halt('while-away').catch((error) => error);
      expect(answer).toMatchObject({ code: Code.UNAVAILABLE });
    });
    await scene.exchange.start();
    await becomes(HALTED);
    await scene.resume('resume-1');
    await becomes(CONTINUOUS);
    scene.clockTo('2026-03-06T21:30Z');
    await becomes(CLOSED);
    scene.exchange.loseHistory();
    await shows(CLOSED);
  });

  it('lets an operator halt outrank the schedule until it is resumed, then returns to the schedule', async () => {
    await scene.create();
    scene.clockTo('2026-03-06T15:00Z');
    await becomes(CONTINUOUS);
    expect((await scene.halt('halt-1')).instrument?.state).toBe(HALTED);
    // Another book of the calendar shows that the schedule went on.
    await scene.create({ symbol: 'EVES' });
    for (const [time, state] of [
      ['2026-03-06T20:58Z', CLOSING_AUCTION],
      ['2026-03-06T21:10Z', CLOSED],
      ['2026-03-09T14:00Z', CONTINUOUS],
    ] as const) {
      scene.clockTo(time);
      await eventually(() =>
        expect(scene.exchange.commands.findLast(({ symbol }) => symbol === 'EVES')?.state).toBe(state),
      );
      expect(scene.states().at(-1)).toBe(HALTED);
    }
    expect((await scene.resume('resume-1')).instrument?.state).toBe(CONTINUOUS);
    expect(scene.states()).toEqual([CLOSED, CONTINUOUS, HALTED, CLOSED, CONTINUOUS]);
    // A repeat answers as before and changes nothing.
    expect((await scene.halt('halt-1')).instrument?.state).toBe(HALTED);
    expect((await scene.resume('resume-1')).instrument?.state).toBe(CONTINUOUS);
    expect(scene.states()).toHaveLength(5);
    await expect(scene.resume('resume-1', 60)).rejects.toMatchObject({ reason: ErrorReason.KEY_REUSED });
    await expect(scene.resume('halt-1')).rejects.toMatchObject({ reason: ErrorReason.KEY_REUSED });
    await expect(scene.resume('resume-2', 3_601)).rejects.toMatchObject({ reason: ErrorReason.INVALID_FIELD });
  });

  it('reopens by an auction of the time asked for', async () => {
    await scene.create();
    scene.clockTo('2026-03-06T15:00Z');
    await becomes(CONTINUOUS);
    await scene.halt('halt-1');
    expect((await scene.resume('resume-1', 300)).instrument?.state).toBe(OPENING_AUCTION);
    await shows(OPENING_AUCTION);
    scene.clockTo('2026-03-06T15:05Z');
    await becomes(CONTINUOUS);
    scene.clockTo('2026-03-06T20:58Z');
    await becomes(CLOSING_AUCTION);
    expect(scene.states()).toEqual([CLOSED, CONTINUOUS, HALTED, OPENING_AUCTION, CONTINUOUS, CLOSING_AUCTION]);
  });

  it('has the end of an auction in the quotes of every replica, also of one that begins meanwhile', async () => {
    const endsAt = (time: string) => ({ auctionEndTime: { seconds: BigInt(Date.parse(time) / 1_000) } });
    await scene.create();
    scene.clockTo('2026-03-06T14:28Z');
    await scene.shows({ state: OPENING_AUCTION, ...endsAt('2026-03-06T14:30Z') });
    scene.clockTo('2026-03-06T14:30Z');
    await shows(CONTINUOUS);
    await scene.halt('halt-1');
    expect((await scene.resume('resume-1', 300)).instrument).toMatchObject(endsAt('2026-03-06T14:35Z'));
    await scene.shows({ state: OPENING_AUCTION, ...endsAt('2026-03-06T14:35Z') });
    // Another time for the same auction changes no state, so the feed does not say it.
    await scene.resume('resume-2', 1_800);
    await scene.shows({ state: OPENING_AUCTION, ...endsAt('2026-03-06T15:00Z') });
    await scene.startReplica();
    await scene.stopReplica();
    await scene.shows({ state: OPENING_AUCTION, ...endsAt('2026-03-06T15:00Z') });
    scene.exchange.loseHistory();
    await scene.shows({ state: OPENING_AUCTION, ...endsAt('2026-03-06T15:00Z') });
    scene.clockTo('2026-03-06T20:50Z');
    await shows(CONTINUOUS);
    await scene.halt('halt-2');
    await scene.resume('resume-3', 1_800);
    await scene.shows({ state: OPENING_AUCTION, ...endsAt('2026-03-06T20:58Z') });
    scene.clockTo('2026-03-06T20:58Z');
    await scene.shows({ state: CLOSING_AUCTION, ...endsAt('2026-03-06T21:00Z') });
  });

  it('corrects a state that a stale command set, and leaves the circuit breaker alone', async () => {
    await scene.create();
    scene.clockTo('2026-03-06T15:00Z');
    await becomes(CONTINUOUS);
    scene.exchange.breakState('DAYS', HALTED);
    scene.exchange.breakState('DAYS', OPENING_AUCTION);
    await shows(OPENING_AUCTION);
    scene.exchange.breakState('DAYS', CONTINUOUS);
    scene.exchange.breakState('DAYS', HALTED);
    await shows(HALTED);
    scene.clockTo('2026-03-06T21:05Z');
    await becomes(CLOSED);
    expect(scene.states()).toEqual([CLOSED, CONTINUOUS, CLOSING_AUCTION, CLOSED]);
    scene.exchange.setState('stale', 'DAYS', CONTINUOUS);
    await becomes(CLOSED);
    await shows(CLOSED);
    expect(scene.commands().at(-1)?.commandId).toMatch(/^day:DAYS:again:closed:\d+$/);
  });
});

describe('getClock, listSessions', () => {
  it('answer what the calendars say at the market time', async () => {
    scene.clockTo('2026-11-27T17:59Z');
    const { time, calendars } = await scene.market.market.getClock({});
    expect(time?.seconds).toBe(BigInt(scene.timeMs / 1_000));
    expect(calendars).toMatchObject([
      { calendar: '24x7', isOpen: true, phase: CONTINUOUS },
      {
        ...{ calendar: 'XNYS', timeZone: 'America/New_York', isOpen: false, phase: CLOSING_AUCTION },
        ...{ nextPhase: CLOSED, sessionDate: '2026-11-27' },
        nextCloseTime: { seconds: BigInt(Date.parse('2026-11-27T18:00Z') / 1_000) },
        nextOpenTime: { seconds: BigInt(Date.parse('2026-11-30T14:30Z') / 1_000) },
      },
    ]);
    expect(calendars[0]?.nextOpenTime).toBeUndefined();
    await expect(scene.market.market.getClock({ calendar: 'XLON' })).rejects.toMatchObject({
      reason: ErrorReason.INVALID_FIELD,
    });
  });

  it('list sessions by page, of a calendar or of the calendar of a symbol', async () => {
    await scene.create();
    const range = { symbol: 'DAYS', startDate: '2026-11-23', endDate: '2026-12-31', pageSize: 10 };
    const dates: string[] = [];
    let pageToken = '';
    do {
      const page = await scene.market.market.listSessions({ ...range, pageToken });
      expect(page).toMatchObject({ calendar: 'XNYS', timeZone: 'America/New_York' });
      dates.push(...page.sessions.map(({ date, halfDay }) => (halfDay ? `${date} half` : date)));
      pageToken = page.nextPageToken;
    } while (pageToken !== '');
    expect(dates).toHaveLength(27);
    expect(dates.slice(0, 5)).toEqual(['2026-11-23', '2026-11-24', '2026-11-25', '2026-11-27 half', '2026-11-30']);
    const today = await scene.market.market.listSessions({ calendar: 'XNYS', pageSize: 1 });
    expect(today.sessions[0]?.date).toBe('2026-03-06');
    expect((await scene.market.market.listSessions({ symbol: 'ACME' })).sessions).toEqual([]);
    for (const wrong of [{}, { calendar: 'XNYS', symbol: 'DAYS' }, { calendar: 'XNYS', startDate: '2021-12-31' }]) {
      await expect(scene.market.market.listSessions(wrong)).rejects.toMatchObject({
        reason: ErrorReason.INVALID_FIELD,
      });
    }
  });
});
