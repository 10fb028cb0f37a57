/** A book that keeps New York's day on a fake exchange, with replicas of the market and a clock that a test sets. */
import { expect } from 'vitest';
import type { TradingState } from '#gen/outcry/trading/v1/trading_pb.ts';
import { eventually } from '#platform/testing/eventually.ts';
import { createTestDatabase, type TestDatabase } from '#platform/testing/postgres.ts';
import { type FakeExchange, startFakeExchange } from './fake-exchange.ts';
import type { StateCommand } from './fake-memory.ts';
import { startTestMarket, type TestMarket } from './start-market.ts';

const terms = { name: 'Day Traders', tickSize: '0.01', lotSize: '1', bandBps: 2_000, referencePrice: '10' };

/** The symbol of the book. */
export const daySymbol = 'DAYS';

/** The instrument. */
export const dayInstrument = { ...terms, symbol: daySymbol, calendar: 'XNYS' };

/** The scene; it begins before the pre-open of a Friday. */
export class DayScene implements AsyncDisposable {
  readonly database: TestDatabase;
  readonly exchange: FakeExchange;
  /** The first of them answers. */
  readonly replicas: TestMarket[] = [];
  /** The market's time, Unix ms. */
  timeMs = Date.parse('2026-03-06T11:00Z');

  private constructor(database: TestDatabase, exchange: FakeExchange) {
    this.database = database;
    this.exchange = exchange;
  }

  static async open(): Promise<DayScene> {
    const scene = new DayScene(await createTestDatabase(), await startFakeExchange());
    await scene.startReplica();
    await eventually(() => expect(scene.exchange.listed().length).toBeGreaterThan(10));
    return scene;
  }

  async startReplica(): Promise<void> {
    const options = { databaseUrl: this.database.url, exchangePort: this.exchange.port };
    this.replicas.push(await startTestMarket({ ...options, nowMs: () => this.timeMs }));
  }

  /** Stops the replica that began first. */
  async stopReplica(): Promise<void> {
    await this.replicas.shift()?.[Symbol.asyncDispose]();
  }

  get market(): TestMarket {
    return this.replicas[0] as TestMarket;
  }

  clockTo(time: string): void {
    this.timeMs = Date.parse(time);
  }

  async operator(): Promise<{ userToken: string }> {
    return { userToken: await this.market.identity.userToken({ roles: ['operator'] }) };
  }

  async create(changes: Partial<typeof dayInstrument> = {}) {
    return this.market.admin.createInstrument({ instrument: { ...dayInstrument, ...changes } }, await this.operator());
  }

  async halt(idempotencyKey: string) {
    return this.market.admin.haltInstrument({ idempotencyKey, symbol: daySymbol }, await this.operator());
  }

  /** Resumes by an auction of so many seconds, or at once. */
  async resume(idempotencyKey: string, seconds = 0) {
    const auctionDuration = seconds > 0 ? { seconds: BigInt(seconds), nanos: 0 } : undefined;
    const request = { idempotencyKey, symbol: daySymbol, auctionDuration };
    return this.market.admin.resumeInstrument(request, await this.operator());
  }

  /** Changes of the book by command, without those of other symbols. */
  commands(): StateCommand[] {
    return this.exchange.commands.filter(({ symbol }) => symbol === daySymbol);
  }

  states(): TradingState[] {
    return this.commands().map(({ state }) => state);
  }

  /** Waits until the last command has set a state. */
  becomes(state: TradingState): Promise<void> {
    return eventually(() => expect(this.states().at(-1)).toBe(state));
  }

  /** Waits until the quote is like this. */
  shows(quote: object): Promise<void> {
    return eventually(async () => {
      const { quotes } = await this.market.market.listQuotes({ symbols: [daySymbol] });
      expect(quotes[0]).toMatchObject(quote);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.replicas.map((replica) => replica[Symbol.asyncDispose]()));
    await this.exchange[Symbol.asyncDispose]();
    await this.database.drop();
  }
}
