import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { TradingConditionsSchema } from '#gen/outcry/user/v1/conditions_pb.ts';
import { eventually } from '#platform/testing/eventually.ts';
import { createTestClient } from '../support/clients.ts';
import { type Investor, limitTerms, registerInvestor } from '../support/investor.ts';
import { logInAdmin, openBook, setConditions } from '../support/market.ts';
import { refusalOf } from '../support/refusal.ts';

const shared = inject('sharedSystem');
const client = createTestClient('connect', shared.gatewayUrl);
let admin: Investor;
let symbol: string;

beforeAll(async () => {
  admin = await logInAdmin(client, shared);
  symbol = await openBook(admin);
});

/** Every limit of the contract that is a text, with what it forbids when it is "0". */
const limits: Record<string, { reason: string; act: (investor: Investor) => Promise<unknown> }> = {
  orderNotionalMax: { reason: 'ORDER_NOTIONAL_OVER_LIMIT', act: buy },
  openNotionalMax: { reason: 'OPEN_NOTIONAL_OVER_LIMIT', act: buy },
  positionQuantityMax: { reason: 'POSITION_LIMIT_EXCEEDED', act: buy },
  transferAmountMax: { reason: 'AMOUNT_OVER_LIMIT', act: deposit },
};

function buy(investor: Investor): Promise<unknown> {
  const terms = limitTerms('BUY', symbol, '1', '90.00');
  return investor.call('OrderService/PlaceOrder', { clientOrderId: randomUUID(), terms });
}

function deposit(investor: Investor): Promise<unknown> {
  return investor.call('LedgerService/Deposit', { idempotencyKey: randomUUID(), amount: '1.00' });
}

describe('a limit of an account', () => {
  it.each(Object.entries(limits))('%s: "0" is a limit of nothing, empty is no limit', async (name, { reason, act }) => {
    // Enough for the orders of a while: until the order service has heard of a limit, those that it forbids are placed.
    const investor = await registerInvestor(client, '100000.00');
    await setConditions(admin, investor, { [name]: '' });
    await act(investor);
    await setConditions(admin, investor, { [name]: '0' });
    await eventually(async () => expect((await refusalOf(act(investor))).reason).toBe(reason));
    await setConditions(admin, investor, { [name]: '' });
    await eventually(() => act(investor));
  });

  it('is one of those above, or a number that is never 0', () => {
    const texts = TradingConditionsSchema.fields.filter(({ name }) => name.endsWith('_max'));
    const others = texts.map(({ localName }) => localName).filter((name) => !(name in limits));
    expect(others).toEqual(['openOrdersMax', 'ordersPerSecondMax']);
  });
});
