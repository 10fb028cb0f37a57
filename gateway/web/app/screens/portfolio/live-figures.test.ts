import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { PositionSchema } from '#gen/outcry/portfolio/v1/portfolio_pb.ts';
import { liveFigures } from './live-figures.ts';

const position = (symbol: string, quantity: string, cost: string, lastPrice = '') =>
  create(PositionSchema, { symbol, quantity, cost, lastPrice });

describe('liveFigures', () => {
  it('takes the price of the quote before that of the server', () => {
    const positions = [position('ACME', '2', '50', '20'), position('DUST', '0', '0')];
    const figures = liveFigures('100', positions, (symbol) => (symbol === 'ACME' ? '30' : undefined));
    expect(figures).toEqual({ equity: '160.00', marketValue: '60.00', unrealized: '10.00', unpriced: 0 });
  });

  it('counts what has no price, and leaves it out', () => {
    const figures = liveFigures('100', [position('NEW', '5', '50')], () => undefined);
    expect(figures).toEqual({ equity: '100.00', marketValue: '0.00', unrealized: '0.00', unpriced: 1 });
  });
});
