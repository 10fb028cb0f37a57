import { describe, expect, it } from 'vitest';
import { createTestClient } from '../support/clients.ts';
import { type Investor, logIn } from '../support/investor.ts';
import { administrator, operatorsUrl } from './cluster.ts';

const peers = ['exchange-0:9000', 'exchange-1:9000'];

async function logInAsAdministrator(): Promise<Investor> {
  const { email, password } = await administrator();
  return logIn(createTestClient('connect', await operatorsUrl()), email, password);
}

/** Addresses of the process that serves and of the one that follows it, once there are both. */
async function bothOnceTheyRun(admin: Investor): Promise<{ serving: string; standby: string }> {
  let found: string[] = [];
  const read = async () => {
    const { servingAddress, standbys } = await admin.call('ExchangeAdminService/GetStandbys', { shard: 0 });
    const followers = (standbys ?? []) as { address: string }[];
    found = [String(servingAddress), ...followers.map(({ address }) => address)];
    return found.toSorted();
  };
  await expect.poll(read, { timeout: 60_000, interval: 500 }).toEqual(peers);
  const [serving = '', standby = ''] = found;
  return { serving, standby };
}

describe('the exchange', () => {
  it('has a standby that reaches it by name, and hands over there and back', { timeout: 180_000 }, async () => {
    const admin = await logInAsAdministrator();
    const { serving, standby } = await bothOnceTheyRun(admin);
    const there = await admin.call('ExchangeAdminService/Handover', { shard: 0 });
    expect(there).toMatchObject({ fromAddress: serving, toAddress: standby });
    expect(await bothOnceTheyRun(admin)).toEqual({ serving: standby, standby: serving });
    const back = await admin.call('ExchangeAdminService/Handover', { shard: 0, toAddress: serving });
    expect(back).toMatchObject({ fromAddress: standby, toAddress: serving });
    expect(await bothOnceTheyRun(admin)).toEqual({ serving, standby });
  });
});
