import { create } from '@bufbuild/protobuf';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RunAuditRequestSchema } from '#gen/outcry/audit/v1/audit_pb.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import type { AuditDeps } from '../deps.ts';
import type { PassOutcome, RunOptions } from '../passes/auditor.ts';
import { runAudit } from './run-audit.ts';

const finding = { rule: 'a-rule', subject: 'a row', expected: '1', found: '2' };
const verdict: PassOutcome['verdict'] = {
  ...{ verdictId: 'a', kind: 'full', startTimeMs: 0, durationMs: 25_000, clean: false, findingsCount: 3, failure: '' },
  ...{ positions: {}, ledgerSequence: '0', checked: {}, assets: [], oldestPassingMs: 0 },
};

let options: RunOptions;
let pass: PromiseWithResolvers<PassOutcome>;

beforeEach(() => {
  vi.useFakeTimers();
  pass = Promise.withResolvers();
});
afterEach(() => vi.useRealTimers());

/** Begins a pass that goes on until `pass` is settled; returns the cases of its messages, and what it has come to. */
function begin(findingsMax: number): { sent: unknown[]; ended: Promise<void> } {
  const run = (_kind: unknown, given: RunOptions = {}) => {
    options = given;
    return pass.promise;
  };
  const deps = { auditor: { run } } as Pick<AuditDeps, 'auditor'> as AuditDeps;
  const context = { signal: new AbortController().signal } as Pick<CallContext, 'signal'> as CallContext;
  const sent: unknown[] = [];
  const read = async () => {
    for await (const { message } of runAudit(deps, create(RunAuditRequestSchema, { findingsMax }), context)) {
      sent.push(message?.case === 'progress' ? message.value : message?.case);
    }
  };
  return { sent, ended: read() };
}

describe('runAudit', () => {
  it('sends how far a pass is, each time that nothing happened for 10 s', async () => {
    const { sent, ended } = begin(10);
    await vi.advanceTimersByTimeAsync(9_000);
    expect(sent).toEqual([]);
    options.checked?.set('orders', 7);
    await vi.advanceTimersByTimeAsync(2_000);
    options.onFinding?.(finding);
    await vi.advanceTimersByTimeAsync(9_000);
    expect(sent).toEqual([{ checked: { orders: 7n } }, 'finding']);
    pass.resolve({ verdict, findings: [finding] });
    await ended;
    expect(sent.slice(2)).toEqual(['verdict']);
  });

  it('sends no more findings than were asked for, and the verdict', async () => {
    const { sent, ended } = begin(2);
    for (let count = 0; count < 3; count += 1) options.onFinding?.(finding);
    pass.resolve({ verdict, findings: [finding, finding, finding] });
    await ended;
    expect(sent).toEqual(['finding', 'finding', 'verdict']);
  });

  it('fails as the pass does', async () => {
    const { ended } = begin(2);
    pass.reject(new Error('a pass that failed'));
    await expect(ended).rejects.toThrow('a pass that failed');
  });
});
