import { crc32 } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { Engine } from '../engine/engine.ts';
import { Side, TradingState } from '../engine/model/codes.ts';
import type { Command } from '../engine/model/commands.ts';
import { eventWords } from '../engine/model/event-buffer.ts';
import { listing, order, orderId, startMs } from '../engine/testing/driver.ts';
import { BookView, type ViewBook } from './book-view.ts';

const commands: Command[] = [
  { kind: 'list', listing: listing() },
  order(1, { quantityLots: 2_147_483_647 }),
  order(2, { quantityLots: 2_147_483_647 }),
  order(3, { priceTicks: 90 }),
  order(4, { side: Side.SELL, accountId: 's', priceTicks: 100, quantityLots: 5 }),
  order(5, { side: Side.SELL, accountId: 's', priceTicks: 120 }),
  { kind: 'cancel', commandId: 'c', orderId: orderId(3), accountId: 'a', symbol: 'ACME' },
  { kind: 'split', commandId: 'split', symbol: 'ACME', numerator: 3, denominator: 2 },
  { kind: 'setState', commandId: 's', symbol: 'ACME', state: TradingState.HALTED },
];

const breaker = { breakerBps: 1_000, breakerHaltMs: 1_000, breakerAuctionMs: 250 };

function run(engine: Engine, command: Command, timeMs = startMs): Int32Array {
  engine.beginGroup(timeMs);
  engine.apply(command);
  const words = engine.state.events.words.slice(0, engine.state.events.count * eventWords);
  engine.endGroup();
  return words;
}

function apply(view: BookView, engine: Engine, command: Command, timeMs = startMs): void {
  const words = run(engine, command, timeMs);
  view.apply(words, { lastSequence: engine.state.sequence, timeMs });
}

// The checksum by the contract.
function checksumOf({ bids, asks }: ViewBook): number {
  let sum = 0;
  for (const [side, levels] of [[Side.BUY, bids] as const, [Side.SELL, asks] as const]) {
    for (const { priceTicks, quantityLots, orderCount } of levels.values()) {
      const bytes = Buffer.alloc(20);
      bytes.writeUInt32LE(side, 0);
      bytes.writeUInt32LE(priceTicks, 4);
      bytes.writeBigUInt64LE(BigInt(quantityLots), 8);
      bytes.writeUInt32LE(orderCount, 16);
      sum = (sum + crc32(bytes)) % 2 ** 32;
    }
  }
  return sum;
}

describe('BookView', () => {
  it('shows the last commit while the engine is ahead', () => {
    const engine = new Engine();
    const view = new BookView(engine.state);
    const groups = commands.map((command) => ({ words: run(engine, command), sequence: engine.state.sequence }));
    expect(view.books).toEqual([]);
    for (const { words, sequence } of groups.slice(0, 3))
      view.apply(words, { lastSequence: sequence, timeMs: startMs });
    expect(view.sequence).toBe(groups[2]?.sequence);
    expect([...(view.books[0]?.bids.values() ?? [])]).toEqual([
      { priceTicks: 100, quantityLots: 4_294_967_294, orderCount: 2 },
    ]);
  });

  it('reaches by events the books that a rebuilt engine has', () => {
    const engine = new Engine();
    const view = new BookView(engine.state);
    for (const command of commands) apply(view, engine, command);
    const rebuilt = new BookView(engine.state);
    expect(view.books).toEqual(rebuilt.books);
    expect(view.books[0]).toMatchObject({ state: TradingState.HALTED, lastPriceTicks: 66 });
  });

  it('has the time at which the breaker is due, as a rebuilt engine has', () => {
    const engine = new Engine();
    const view = new BookView(engine.state);
    const steps: [Command, number, number][] = [
      [{ kind: 'list', listing: listing({ ...breaker, referencePriceTicks: 100 }) }, startMs, 0],
      [order(1, { side: Side.SELL, accountId: 's', priceTicks: 111 }), startMs, 0],
      [order(2, { priceTicks: 120 }), startMs + 7, startMs + 1_007],
      // Late: what follows is due from when this was.
      [{ kind: 'time' }, startMs + 1_100, startMs + 1_257],
      [{ kind: 'time' }, startMs + 1_300, 0],
      [order(3, { side: Side.SELL, accountId: 's', priceTicks: 150 }), startMs + 1_400, 0],
      [order(4, { priceTicks: 150 }), startMs + 1_500, startMs + 2_500],
      [{ kind: 'setState', commandId: 's', symbol: 'ACME', state: TradingState.CLOSED }, startMs + 1_600, 0],
    ];
    for (const [command, timeMs, dueMs] of steps) {
      apply(view, engine, command, timeMs);
      expect(view.books[0]?.breakerDueMs).toBe(dueMs);
      expect(new BookView(engine.state).books).toEqual(view.books);
    }
  });

  it('has the checksum of its levels after every command', () => {
    const engine = new Engine();
    const view = new BookView(engine.state);
    for (const command of commands) {
      apply(view, engine, command);
      for (const book of view.books) expect(book.checksum).toBe(checksumOf(book));
    }
    expect(view.books[0]?.checksum).not.toBe(0);
  });
});
