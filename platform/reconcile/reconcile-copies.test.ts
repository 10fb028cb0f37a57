import { afterEach, describe, expect, it } from 'vitest';
import { createMetrics } from '#platform/telemetry/metrics.ts';
import { silentLogger } from '#platform/testing/database.ts';
import { eventually } from '#platform/testing/eventually.ts';
import { type AccountCopy, reconcileCopies } from './reconcile-copies.ts';

const idOf = (index: number) => `00000000-0000-7000-8000-${String(index).padStart(12, '0')}`;

/** Copies in memory of a source in memory. */
function startReconciling(source: Map<string, bigint>, copies: Map<string, bigint>, fetchFailures = 0) {
  const closing = new AbortController();
  const metrics = createMetrics('test');
  const pages: number[] = [];
  let failures = fetchFailures;
  const listVersions = async (afterId: string, limit: number) => {
    const ids = [...copies.keys()].filter((id) => id > afterId).sort();
    return new Map(ids.slice(0, limit).map((id) => [id, copies.get(id) ?? 0n]));
  };
  const fetch = async (accountIds: string[]): Promise<AccountCopy[]> => {
    if (failures-- > 0) throw new Error('the source is away');
    pages.push(accountIds.length);
    return accountIds.flatMap((accountId) => {
      const version = source.get(accountId);
      return version === undefined ? [] : { accountId, version };
    });
  };
  const saved: AccountCopy[] = [];
  const save = async (newer: AccountCopy[]) => {
    saved.push(...newer);
    for (const { accountId, version } of newer) copies.set(accountId, version);
  };
  const options = { name: 'test', listVersions, fetch, save, passPauseMs: 20, logger: silentLogger, metrics };
  const done = reconcileCopies({ ...options, signal: closing.signal });
  const stop = () => {
    closing.abort();
    return done;
  };
  return { pages, saved, metrics, stop };
}

let stop: (() => Promise<void>) | undefined;
afterEach(() => stop?.());

describe('reconcileCopies', () => {
  it('corrects every copy that is older than its source, over any number of pages, and no other', async () => {
    const ids = Array.from({ length: 1_200 }, (_, index) => idOf(index));
    const source = new Map(ids.map((id) => [id, 3n]));
    const copies = new Map(ids.map((id, index) => [id, index % 400 === 7 ? 2n : 3n]));
    copies.set(idOf(11), 4n);
    source.delete(idOf(12));
    const run = startReconciling(source, copies);
    stop = run.stop;
    await eventually(() => expect(run.pages.length).toBeGreaterThan(2));
    expect(run.saved.map(({ accountId }) => accountId)).toEqual([idOf(7), idOf(407), idOf(807)]);
    expect(run.pages.slice(0, 3)).toEqual([500, 500, 200]);
    expect(copies.get(idOf(11))).toBe(4n);
    expect(await run.metrics.registry.metrics()).toMatch(/outcry_copies_corrected_total\{copies="test".*\} 3/);
  });

  it('begins again after each pass, so that a later difference is found too', async () => {
    const [source, copies] = [new Map([[idOf(1), 1n]]), new Map([[idOf(1), 1n]])];
    const run = startReconciling(source, copies);
    stop = run.stop;
    await eventually(() => expect(run.pages.length).toBeGreaterThan(2));
    source.set(idOf(1), 2n);
    await eventually(() => expect(copies.get(idOf(1))).toBe(2n));
  });

  it('tries a page again that failed', async () => {
    const [source, copies] = [new Map([[idOf(1), 2n]]), new Map([[idOf(1), 1n]])];
    const run = startReconciling(source, copies, 1);
    stop = run.stop;
    await eventually(() => expect(copies.get(idOf(1))).toBe(2n));
  });
});
