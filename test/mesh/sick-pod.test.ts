import { afterAll, describe, expect, it } from 'vitest';
import { pause } from '#platform/time/pause.ts';
import { kubectl } from '../../scripts/mesh/index.ts';
import { createTestClient } from '../support/clients.ts';
import { registerInvestor } from '../support/investor.ts';
import { onlyWithAll } from './all-only.ts';
import { applyAndWait, ingressUrl, meshNamespace, sidecarName } from './cluster.ts';
import { type Phase, standInPod } from './pods.ts';

const service = 'user';
const callTimeoutMs = 2_000;
const phases: Phase[] = [
  { how: 'unavailable', seconds: 30 },
  { how: 'hang', seconds: 30 },
  { how: 'reset', seconds: 30 },
];
const inNamespace = (...args: string[]) => kubectl(['-n', meshNamespace, ...args]);

afterAll(() => inNamespace('delete', 'pod', `stand-in-${service}`, '--ignore-not-found'));

/** What the sick pod says of itself: its phase, and how many calls it has answered well. */
async function readSickPod(): Promise<{ phase: string; answered: number }> {
  const print = "fetch('http://127.0.0.1:9464').then((a) => a.text()).then((t) => process.stdout.write(t))";
  const inPod = ['exec', `stand-in-${service}`, '-c', 'service', '--', '/nodejs/bin/node', '-e', print];
  const [phase = '', answered = '0'] = (await inNamespace(...inPod)).trim().split(' ');
  return { phase, answered: Number(answered) };
}

/** How often the gateway's proxies have left a pod of the service out. */
async function ejections(): Promise<number> {
  const ask = ['pilot-agent', 'request', 'GET', 'stats?filter=outlier_detection.ejections_enforced_total'];
  const text = await inNamespace('exec', 'deploy/gateway', '-c', sidecarName, '--', ...ask);
  const rows = text.split('\n').filter((row) => row.includes(`|${service}.`));
  return rows.reduce((total, row) => total + Number(row.split(' ').at(-1)), 0);
}

describe('a sick pod beside one that is well', () => {
  it('that answers UNAVAILABLE, then hangs, then resets, is left out each time, and comes back', {
    timeout: 300_000,
  }, async (context) => {
    onlyWithAll(context);
    const client = createTestClient('connect', await ingressUrl());
    const { token } = await registerInvestor(client, '');
    const url = `${await ingressUrl()}/outcry.user.v1.UserService/GetProfile`;
    const headers = {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'connect-timeout-ms': String(callTimeoutMs),
    };
    const call = () =>
      fetch(url, { method: 'POST', headers, body: '{}' }).then(
        ({ ok }) => ok,
        () => false,
      );
    const before = await ejections();
    await applyAndWait(meshNamespace, [await standInPod(service, { phases })], 'role=stand-in');
    const visible: Record<string, { calls: number; failed: number }> = {};
    const stop = new AbortController();
    const trade = (async () => {
      let phase = '';
      const look = (async () => {
        while (!stop.signal.aborted) {
          phase = (await readSickPod()).phase;
          await pause(500, stop.signal);
        }
      })();
      const caller = async () => {
        while (!stop.signal.aborted) {
          const during = phase;
          const ok = await call();
          const counts = visible[during] ?? { calls: 0, failed: 0 };
          visible[during] = counts;
          counts.calls += 1;
          counts.failed += ok ? 0 : 1;
          await pause(100, stop.signal);
        }
      };
      await Promise.all([look, caller(), caller()]);
    })();
    await expect
      .poll(async () => (await readSickPod()).answered, { timeout: 200_000, interval: 2_000 })
      .toBeGreaterThan(10);
    stop.abort();
    await trade;
    const ejected = (await ejections()) - before;
    console.log(JSON.stringify({ bench: 'mesh', sickPod: visible, ejected }));
    expect(ejected).toBeGreaterThanOrEqual(2);
    expect(visible.unavailable?.failed).toBe(0);
    expect(visible.reset?.failed).toBe(0);
    expect(visible.well?.failed).toBe(0);
    // A call that hangs takes its caller's time; the pod is left out after a few.
    expect(visible.hang?.failed ?? 0).toBeLessThan((visible.hang?.calls ?? 0) / 2);
  });
});
