import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { kubectl, runCommand } from '../../scripts/mesh/index.ts';
import { listPods, meshNamespace, sidecarName } from './cluster.ts';
import { probe, serviceCaller } from './probe.ts';

/** The lines that the proxy of the user service has logged with this path in them. */
async function logged(path: string): Promise<string[]> {
  const log = await kubectl(['-n', meshNamespace, 'logs', 'deployment/user', '-c', sidecarName, '--tail=1000']);
  return log.split('\n').filter((line) => line.includes(path));
}

const istio = (...args: string[]) => runCommand('istioctl', args, { timeoutMs: 60_000 });

describe('log-failures', () => {
  it('has the proxies log a call that fails, and none that succeeds', async () => {
    const name = randomUUID();
    const refused = `/outcry.user.v1.${name}/Refused`;
    // The caller's name for itself is in each line, so that calls of others do not count.
    const headers = { 'user-agent': name };
    const calls = [
      { service: 'user', path: '/grpc.health.v1.Health/Check', headers },
      { service: 'user', path: refused, headers },
    ];
    const { rpcs } = await probe(serviceCaller('gateway'), { rpcs: calls });
    // The probe leaves with the first message of an answer, before its status.
    expect(rpcs.map(({ grpcStatus }) => grpcStatus)).toEqual(['', '7']);
    await expect.poll(() => logged(refused), { timeout: 30_000, interval: 1_000 }).toHaveLength(1);
    expect(await logged(name)).toHaveLength(1);
  });
});

describe('the mesh, of its configuration', () => {
  it('analyses it without a warning', async () => {
    // It ends with an error when there is a warning.
    const said = await istio('analyze', '-n', meshNamespace, '--failure-threshold', 'Warning').catch(String);
    expect(said.trim()).toBe('');
  });

  it('has it in every proxy as it stands, and none refused', async () => {
    const pods = (await listPods()).map(({ metadata }) => metadata.name);
    const state = async () => {
      const rows = (await istio('proxy-status', '-v', '1')).split('\n');
      return rows.filter((row) => pods.some((pod) => row.startsWith(`${pod}.${meshNamespace} `)));
    };
    await expect.poll(async () => (await state()).length, { timeout: 30_000 }).toBe(pods.length);
    await expect
      .poll(async () => (await state()).filter((row) => /STALE|ERROR|NOT SENT/.test(row)), { timeout: 30_000 })
      .toEqual([]);
    const inDiscovery = ['-n', 'istio-system', 'exec', 'deploy/istiod', '--', 'pilot-discovery', 'request', 'GET'];
    const metrics = await kubectl([...inDiscovery, '/metrics']);
    expect(metrics).toContain('pilot_xds_pushes');
    const rejects = metrics.split('\n').filter((line) => /^pilot_total_xds_rejects\S* [1-9]/.test(line));
    expect(rejects).toEqual([]);
  });
});
