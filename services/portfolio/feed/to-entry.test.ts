import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { LedgerEntrySchema } from '#gen/outcry/ledger/v1/feed_pb.ts';
import { toEntry } from './to-entry.ts';

const entryOf = (entry: MessageInitShape<typeof LedgerEntrySchema>['entry']) =>
  toEntry(create(LedgerEntrySchema, { sequence: 7n, entry }));

describe('toEntry', () => {
  it('takes the millionths of an entry, and the cents of one that an older release has booked', () => {
    const trade = { tradeId: '0-1', symbol: 'ACME', quantityMicros: 266_500n };
    const micros = {
      ...trade,
      valueMicros: 49_958_090n,
      buyer: { accountId: 'a', feeMicros: 24_980n },
      seller: { accountId: 'b' },
    };
    expect(entryOf({ case: 'tradeSettled', value: micros })).toMatchObject({
      valueMicros: 49_958_090n,
      isOfCents: false,
      buyer: { feeMicros: 24_980n },
      seller: { feeMicros: 0n },
    });
    const cents = { ...trade, valueCents: 360n, buyer: { accountId: 'a', feeCents: 1n }, seller: { accountId: 'b' } };
    expect(entryOf({ case: 'tradeSettled', value: cents })).toMatchObject({
      valueMicros: 3_600_000n,
      isOfCents: true,
      buyer: { feeMicros: 10_000n },
      seller: { feeMicros: 0n },
    });
    const moved = { accountId: 'a', transferId: 't', amountCents: -500n };
    expect(entryOf({ case: 'cashMoved', value: moved })).toMatchObject({ amountMicros: -5_000_000n });
  });

  it('takes a correction of cash for a movement of cash, and one of shares with its cost', () => {
    const corrected = { accountId: 'a', amountMicros: -5n };
    const cash = entryOf({ case: 'accountAdjusted', value: { ...corrected, asset: 'USD' } });
    expect(cash).toMatchObject({ kind: 'cash', accountId: 'a', amountMicros: -5n });
    const shares = entryOf({
      case: 'accountAdjusted',
      value: { accountId: 'a', asset: 'ACME', amountMicros: 3n, costMicros: 7n },
    });
    expect(shares).toMatchObject({ kind: 'adjustment', symbol: 'ACME', quantityMicros: 3n, costMicros: 7n });
  });
});
