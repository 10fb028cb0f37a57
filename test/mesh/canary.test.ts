import { afterAll, describe, expect, it } from 'vitest';
import { CommandError, kubectl, runCommand } from '../../scripts/mesh/index.ts';
import { meshNamespace } from './cluster.ts';
import { tradeDuring, tradeThrough } from './trade-through.ts';

const service = 'order';
const inNamespace = (...args: string[]) => kubectl(['-n', meshNamespace, ...args]);
const canary = (...args: string[]) =>
  runCommand('node', ['scripts/run.mjs', 'scripts/mesh/canary/main.ts', service, ...args], { timeoutMs: 600_000 });

/** The image that the stable version runs: a change of settings makes a version of it that is tried. */
function stableImage(): Promise<string> {
  const path = 'jsonpath={.spec.template.spec.containers[?(@.name=="service")].image}';
  return inNamespace('get', `deployment/${service}`, '-o', path);
}

function stableSetting(name: string): Promise<string> {
  const path = `jsonpath={.spec.template.spec.containers[?(@.name=="service")].env[?(@.name=="${name}")].value}`;
  return inNamespace('get', `deployment/${service}`, '-o', path);
}

/** No canary is left, and all calls go to the stable version. */
async function expectNoCanary(): Promise<void> {
  expect(await inNamespace('get', 'deployments,pods', '-l', 'track=canary', '-o', 'name')).toBe('');
  const text = await inNamespace('get', 'virtualservice', `retries-${service}`, '-o', 'json');
  const { spec } = JSON.parse(text) as { spec: { http: { name: string; route: { weight?: number }[] }[] } };
  for (const { name, route } of spec.http)
    expect(
      route.map(({ weight = 0 }) => weight),
      name,
    ).toEqual([100, 0]);
}

afterAll(async () => {
  await canary('--abort');
}, 200_000);

describe('a canary of the order service, under orders', () => {
  it('that is good is promoted from 10 to 50 to 100 %, and no call fails', { timeout: 600_000 }, async () => {
    const version = ['--image', await stableImage(), '--env', 'CANARY_TEST=good'];
    await tradeThrough('canary, good', async () => {
      const said = await canary(...version, '--steps', '10,50,100', '--hold', '10', '--calls', '20');
      console.log(said);
      for (const weight of [10, 50, 100]) expect(said).toContain(`${weight} % of calls`);
      expect(said).toContain('"canary":"promoted"');
    });
    expect(await stableSetting('CANARY_TEST')).toBe('good');
    await expectNoCanary();
    expect(await canary(...version)).toContain('nothing to do');
  });

  it('that fails at one RPC is taken away by itself, and the audit is clean', { timeout: 400_000 }, async () => {
    // It cannot reach the ledger, so it places no order; its other RPCs work.
    const version = ['--image', await stableImage(), '--env', 'LEDGER_ADDRESS=dns:///nowhere:9000'];
    let ended: unknown;
    await tradeDuring('canary, bad', async () => {
      ended = await canary(...version, '--hold', '30', '--calls', '20').catch((error: unknown) => error);
    });
    expect(ended).toBeInstanceOf(CommandError);
    const { message } = ended as CommandError;
    console.log(message);
    expect(message).toContain('exit code 2');
    expect(message).toMatch(/aborting: .*PlaceOrder.* ended (UNAVAILABLE|DEADLINE_EXCEEDED)/);
    expect(message).toMatch(/"canary":"aborted","failedCalls":[1-9]/);
    expect(await stableSetting('LEDGER_ADDRESS')).toBe('');
    await expectNoCanary();
  });
});
