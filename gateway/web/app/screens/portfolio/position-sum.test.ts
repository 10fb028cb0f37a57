import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { PositionSchema } from '#gen/outcry/portfolio/v1/portfolio_pb.ts';
import { Side } from '#gen/outcry/trading/v1/trading_pb.ts';
import { positionSum } from './position-sum.ts';

const buy = { side: Side.BUY, price: '100.05', quantity: '4', fee: '0.21' };
const fills = [buy, { ...buy, quantity: '6', fee: '0.31' }, { ...buy, side: Side.SELL, quantity: '5' }];

describe('positionSum', () => {
  it('adds buys and fees, takes off the cost of sales, and leaves nothing over', () => {
    const position = create(PositionSchema, { symbol: 'ACME', quantity: '5', cost: '500.51' });
    expect(positionSum(position, { fills, sales: [{ cost: '500.51' }] }, '101')).toMatchObject({
      boughtQuantity: '10',
      bought: '1000.5',
      fees: '0.52',
      soldCost: '-500.51',
      other: '0',
      cost: '500.51',
      value: '505',
      gain: '4.49',
    });
  });

  it('names what is neither, such as issued shares', () => {
    const position = create(PositionSchema, { quantity: '5', cost: '12' });
    expect(positionSum(position, { fills: [], sales: [] }, undefined)).toMatchObject({ other: '12', value: undefined });
  });
});
