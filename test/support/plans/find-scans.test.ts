import { describe, expect, it } from 'vitest';
import { findScans, type PlanNode } from './find-scans.ts';

const scan = (table: string): PlanNode => ({ 'Node Type': 'Seq Scan', 'Relation Name': table });
const index = (name: string, condition?: string): PlanNode => ({
  'Node Type': 'Index Scan',
  'Relation Name': 'orders',
  'Index Name': name,
  ...(condition && { 'Index Cond': condition }),
});
const above = (type: string, ...plans: PlanNode[]): PlanNode => ({ 'Node Type': type, Plans: plans });

describe('findScans', () => {
  it('finds a sequential scan at any depth', () => {
    const plan = above('Nested Loop', index('orders_pkey', '(order_id = $1)'), above('Hash', scan('fills')));
    expect(findScans(plan, new Set())).toEqual([{ table: 'public.fills', how: 'sequential scan' }]);
  });

  it('finds the scan of a whole index, unless a limit ends it or the index is of a part of its table', () => {
    expect(findScans(index('orders_time'), new Set())).toEqual([
      { table: 'public.orders', how: 'scan of all of orders_time' },
    ]);
    expect(findScans(above('Limit', index('orders_time')), new Set())).toEqual([]);
    expect(findScans(above('Limit', above('Sort', index('orders_time'))), new Set())).toHaveLength(1);
    expect(findScans(index('orders_open'), new Set(['orders_open']))).toEqual([]);
  });
});
