import { afterAll, describe, expect, it } from 'vitest';
import { CommandError } from '../../scripts/mesh/index.ts';
import { createTestClient } from '../support/clients.ts';
import { registerInvestor } from '../support/investor.ts';
import { callsEnded } from './calls-ended.ts';
import { ingressUrl } from './cluster.ts';
import { expectNoCanary, readRoutes, runCanary, stableField, versionFlags } from './run-canary.ts';
import { tradeDuring, tradeThrough } from './trade-through.ts';

const service = 'order';
const canary = (...args: string[]) => runCanary(service, ...args);
const stableSetting = (name: string) => stableField(service, `.env[?(@.name=="${name}")].value`);

/** Calls of an RPC that the canary has answered. */
function callsOfCanary(rpc: string): Promise<number> {
  return callsEnded(`deployment/${service}-canary`, [rpc]);
}

/** While a canary has a tenth of the calls, makes calls that ask for it. Returns how many it has answered of these. */
async function askForCanary(calls: number): Promise<number> {
  const url = await ingressUrl();
  const { token } = await registerInvestor(createTestClient('connect', url), '');
  const shares = async () => (await readRoutes(service)).at(-1)?.route?.map(({ weight = 0 }) => weight);
  await expect.poll(shares, { timeout: 120_000, interval: 1_000 }).toEqual([90, 10]);
  await expect.poll(() => callsOfCanary('PlaceOrders'), { timeout: 60_000, interval: 1_000 }).toBeGreaterThan(0);
  const before = await callsOfCanary('ListOrders');
  const headers = {
    authorization: `Bearer ${token}`,
    baggage: `any=1,outcry-canary=${service}`,
    'content-type': 'application/json',
  };
  for (let call = 0; call < calls; call += 1) {
    const answer = await fetch(`${url}/outcry.order.v1.OrderService/ListOrders`, {
      method: 'POST',
      headers,
      body: '{}',
    });
    expect(answer.status).toBe(200);
  }
  return (await callsOfCanary('ListOrders')) - before;
}

afterAll(async () => {
  await canary('--abort');
}, 200_000);

describe('a canary of the order service, under orders', () => {
  it('that is good is promoted from 10 to 50 to 100 %, no call fails, and those that ask for it reach it', {
    timeout: 600_000,
  }, async () => {
    const version = await versionFlags(service, { CANARY_TEST: 'good' });
    const steps = ['--steps', '10,50,100', '--hold', '20', '--calls', '20'];
    await tradeThrough('canary, good', async () => {
      const [said, asked] = await Promise.all([canary(...version, ...steps), askForCanary(20)]);
      console.log(said);
      expect(asked).toBe(20);
      for (const weight of [10, 50, 100]) expect(said).toContain(`${weight} % of calls`);
      expect(said).toContain('"canary":"promoted"');
    });
    expect(await stableSetting('CANARY_TEST')).toBe('good');
    await expectNoCanary(service);
    expect(await canary(...version)).toContain('nothing to do');
  });

  it('that fails at one RPC is taken away by itself, and the audit is clean', { timeout: 400_000 }, async () => {
    // It cannot reach the ledger, so it places no order; its other RPCs work.
    const version = await versionFlags(service, { LEDGER_ADDRESS: 'dns:///nowhere:9000' });
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
    await expectNoCanary(service);
  });
});
