import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { HaltCause } from '#gen/outcry/market/v1/market_pb.ts';
import { TradingState } from '#gen/outcry/trading/v1/trading_pb.ts';
import { Code } from '#platform/errors/code.ts';
import { openDatabase } from '#platform/postgres/database.ts';
import { silentLogger } from '#platform/testing/database.ts';
import { eventually } from '#platform/testing/eventually.ts';
import { createTestDatabase, type TestDatabase } from '#platform/testing/postgres.ts';
import { type FakeExchange, startFakeExchange } from '../testing/fake-exchange.ts';
import { startTestMarket, type TestMarket } from '../testing/start-market.ts';

const { PRE_OPEN, OPENING_AUCTION, CONTINUOUS, HALTED, CLOSING_AUCTION, CLOSED } = TradingState;
const terms = { name: 'Day Traders', tickSize: '0.01', lotSize: '1', bandBps: 2_000, referencePrice: '10' };
const instrument = { ...terms, symbol: 'DAYS', calendar: 'XNYS' };

let timeMs: number;
const nowMs = () => timeMs;
const clockTo = (time: string) => {
  timeMs = Date.parse(time);
};
let database: TestDatabase;
let exchange: FakeExchange;
let replicas: TestMarket[];

beforeEach(async () => {
  clockTo('2026-03-06T11:00Z');
  database = await createTestDatabase();
  exchange = await startFakeExchange();
  replicas = [await startReplica()];
  await eventually(() => expect(exchange.listed().length).toBeGreaterThan(10));
});
afterEach(async () => {
  await Promise.all(replicas.map((replica) => replica[Symbol.asyncDispose]()));
  await exchange?.[Symbol.asyncDispose]();
  await database?.drop();
});

const startReplica = () => startTestMarket({ databaseUrl: database.url, exchangePort: exchange.port, nowMs });
const market = () => replicas[0] as TestMarket;
const operator = async () => ({ userToken: await market().identity.userToken({ roles: ['operator'] }) });
const create = async () => market().admin.createInstrument({ instrument }, await operator());
const halt = async (idempotencyKey: string) =>
  market().admin.haltInstrument({ idempotencyKey, symbol: 'DAYS' }, await operator());
const resume = async (idempotencyKey: string, seconds = 0) => {
  const auctionDuration = seconds > 0 ? { seconds: BigInt(seconds), nanos: 0 } : undefined;
  return market().admin.resumeInstrument({ idempotencyKey, symbol: 'DAYS', auctionDuration }, await operator());
};

/** Changes of the book by their ids, without those of other symbols. */
const commands = () => exchange.commands.filter(({ symbol }) => symbol === 'DAYS');
const states = () => commands().map(({ state }) => state);
const lastState = () => states().at(-1);
const becomes = (state: TradingState) => eventually(() => expect(lastState()).toBe(state), { timeoutMs: 10_000 });
const shows = (state: TradingState) =>
  eventually(async () => {
    const { quotes } = await market().market.listQuotes({ symbols: ['DAYS'] });
    expect(quotes[0]?.state).toBe(state);
  });

