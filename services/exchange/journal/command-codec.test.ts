import { describe, expect, it } from 'vitest';
import { TradingState } from '../domain/codes.ts';
import type { Command } from '../domain/commands.ts';
import { listing, order, orderId, startMs } from '../domain/testing/driver.ts';
import { decodeCommands, encodeCommands } from './command-codec.ts';

const keyed = { commandId: 'c-ü', orderId: orderId(1), accountId: orderId(7), symbol: 'ACME' };
const commands: Command[] = [
  order(1, { postOnly: true, selfTradeGroup: 'desk', priceTicks: 2_147_483_647, quantityLots: 1 }),
  { kind: 'cancel', ...keyed },
  { kind: 'replace', ...keyed, expectedRevision: 300, priceTicks: 5, quantityLots: 2_147_483_647 },
  { kind: 'cancelAll', commandId: 'x', accountId: '', symbol: 'ACME', side: 2 },
  { kind: 'void', orderId: orderId(2), idTimeMs: startMs, accountId: 'a', symbol: 'B.C' },
  { kind: 'list', listing: listing({ bandBps: 5 }) },
  { kind: 'setState', commandId: orderId(3), symbol: 'ACME', state: TradingState.HALTED },
  { kind: 'rules', version: 1 },
];

describe('decodeCommands', () => {
  it('reads each kind of command as it was written', () => {
    expect(decodeCommands(encodeCommands(commands))).toEqual(commands);
  });

  it('refuses bytes that end too early and formats it does not know', () => {
    const bytes = encodeCommands(commands);
    expect(() => decodeCommands(bytes.subarray(0, 40))).toThrow(RangeError);
    expect(() => decodeCommands(Uint8Array.of(9))).toThrow('format 9');
  });
});
