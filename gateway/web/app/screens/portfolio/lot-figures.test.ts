import { create } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { describe, expect, it } from 'vitest';
import { LotSaleSchema } from '#gen/outcry/portfolio/v1/portfolio_pb.ts';
import { ageText, lotGain, lotSalesCsv, paidNet } from './lot-figures.ts';

describe('lotGain', () => {
  it('is the value less the cost, and none without a price', () => {
    expect(lotGain({ quantity: '2.5', cost: '100.01' }, '39.99')).toBe('-0.035');
    expect(lotGain({ quantity: '2.5', cost: '100.01' }, '')).toBeUndefined();
  });
});

describe('ageText', () => {
  it('counts whole days', () => {
    const day = 86_400_000;
    expect([day - 1, day, 1_234 * day].map((nowMs) => ageText(0, nowMs))).toEqual([
      'under a day',
      '1 day',
      '1,234 days',
    ]);
    expect(ageText(undefined, 1)).toBe('\u2013');
  });
});

describe('paidNet', () => {
  it('takes the gain off the cost', () => {
    expect(paidNet({ cost: '19.015', realizedPnl: '12.955' })).toBe('6.06');
  });
});

describe('lotSalesCsv', () => {
  it('has a row for each part of a sale, with plain decimals and times of UTC', () => {
    const sale = create(LotSaleSchema, {
      symbol: 'ACME',
      acquireTime: timestampFromMs(0),
      lastAcquireTime: timestampFromMs(1_000),
      saleTime: timestampFromMs(86_400_000),
      quantity: '1.5',
      proceeds: '30.00',
      cost: '31.01',
      gain: '-1.01',
      lotId: 7n,
      tradeId: '0-9',
    });
    expect(lotSalesCsv([sale]).split('\r\n')).toEqual([
      'symbol,acquired,last_acquired,sold,quantity,proceeds,cost,gain,lot_id,trade_id',
      'ACME,1970-01-01T00:00:00.000Z,1970-01-01T00:00:01.000Z,1970-01-02T00:00:00.000Z,1.5,30.00,31.01,-1.01,7,0-9',
      '',
    ]);
  });
});
