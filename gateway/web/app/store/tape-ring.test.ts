import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { TradeSchema } from '#gen/outcry/market/v1/market_pb.ts';
import { addTrades, type Tape, withGap } from './tape-ring.ts';

const trade = (id: number, symbol = 'ACME') => create(TradeSchema, { tradeId: `t${id}`, symbol });
const empty: Tape = { symbol: 'ACME', entries: [] };
const idsOf = (tape: Tape) =>
  tape.entries.map((entry) => (entry.kind === 'trade' ? entry.trade.tradeId : `gap ${entry.missed}`));

describe('addTrades', () => {
  it('puts the newest first, each trade once', () => {
    const tape = addTrades(addTrades(empty, [trade(1), trade(2)]), [trade(2), trade(3)]);
    expect(idsOf(tape)).toEqual(['t3', 't2', 't1']);
  });

  it('leaves out trades of another symbol, and what is beyond 500', () => {
    expect(addTrades(empty, [trade(1, 'BOLT')])).toBe(empty);
    const many = Array.from({ length: 600 }, (_, id) => trade(id));
    const tape = addTrades(empty, many);
    expect(tape.entries).toHaveLength(500);
    expect(idsOf(tape)[0]).toBe('t599');
  });
});

describe('withGap', () => {
  it('stands where trades are missing', () => {
    const tape = addTrades(withGap(addTrades(empty, [trade(1)]), 62), [trade(2)]);
    expect(idsOf(tape)).toEqual(['t2', 'gap 62', 't1']);
  });
});
