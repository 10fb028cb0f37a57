import { describe, expect, it } from 'vitest';
import { createMetrics } from '#platform/telemetry/metrics.ts';
import { type MeasuredReplica, registerShardMetrics } from './shard-metrics.ts';

/** What is shown of a replica of shard 0. */
async function servingOf(state: MeasuredReplica['state'], isHeld: boolean): Promise<string | undefined> {
  const progress = () => ({ groupNumber: 1, sequence: 1, stateHash: '' });
  const replica: MeasuredReplica = {
    state,
    clockFaults: 0,
    progress,
    running: () => undefined,
    holdsLease: () => isHeld,
  };
  const metrics = createMetrics('exchange');
  registerShardMetrics(metrics, { replicas: new Map([[0, replica]]), pendingCalls: { items: 0 } });
  return /^outcry_exchange_serving\{.*\} (\d)$/m.exec(await metrics.registry.metrics())?.[1];
}

describe('registerShardMetrics', () => {
  it('shows a shard as served only while its lease is certainly held', async () => {
    expect(await servingOf('serving', true)).toBe('1');
    // A leader whose database does not answer goes on in its state until another one takes over.
    expect(await servingOf('serving', false)).toBe('0');
    expect(await servingOf('following', false)).toBe('0');
  });
});