describe('driveDays', () => {
  it('takes a book through its day, each change once, however many replicas there are', async () => {
    replicas.push(await startReplica());
    const created = await create();
    expect(created.instrument).toMatchObject({ calendar: 'XNYS', state: CLOSED });
    for (const [time, state] of [
      ['2026-03-06T11:30Z', PRE_OPEN],
      ['2026-03-06T14:28Z', OPENING_AUCTION],
      ['2026-03-06T14:30Z', CONTINUOUS],
      ['2026-03-06T20:58Z', CLOSING_AUCTION],
      ['2026-03-06T21:00Z', CLOSED],
      ['2026-03-09T10:30Z', PRE_OPEN],
    ] as const) {
      clockTo(time);
      await becomes(state);
      await shows(state);
    }
    expect(commands().map(({ commandId }) => commandId)).toEqual([
      'day:DAYS:2026-03-05:closed',
      ...['pre-open', 'opening-auction', 'continuous', 'closing-auction', 'closed'].map(
        (p) => `day:DAYS:2026-03-06:${p}`,
      ),
      'day:DAYS:2026-03-09:pre-open',
    ]);
    const others = exchange.commands.filter(({ symbol }) => !['DAYS', 'BRNX', 'HUDS'].includes(symbol));
    expect(others).toEqual([]);
  });

  it('goes on in another replica when the one that drove ends, and catches up after all were away', async () => {
    await create();
    clockTo('2026-03-06T15:00Z');
    await becomes(CONTINUOUS);
    replicas.push(await startReplica());
    await replicas.shift()?.[Symbol.asyncDispose]();
    clockTo('2026-03-06T20:58Z');
    await becomes(CLOSING_AUCTION);
    await replicas.shift()?.[Symbol.asyncDispose]();
    clockTo('2026-03-10T15:00Z');
    replicas.push(await startReplica());
    await becomes(CONTINUOUS);
    expect(states()).toEqual([CLOSED, CONTINUOUS, CLOSING_AUCTION, CLOSED, CONTINUOUS]);
    expect(commands().at(-2)?.commandId).toBe('day:DAYS:2026-03-06:closed');
  });

  it('sends a change when the exchange is back that it could not send, and all of them again to one that lost its history', async () => {
    await create();
    await exchange.stop();
    clockTo('2026-03-06T15:00Z');
    await eventually(async () => {
      const answer = await halt('while-away').catch((error) => error);
      expect(answer).toMatchObject({ code: Code.UNAVAILABLE });
    });
    await exchange.start();
    await becomes(HALTED);
    await resume('resume-1');
    await becomes(CONTINUOUS);
    clockTo('2026-03-06T21:30Z');
    await becomes(CLOSED);
    exchange.loseHistory();
    await shows(CLOSED);
  });

  it('lets an operator halt outrank the schedule until it is resumed, then returns to the schedule', async () => {
    await create();
    clockTo('2026-03-06T15:00Z');
    await becomes(CONTINUOUS);
    expect((await halt('halt-1')).instrument?.state).toBe(HALTED);
    // Another book of the calendar shows that the schedule went on.
    await market().admin.createInstrument({ instrument: { ...instrument, symbol: 'EVES' } }, await operator());
    for (const [time, state] of [
      ['2026-03-06T20:58Z', CLOSING_AUCTION],
      ['2026-03-06T21:10Z', CLOSED],
      ['2026-03-09T14:00Z', CONTINUOUS],
    ] as const) {
      clockTo(time);
      await eventually(() => expect(exchange.commands.findLast(({ symbol }) => symbol === 'EVES')?.state).toBe(state));
      expect(lastState()).toBe(HALTED);
    }
    expect((await resume('resume-1')).instrument?.state).toBe(CONTINUOUS);
    expect(states()).toEqual([CLOSED, CONTINUOUS, HALTED, CLOSED, CONTINUOUS]);
    // A repeat answers as before and changes nothing.
    expect((await halt('halt-1')).instrument?.state).toBe(HALTED);
    expect((await resume('resume-1')).instrument?.state).toBe(CONTINUOUS);
    expect(states()).toHaveLength(5);
    await expect(resume('resume-1', 60)).rejects.toMatchObject({ reason: ErrorReason.KEY_REUSED });
    await expect(resume('halt-1')).rejects.toMatchObject({ reason: ErrorReason.KEY_REUSED });
    await expect(resume('resume-2', 3_601)).rejects.toMatchObject({ reason: ErrorReason.INVALID_FIELD });
  });

  it('reopens by an auction of the time asked for', async () => {
    await create();
    clockTo('2026-03-06T15:00Z');
    await becomes(CONTINUOUS);
    await halt('halt-1');
    expect((await resume('resume-1', 300)).instrument?.state).toBe(OPENING_AUCTION);
    await shows(OPENING_AUCTION);
    clockTo('2026-03-06T15:05Z');
    await becomes(CONTINUOUS);
    clockTo('2026-03-06T20:58Z');
    await becomes(CLOSING_AUCTION);
    expect(states()).toEqual([CLOSED, CONTINUOUS, HALTED, OPENING_AUCTION, CONTINUOUS, CLOSING_AUCTION]);
  });

  it('corrects a state that a stale command set, and leaves the circuit breaker alone', async () => {
    await create();
    clockTo('2026-03-06T15:00Z');
    await becomes(CONTINUOUS);
    exchange.breakState('DAYS', HALTED);
    exchange.breakState('DAYS', OPENING_AUCTION);
    await shows(OPENING_AUCTION);
    exchange.breakState('DAYS', CONTINUOUS);
    exchange.breakState('DAYS', HALTED);
    await shows(HALTED);
    clockTo('2026-03-06T21:05Z');
    await becomes(CLOSED);
    expect(states()).toEqual([CLOSED, CONTINUOUS, CLOSING_AUCTION, CLOSED]);
    exchange.setState('stale', 'DAYS', CONTINUOUS);
    await becomes(CLOSED);
    await shows(CLOSED);
    expect(commands().at(-1)?.commandId).toMatch(/^day:DAYS:again:closed:\d+$/);
  });
});

