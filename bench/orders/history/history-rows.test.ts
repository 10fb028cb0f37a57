import { describe, expect, it } from 'vitest';
import { blocksOf, type HistoryTable, historyOf, type RowValues } from './history-rows.ts';

const accountIds = Array.from({ length: 10 }, (_, index) => `account-${index}`);
const terms = { seed: 1, accountIds, symbol: 'ACME', lots: 3n, priceTicks: 5n, value: 15n };

function rowsOf(table: HistoryTable, orders: number): RowValues[] {
  return Array.from({ length: orders }, (_, index) => historyOf(index, terms)[table] ?? []).flat();
}

function countBy(rows: readonly RowValues[], key: (row: RowValues) => string): number[] {
  const counts = new Map<string, number>();
  for (const row of rows) counts.set(key(row), (counts.get(key(row)) ?? 0) + 1);
  return [...counts.values()];
}

describe('historyOf', () => {
  it('gives every account as many orders and every order a hold', () => {
    const orders = rowsOf('orders', 2_000);
    expect(countBy(orders, (row) => row.account_id ?? '')).toEqual(Array.from({ length: 10 }, () => 200));
    expect(rowsOf('hold', 2_000).map((row) => row.order_id)).toEqual(orders.map((row) => row.order_id));
    expect(orders.filter((row) => row.state === 'filled')).toHaveLength(400);
  });

  it('has ids that ascend and are used once', () => {
    const ids = rowsOf('orders', 1_000).map((row) => row.order_id ?? '');
    expect(ids.toSorted()).toEqual(ids);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('trades back what it traded, pair by pair and account by account', () => {
    const fills = rowsOf('fills', 2_000);
    const trades = Map.groupBy(fills, (row) => row.trade_id);
    for (const sides of trades.values()) expect(sides.map((row) => row.side).toSorted()).toEqual(['buy', 'sell']);
    const bought = new Map<string, number>();
    for (const { account_id: account = '', side } of fills)
      bought.set(account, (bought.get(account) ?? 0) + (side === 'buy' ? 1 : -1));
    expect(trades.size).toBe(200);
    expect(new Set(bought.values())).toEqual(new Set([0]));
  });

  it('lies in the blocks that it names', () => {
    const orders = 200_000;
    const found = new Set([0, 65_535, 65_536, orders - 1].map((n) => historyOf(n, terms).hold?.order_id?.slice(0, 8)));
    const blocks = blocksOf(orders);
    expect(blocks).toEqual(blocks.toSorted());
    expect(blocks.length).toBe(4);
    for (const block of found) expect(blocks).toContain(block);
  });
});
