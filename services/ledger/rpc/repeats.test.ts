import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reasonName } from '#platform/errors/details.ts';
import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import { type LedgerFixture, startFixture, type TestPerson } from '../testing/fixture.ts';
import { holdItem } from '../testing/orders.ts';

let fixture: LedgerFixture;

beforeAll(async () => {
  fixture = await startFixture();
});
afterAll(() => fixture?.[Symbol.asyncDispose]());

type Call = { about: string; call: (person: TestPerson, key: string) => Promise<unknown> };

const calls: Call[] = [
  {
    about: 'Deposit',
    call: (person, idempotencyKey) => fixture.clients.ledger.deposit({ idempotencyKey, amount: '2' }, person),
  },
  {
    about: 'Withdraw',
    call: (person, idempotencyKey) => fixture.clients.ledger.withdraw({ idempotencyKey, amount: '2' }, person),
  },
  {
    about: 'IssueShares',
    call: ({ accountId }, idempotencyKey) => {
      const request = { idempotencyKey, accountId, symbol: 'ACME', quantity: '5' };
      return fixture.clients.admin.issueShares(request, { userToken: fixture.adminToken });
    },
  },
  {
    about: 'FundHouseAccount',
    call: ({ accountId }, idempotencyKey) =>
      fixture.clients.simulator.fundHouseAccount({ idempotencyKey, accountId, cash: '3', shares: { ACME: '1' } }),
  },
  {
    about: 'PlaceHolds',
    call: async ({ accountId }, orderId) => {
      const { results } = await fixture.clients.order.placeHolds({ items: [holdItem({ accountId, orderId })] });
      if (!results[0]?.held) throw new Error(reasonName(results[0]?.reason ?? 0));
      return results;
    },
  },
];

function setState({ accountId }: TestPerson, state: string): Promise<unknown> {
  return fixture.db.query('UPDATE account SET state = $2, version = version + 1 WHERE account_id = $1', [
    accountId,
    state,
  ]);
}

async function statementOf(person: TestPerson): Promise<unknown> {
  const { entries } = await fixture.clients.ledger.listStatement({}, person);
  return entries.map(({ sequence, asset, amount }) => `${sequence} ${asset} ${amount}`);
}

describe.each(calls)('$about under a key that was used', ({ call }) => {
  it.each(['frozen', 'closed'])('has its first answer and no second effect once the account is %s', async (state) => {
    const person = await fixture.person({ cash: '100', house: true });
    const key = uuidV7();
    const first = await call(person, key);
    const before = await statementOf(person);
    await setState(person, state);
    expect(await call(person, key)).toEqual(first);
    expect(await statementOf(person)).toEqual(before);
    await expect(call(person, uuidV7())).rejects.toThrow(new RegExp(state, 'i'));
  });

  it('has its first refusal once the account is active again', async () => {
    const person = await fixture.person({ cash: '100', house: true });
    await setState(person, 'frozen');
    const key = uuidV7();
    await expect(call(person, key)).rejects.toThrow(/frozen/i);
    await setState(person, 'active');
    await expect(call(person, key)).rejects.toThrow(/frozen/i);
    await expect(call(person, uuidV7())).resolves.toBeDefined();
  });
});