describe('a book that its circuit breaker has interrupted', () => {
  const { BREAKER, OPERATOR, UNSPECIFIED } = HaltCause;
  const again = expect.stringMatching(/^day:DAYS:again:(pre-open|halted|opening-auction):\d+$/);
  const toContinuous = async () => {
    await create();
    clockTo('2026-03-06T15:00Z');
    await becomes(CONTINUOUS);
    await shows(CONTINUOUS);
  };
  const showsCause = (state: TradingState, cause: HaltCause) =>
    eventually(async () => {
      const { quotes } = await market().market.listQuotes({ symbols: ['DAYS'] });
      expect(quotes[0]).toMatchObject({ state, haltCause: cause });
    });

  it('is left alone also by a replica that begins meanwhile and finds its last change not stored', async () => {
    await toContinuous();
    await replicas.shift()?.[Symbol.asyncDispose]();
    exchange.breakState('DAYS', HALTED, timeMs);
    await using db = openDatabase({ url: database.url, applicationName: 'test', logger: silentLogger });
    await db.query(`UPDATE trading_day SET state = ${OPENING_AUCTION} WHERE symbol = 'DAYS'`);
    replicas.push(await startReplica());
    await showsCause(HALTED, BREAKER);
    await eventually(async () => {
      const { rows } = await db.query<{ state: number }>(`SELECT state FROM trading_day WHERE symbol = 'DAYS'`);
      expect(rows[0]?.state).toBe(CONTINUOUS);
    });
    exchange.breakState('DAYS', OPENING_AUCTION);
    await showsCause(OPENING_AUCTION, BREAKER);
    exchange.breakState('DAYS', CONTINUOUS);
    await showsCause(CONTINUOUS, UNSPECIFIED);
    // The next change of the schedule shows that the job ran meanwhile.
    clockTo('2026-03-06T20:58Z');
    await becomes(CLOSING_AUCTION);
    expect(states()).toEqual([CLOSED, CONTINUOUS, CLOSING_AUCTION]);
  });

  it('is held its closing auction and closes at its time', async () => {
    await toContinuous();
    exchange.breakState('DAYS', HALTED);
    await showsCause(HALTED, BREAKER);
    clockTo('2026-03-06T20:58Z');
    await becomes(CLOSING_AUCTION);
    await showsCause(CLOSING_AUCTION, UNSPECIFIED);
    clockTo('2026-03-06T21:00Z');
    await becomes(CLOSED);
    expect(states()).toEqual([CLOSED, CONTINUOUS, CLOSING_AUCTION, CLOSED]);
  });

  it('stays halted once an operator halts it: the timer of the breaker is ended', async () => {
    await toContinuous();
    exchange.breakState('DAYS', HALTED);
    await showsCause(HALTED, BREAKER);
    expect((await halt('halt-1')).instrument).toMatchObject({ state: HALTED, haltCause: OPERATOR });
    expect(commands().slice(2)).toMatchObject([
      { commandId: again, state: PRE_OPEN },
      { commandId: 'halt-1', state: HALTED },
    ]);
    await showsCause(HALTED, OPERATOR);
    expect((await resume('resume-1')).instrument).toMatchObject({ state: CONTINUOUS, haltCause: UNSPECIFIED });
    await shows(CONTINUOUS);
  });

  it('is halted by an operator whose replica has not heard of the breaker yet', async () => {
    await toContinuous();
    exchange.breakState('DAYS', HALTED);
    await halt('halt-1');
    await eventually(() => expect(states().at(-2)).toBe(PRE_OPEN));
    await showsCause(HALTED, OPERATOR);
  });

  it('reopens when an operator asks for it, at once or by an auction of the time asked for', async () => {
    await toContinuous();
    exchange.breakState('DAYS', HALTED);
    await showsCause(HALTED, BREAKER);
    await resume('resume-1');
    await showsCause(CONTINUOUS, UNSPECIFIED);
    exchange.breakState('DAYS', HALTED);
    exchange.breakState('DAYS', OPENING_AUCTION);
    await showsCause(OPENING_AUCTION, BREAKER);
    await resume('resume-2', 300);
    await showsCause(OPENING_AUCTION, UNSPECIFIED);
    clockTo('2026-03-06T15:05Z');
    await becomes(CONTINUOUS);
    expect(states()).toEqual([CLOSED, CONTINUOUS, CONTINUOUS, PRE_OPEN, OPENING_AUCTION, CONTINUOUS]);
  });
});

