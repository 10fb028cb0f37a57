import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainTerms } from '../engine/model/commands.ts';
import { orderId as sampleId, order as sampleOrder } from '../engine/testing/driver.ts';
import { decodeCommands, encodeCommands } from './command-codec.ts';
import { sampleCommands } from './testing/sample-commands.ts';

type StoredGroup = { commands: string };

/** A journal that was written under format 1. */
const storedGroups: StoredGroup[] = JSON.parse(
  readFileSync(new URL('./testing/rules-1-groups.json', import.meta.url), 'utf8'),
);

describe('decodeCommands', () => {
  it('reads each kind of command as it was written', () => {
    expect(decodeCommands(encodeCommands(sampleCommands))).toEqual(sampleCommands);
  });

  it('reads any terms of an order as they were written', () => {
    const number = fc.integer({ min: 0, max: 2_147_483_647 });
    const terms = fc.record({
      ...{ stopPriceTicks: number, trailTicks: number, trailBps: number, displayLots: number, minimumLots: number },
      expireTimeMs: fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }),
      sessionId: fc.oneof(fc.constant(''), fc.constant(sampleId(3)), fc.string({ maxLength: 64 })),
      selfTradeGroup: fc.oneof(fc.constant(''), fc.string({ maxLength: 64 })),
      accountId: fc.string({ unit: 'binary', maxLength: 50 }),
      ...{ postOnly: fc.boolean(), slide: fc.boolean(), side: fc.constantFrom(1 as const, 2 as const) },
      selfTrade: fc.constantFrom(1 as const, 2 as const, 3 as const, 4 as const),
    });
    fc.assert(
      fc.property(fc.array(terms, { maxLength: 5 }), (all) => {
        const commands = all.map((each, i) => sampleOrder(i, each));
        expect(decodeCommands(encodeCommands(commands))).toEqual(commands);
      }),
      { numRuns: 50 },
    );
  });

  it('encodes a plain limit order in as few bytes as format 1', () => {
    const order = sampleOrder(1, { accountId: sampleId(2) });
    expect(encodeCommands([order]).length).toBe(1 + 1 + 17 + 17 + 5 + 2 + 2);
  });

  it('reads a journal of format 1', () => {
    const commands = storedGroups.flatMap((group) => decodeCommands(Buffer.from(group.commands, 'base64')));
    const kinds = Object.groupBy(commands, ({ kind }) => kind);
    expect(Object.keys(kinds).sort()).toEqual([
      ...['cancel', 'cancelAll', 'list', 'replace', 'rules', 'setState', 'submit', 'void'],
    ]);
    expect(kinds.rules).toEqual([{ kind: 'rules', version: 1 }]);
    for (const order of kinds.submit ?? []) expect(order).toMatchObject(plainTerms);
    // Written in today's format they are the same commands.
    expect(decodeCommands(encodeCommands(commands))).toEqual(commands);
  });

  it('refuses bytes that end too early, kinds and formats it does not know', () => {
    const bytes = encodeCommands(sampleCommands);
    const ends = new Set<number>([1]);
    for (let i = 1; i <= sampleCommands.length; i++) ends.add(encodeCommands(sampleCommands.slice(0, i)).length);
    for (let length = 0; length < bytes.length; length++) {
      if (ends.has(length)) continue;
      expect(() => decodeCommands(bytes.subarray(0, length))).toThrow(RangeError);
    }
    expect(() => decodeCommands(Uint8Array.of(2, 99))).toThrow(RangeError);
    expect(() => decodeCommands(Uint8Array.of(9))).toThrow('format 9');
  });
});
