import { describe, it } from 'vitest';
import { kubectl, serviceLabel } from '../../scripts/mesh/index.ts';
import { meshNamespace } from './cluster.ts';
import { tradeThrough } from './trade-through.ts';

const takesAll = process.env.OUTCRY_MESH_ALL === '1';
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
    if (!takesAll) return context.skip('takes minutes: npm run test:mesh -- --all');
    await tradeThrough('all, twice', async () => {
      await restart('deployments,statefulsets', '-l', serviceLabel);
      await restart('deployments,statefulsets', '-l', serviceLabel);
    });
  });
});