describe('getClock, listSessions', () => {
  it('answer what the calendars say at the market time', async () => {
    clockTo('2026-11-27T17:59Z');
    const { time, calendars } = await market().market.getClock({});
    expect(time?.seconds).toBe(BigInt(timeMs / 1_000));
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
    await expect(market().market.getClock({ calendar: 'XLON' })).rejects.toMatchObject({
      reason: ErrorReason.INVALID_FIELD,
    });
  });

  it('list sessions by page, of a calendar or of the calendar of a symbol', async () => {
    await create();
    const range = { symbol: 'DAYS', startDate: '2026-11-23', endDate: '2026-12-31', pageSize: 10 };
    const dates: string[] = [];
    let pageToken = '';
    do {
      const page = await market().market.listSessions({ ...range, pageToken });
      expect(page).toMatchObject({ calendar: 'XNYS', timeZone: 'America/New_York' });
      dates.push(...page.sessions.map(({ date, halfDay }) => (halfDay ? `${date} half` : date)));
      pageToken = page.nextPageToken;
    } while (pageToken !== '');
    expect(dates).toHaveLength(27);
    expect(dates.slice(0, 5)).toEqual(['2026-11-23', '2026-11-24', '2026-11-25', '2026-11-27 half', '2026-11-30']);
    const today = await market().market.listSessions({ calendar: 'XNYS', pageSize: 1 });
    expect(today.sessions[0]?.date).toBe('2026-03-06');
    expect((await market().market.listSessions({ symbol: 'ACME' })).sessions).toEqual([]);
    for (const wrong of [{}, { calendar: 'XNYS', symbol: 'DAYS' }, { calendar: 'XNYS', startDate: '2021-12-31' }]) {
      await expect(market().market.listSessions(wrong)).rejects.toMatchObject({ reason: ErrorReason.INVALID_FIELD });
    }
  });
});
