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

function run(engine: Engine, command: Command): Int32Array {
  engine.beginGroup(startMs);
  engine.apply(command);
  const words = engine.state.events.words.slice(0, engine.state.events.count * eventWords);
  engine.endGroup();
  return words;
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
    for (const { words, sequence } of groups.slice(0, 3)) view.apply(words, sequence);
    expect(view.sequence).toBe(groups[2]?.sequence);
    expect([...(view.books[0]?.bids.values() ?? [])]).toEqual([
      { priceTicks: 100, quantityLots: 4_294_967_294, orderCount: 2 },
    ]);
  });

  it('reaches by events the books that a rebuilt engine has', () => {
    const engine = new Engine();
    const view = new BookView(engine.state);
    for (const command of commands) view.apply(run(engine, command), engine.state.sequence);
    const rebuilt = new BookView(engine.state);
    expect(view.books).toEqual(rebuilt.books);
    expect(view.books[0]).toMatchObject({ state: TradingState.HALTED, lastPriceTicks: 66 });
  });

  it('has the checksum of its levels after every command', () => {
    const engine = new Engine();
    const view = new BookView(engine.state);
    for (const command of commands) {
      view.apply(run(engine, command), engine.state.sequence);
      for (const book of view.books) expect(book.checksum).toBe(checksumOf(book));
    }
    expect(view.books[0]?.checksum).not.toBe(0);
  });
});
