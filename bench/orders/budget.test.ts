import { describe, expect, it } from 'vitest';
import { createTableReport } from '../report/report.ts';
import { type Counters, countersBetween, reportBudget, totalOf } from './budget.ts';

const counted = (timeMs: number, commits: number, serviceUs: number): Counters => ({
  timeMs,
  processorTimeMs: timeMs - 100,
  writes: commits,
  walBytes: 10 * commits,
  parts: new Map([
    ['order', { commits, statements: 2 * commits, rpcs: 1, published: 0, consumed: 0, serviceUs, postgresUs: 0 }],
    ['bus', { commits: 0, statements: 0, rpcs: 0, published: 0, consumed: 0, serviceUs: 0, postgresUs: serviceUs }],
  ]),
});

describe('countersBetween', () => {
  it('takes off what the idle system counts in the same time', () => {
    const idle = { ...counted(10_000, 100, 50), processorTimeMs: 10_000 };
    const between = countersBetween(counted(0, 1_000, 0), counted(20_000, 2_200, 600), idle);
    expect(between.parts.get('order')).toMatchObject({ commits: 1_000, statements: 2_000, serviceUs: 500 });
    expect(between.writes).toBe(1_000);
    expect(totalOf(between)).toMatchObject({ commits: 1_000, serviceUs: 500, postgresUs: 500 });
  });
});

describe('reportBudget', () => {
  it('divides by the orders, with a line for each part and a total', () => {
    const lines: string[] = [];
    const report = createTableReport('orders', { out: (line) => lines.push(line), err: () => {} });
    reportBudget(report, 'lone', { counted: counted(1_000, 300, 4_000), count: 100, per: 'an order' });
    expect(lines.find((line) => /^ +order /.test(line))).toMatch(/order +3 +6 .* 40 +0$/);
    expect(lines.find((line) => /^ +total /.test(line))).toMatch(/total +3 +6 .* 40 +40$/);
    expect(lines.find((line) => line.includes('budget_processor'))).toMatch(/0\.08 ms an order/);
  });
});
