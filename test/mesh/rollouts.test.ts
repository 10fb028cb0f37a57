import { describe, expect, it } from 'vitest';
import { pause } from '#platform/time/pause.ts';
import { kubectl, serviceLabel } from '../../scripts/mesh/index.ts';
import { onlyWithAll } from './all-only.ts';
import { listPods, meshNamespace } from './cluster.ts';
import { tradeDuring, tradeThrough } from './trade-through.ts';

const inNamespace = (...args: string[]) => kubectl(['-n', meshNamespace, ...args], { timeoutMs: 400_000 });

/** Starts pods anew, one of each workload at a time, and waits until the new ones are ready. */
async function restart(...workloads: string[]): Promise<void> {
  await inNamespace('rollout', 'restart', ...workloads);
  const names = await inNamespace('get', ...workloads, '-o', 'name');
  for (const name of names.trim().split('\n')) await inNamespace('rollout', 'status', name, '--timeout=380s');
}

describe('a rollout under orders', () => {
  it('of the exchange: no call fails, no order is lost', { timeout: 600_000 }, async () => {
    await tradeThrough('exchange', () => restart('statefulset/exchange'));
  });

  it('of everything, twice: no call fails, no order is lost', { timeout: 1_200_000 }, async (context) => {
    onlyWithAll(context);
    await tradeThrough('all, twice', async () => {
      await restart('deployments,statefulsets', '-l', serviceLabel);
      await restart('deployments,statefulsets', '-l', serviceLabel);
    });
  });
});

const deletingMs = 300_000;
const betweenMs = 10_000;

/** Deletes a pod at random, whichever service or database it is, without any time to end; then another, for five minutes. */
async function deletePods(): Promise<number> {
  const untilMs = performance.now() + deletingMs;
  let deleted = 0;
  while (performance.now() < untilMs) {
    const names = (await listPods())
      .map(({ metadata }) => metadata.name)
      .filter((name) => !name.startsWith('stranger'));
    const name = names[Math.floor(Math.random() * names.length)] ?? '';
    await inNamespace('delete', 'pod', name, '--grace-period=0', '--force', '--wait=false');
    deleted += 1;
    await pause(betweenMs);
  }
  return deleted;
}

describe('pods that are deleted at random', () => {
  it('for five minutes, PostgreSQL among them, lose no order that was answered, and the audit is clean', {
    timeout: 900_000,
  }, async (context) => {
    onlyWithAll(context);
    let deleted = 0;
    const { orders, failures } = await tradeDuring('pods deleted at random', async () => {
      deleted = await deletePods();
      const workloads = await inNamespace('get', 'deployments,statefulsets', '-o', 'name');
      for (const name of workloads.trim().split('\n')) await inNamespace('rollout', 'status', name, '--timeout=300s');
    });
    console.log(JSON.stringify({ bench: 'mesh', deleted, orders, failed: failures.length }));
    expect(deleted).toBeGreaterThan(20);
    expect(orders).toBeGreaterThan(0);
  });
});
