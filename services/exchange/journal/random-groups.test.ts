import { crc32 } from 'node:zlib';
import { create, toBinary } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { FollowResponseSchema } from '#gen/outcry/exchange/v1/feed_pb.ts';
import { Engine, ruleVersion } from '../engine/engine.ts';
import { readEvents } from '../engine/event-reader.ts';
import type { Command, Listing } from '../engine/model/commands.ts';
import { eventWords } from '../engine/model/event-buffer.ts';
import type { EngineEvent } from '../engine/model/events.ts';
import { CommandGenerator } from '../verification/random/random-generator.ts';
import { decodeCommands, encodeCommands } from './command-codec.ts';
import { encodeEvents } from './event-encoder.ts';
import { toFeedEvent } from './testing/to-feed-event.ts';

const shard = 7;

/** The books' levels derived from the events alone, and their checksums by the contract. */
class Checksums {
  readonly #levels = new Map<string, Map<string, number>>();

  /** Takes a level in; returns the checksum of its book. */
  take(event: EngineEvent): number {
    if (event.kind !== 'levelChanged') return 0;
    const book = this.#levels.get(event.symbol) ?? new Map<string, number>();
    this.#levels.set(event.symbol, book);
    const bytes = Buffer.alloc(20);
    bytes.writeUInt32LE(event.side, 0);
    bytes.writeUInt32LE(event.priceTicks, 4);
    bytes.writeBigUInt64LE(BigInt(event.quantityLots), 8);
    bytes.writeUInt32LE(event.orderCount, 16);
    if (event.orderCount === 0) book.delete(`${event.side} ${event.priceTicks}`);
    else book.set(`${event.side} ${event.priceTicks}`, crc32(bytes));
    return [...book.values()].reduce((sum, crc) => (sum + crc) % 2 ** 32, 0);
  }
}

describe('encodeEvents', () => {
  it.each([1, 2, 3, 4, 5, 6])('writes the events of random groups of commands, seed %i', (seed) => {
    const engine = new Engine();
    const generator = new CommandGenerator(seed);
    const checksums = new Checksums();
    const listings = new Map<string, Listing>();
    let trades = 0;
    run(engine, [{ kind: 'rules', version: ruleVersion }], 0);
    for (let group = 0; group < 250; group++) {
      const commands: Command[] = [];
      let timeMs = 0;
      for (let i = 0; i <= group % 5; i++) {
        const next = generator.next();
        commands.push(next.command);
        timeMs = next.timeMs;
      }
      expect(decodeCommands(encodeCommands(commands))).toEqual(commands.map(asDecoded));
      const { events, bytes, sequence, places } = run(engine, commands, timeMs);
      generator.observe(events);
      const expected = events.map((event, i) => {
        if (event.kind === 'listed') listings.set(event.symbol, event.listing);
        if (event.kind === 'traded') trades++;
        const { command, timeMs: nowMs } = places[i] as (typeof places)[number];
        const listing = listings.get(event.symbol) as Listing;
        const names = { tradeId: `${shard}-${trades}`, checksum: checksums.take(event), command, listing };
        return toFeedEvent(event, { sequence: sequence + i + 1, timeMs: nowMs, ...names });
      });
      const whole = toBinary(FollowResponseSchema, create(FollowResponseSchema, { events: expected }));
      expect(Buffer.compare(bytes, whole), `group ${group}`).toBe(0);
    }
    expect(trades).toBeGreaterThan(10);
  });
});

function run(engine: Engine, commands: readonly Command[], timeMs: number) {
  engine.beginGroup(timeMs);
  for (const command of commands) engine.apply(command);
  const { state, effective } = engine;
  const events = readEvents(state, effective);
  const { words } = state.events;
  const places = events.map((_, i) => ({
    ...{ command: effective[words[i * eventWords + 2] as number] as Command, timeMs: state.nowMs },
  }));
  const bytes = encodeEvents(state, effective, shard);
  const { sequenceBefore: sequence } = state;
  engine.endGroup();
  return { events, bytes, sequence, places };
}

/** The creation time of an order is read from its id. */
function asDecoded(command: Command): Command {
  const timeOf = (id: string) => Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
  if (command.kind === 'submit' || command.kind === 'void') return { ...command, idTimeMs: timeOf(command.orderId) };
  if (command.kind !== 'submitList') return command;
  return { ...command, orders: command.orders.map((order) => ({ ...order, idTimeMs: timeOf(order.orderId) })) };
}
