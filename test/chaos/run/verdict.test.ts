import { describe, expect, it } from 'vitest';
import { createOperation } from '../traffic/operations.ts';
import type { RunResult } from './run-chaos.ts';
import { describeCounts, describeTraffic, describeVerdict } from './verdict.ts';

const order = { orderId: 'o', status: 'ORDER_STATUS_FILLED', filledQuantity: '1' };
const operation = {
  ...createOperation({ number: 0, kind: 'place', user: 0, key: 'k', rpc: 'r', body: {} }),
  lost: ['unavailable'],
  answers: [{ kind: 'done' as const, order, transfer: undefined }],
};
const fault = { atMs: 0, kind: 'kill' as const, victim: 'order-0', durationMs: 0, amountMs: 0 };
const record = { ...fault, startTimeMs: 0, endTimeMs: 1, failure: undefined };
const result: RunResult = {
  findings: [],
  faults: [record, record, { ...record, kind: 'freeze' }],
  operations: [operation],
  quietMs: 1_234,
  quietMsMax: 30_000,
  trafficMs: 1_000,
};

describe('describeVerdict', () => {
  it('says in one line that nothing is wrong, with the seed', () => {
    expect(describeVerdict(result, 7)).toEqual([
      'chaos: PASSED: 3 faults, 1 calls, 0 acknowledged lost, 0 doubled, audit clean, all sagas final after 1.2 s (30 allowed), seed 7',
    ]);
  });

  it('counts what was lost and doubled, with the first findings of each rule', () => {
    const findings = [
      { rule: 'acknowledged-order-exists', subject: 'order o', detail: 'was FILLED' },
      { rule: 'key-has-one-order', subject: 'key k', detail: '2 orders' },
      { rule: 'audit hold', subject: 'hold h', detail: 'differs' },
    ];
    const lines = describeVerdict({ ...result, findings }, 7);
    expect(lines[1]).toContain('order o: was FILLED');
    expect(lines.at(-1)).toContain(
      'FAILED with 3 findings: 3 faults, 1 calls, 1 acknowledged lost, 1 doubled, audit not clean',
    );
  });
});

describe('describeVerdict of a run that could not be judged', () => {
  it.each([
    ['audit', '0 acknowledged lost, 0 doubled, audit NOT MADE'],
    ['orders of clients', 'unknown acknowledged lost, unknown doubled, audit clean'],
    ['all', 'unknown acknowledged lost, unknown doubled, audit NOT MADE'],
  ])('claims nothing of what was not looked at: %s', (subject, words) => {
    const findings = [{ rule: 'check-was-made', subject, detail: 'unavailable' }];
    expect(describeVerdict({ ...result, findings }, 7).at(-1)).toContain(words);
  });
});

describe('describeCounts and describeTraffic', () => {
  it('count each victim, and what clients saw', () => {
    expect(describeCounts(result.faults)).toEqual(['order-0                freeze 1, kill 2']);
    expect(describeTraffic(result)).toContain('orders: 1 sent, 1 placed, 100 % filled in the answer');
    expect(describeTraffic(result)).toContain('lost answers: unavailable 1');
  });
});
