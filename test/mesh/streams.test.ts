import { afterAll, describe, expect, it } from 'vitest';
import { pause } from '#platform/time/pause.ts';
import { kubectl } from '../../scripts/mesh/index.ts';
import { createTestClient } from '../support/clients.ts';
import { onlyWithAll } from './all-only.ts';
import { callsEnded } from './calls-ended.ts';
import { ingressUrl, listPods, meshNamespace } from './cluster.ts';
import { expectNoCanary, readRoutes, runCanary, versionFlags } from './run-canary.ts';
import { findLostTrades, followTrades } from './trade-follower.ts';

const service = 'market';
const ageSeconds = 10;
// As many by gRPC-web as by Connect. OUTCRY_MESH_STREAMS changes how many of each, default 50.
const streamsEach = Number(process.env.OUTCRY_MESH_STREAMS || 50);
const inNamespace = (...args: string[]) => kubectl(['-n', meshNamespace, ...args], { timeoutMs: 300_000 });

async function setVariable(workload: string, value: string): Promise<void> {
  await inNamespace('set', 'env', `deployment/${workload}`, '-c', 'service', value);
  await inNamespace('rollout', 'status', `deployment/${workload}`, '--timeout=200s');
}

afterAll(async () => {
  if (process.env.OUTCRY_MESH_ALL !== '1') return;
  await runCanary(service, '--abort');
  await setVariable(service, 'OUTCRY_STREAM_AGE_SECONDS-');
  await setVariable('gateway', 'GATEWAY_SHARED_STREAMS-');
}, 400_000);

/** Streams that have ended at the pods of a version. */
async function endedStreams(track: 'stable' | 'canary'): Promise<number> {
  const pods = (await listPods()).filter(
    ({ metadata }) => metadata.labels['outcry.dev/service'] === service && metadata.labels.track === track,
  );
  const counts = pods.map(({ metadata }) => callsEnded(metadata.name, ['StreamTrades']));
  return (await Promise.all(counts)).reduce((total, count) => total + count, 0);
}

const shares = async () => (await readRoutes(service)).at(-1)?.route?.map(({ weight = 0 }) => weight);

/** The share of the canary among the streams that end while it has half of the calls, once those of before have. */
async function shareOfCanary(): Promise<{ ended: number; share: number }> {
  await expect.poll(shares, { timeout: 200_000, interval: 1_000 }).toEqual([50, 50]);
  await pause(2 * ageSeconds * 1_000);
  const before = { canary: await endedStreams('canary'), stable: await endedStreams('stable') };
  await pause(3 * ageSeconds * 1_000);
  const canary = (await endedStreams('canary')) - before.canary;
  const ended = canary + (await endedStreams('stable')) - before.stable;
  return { ended, share: canary / ended };
}

describe('streams and the weights of a canary', () => {
  it('follow them within their age, and no trade is lost or doubled, through the promotion too', {
    timeout: 900_000,
  }, async (context) => {
    onlyWithAll(context);
    await setVariable(service, `OUTCRY_STREAM_AGE_SECONDS=${ageSeconds}`);
    // Shared, those of one symbol would be one stream at the market.
    await setVariable('gateway', 'GATEWAY_SHARED_STREAMS=false');
    const stop = new AbortController();
    const url = await ingressUrl();
    const readers = (['connect', 'grpc-web'] as const).flatMap((kind) =>
      Array.from({ length: streamsEach }, () => followTrades(createTestClient(kind, url), stop.signal)),
    );
    const flags = await versionFlags(service, { CANARY_TEST: `streams-${Date.now()}` });
    const canary = runCanary(service, ...flags, '--steps', '50,100', '--hold', '70', '--calls', '5');
    const [said, { ended, share }] = await Promise.all([canary, shareOfCanary()]).finally(async () => {
      await pause(ageSeconds * 1_000);
      stop.abort();
    });
    const followed = await Promise.all(readers);
    const sum = (read: (one: (typeof followed)[number]) => number) => followed.reduce((all, one) => all + read(one), 0);
    const lost = findLostTrades(followed);
    console.log(
      JSON.stringify({
        bench: 'mesh',
        streams: followed.length,
        opened: sum(({ opened }) => opened),
        trades: sum(({ trades }) => trades.length),
        failed: sum(({ failures }) => failures.length),
        failure: followed.flatMap(({ failures }) => failures)[0],
        gaps: sum(({ gaps }) => gaps),
        lost: lost.length,
        ended,
        share,
      }),
    );
    expect(said).toContain('"canary":"promoted"');
    expect(Math.abs(share - 0.5)).toBeLessThanOrEqual(3 * Math.sqrt(0.25 / ended));
    expect(sum(({ opened }) => opened)).toBeGreaterThan(2 * followed.length);
    expect(lost).toEqual([]);
    expect(sum(({ gaps }) => gaps)).toBe(0);
    await expectNoCanary(service);
  });
});
