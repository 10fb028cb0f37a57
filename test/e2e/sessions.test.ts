import { randomUUID } from 'node:crypto';
import type { JsonObject } from '@bufbuild/protobuf';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { pause } from '#platform/time/pause.ts';
import { createTestClient } from '../support/clients.ts';
import { type Investor, limitTerms, orderOnce, placeOrder, registerInvestor } from '../support/investor.ts';
import { logInAdmin, openBook } from '../support/market.ts';
import { refusalOf } from '../support/refusal.ts';

const shared = inject('sharedSystem');
const client = createTestClient('connect', shared.gatewayUrl);
let symbol: string;

beforeAll(async () => {
  symbol = await openBook(await logInAdmin(client, shared));
});

const keepAlive = (investor: Investor, sessionId: string, ttl: string) =>
  investor.call('OrderService/KeepSessionAlive', { sessionId, ttl }) as Promise<{ expireTime: string }>;
const bound = (sessionId: string): JsonObject => ({ ...limitTerms('BUY', symbol, '1', '90.00'), sessionId });

describe('KeepSessionAlive', () => {
  it('ends the orders of the session that is not renewed, and of no other account with a session of that name', async () => {
    const [left, stays] = await Promise.all([registerInvestor(client), registerInvestor(client)]);
    const startMs = Date.now();
    // Long enough to order in, however slow the machine is; the next renewal is for a shorter time.
    for (const investor of [left, stays]) {
      const { expireTime } = await keepAlive(investor, 'desk', '60s');
      expect(Date.parse(expireTime)).toBeGreaterThanOrEqual(startMs + 60_000 - 1_000);
    }
    const [ended, lasting, free] = [
      await placeOrder(left, bound('desk')),
      await placeOrder(stays, bound('desk')),
      await placeOrder(left, limitTerms('BUY', symbol, '1', '90.00')),
    ];
    // This one would end first.
    await keepAlive(stays, 'desk', '3s');
    let isOver = false;
    const renewing = (async () => {
      while (!isOver) {
        await keepAlive(stays, 'desk', '20s');
        await pause(300);
      }
    })();
    await keepAlive(left, 'desk', '3s');
    const order = await orderOnce(left, ended.orderId, 'CANCELLED');
    expect(order).toMatchObject({ cancelReason: 'ORDER_CANCEL_REASON_SESSION_ENDED', sessionId: 'desk' });
    expect(await orderOnce(stays, lasting.orderId, 'OPEN')).toMatchObject({ sessionId: 'desk' });
    await orderOnce(left, free.orderId, 'OPEN');
    isOver = true;
    await renewing;
    await keepAlive(stays, 'desk', '1s');
    await orderOnce(stays, lasting.orderId, 'CANCELLED');
  });

  it('takes no order for a session that was never opened, or has ended', async () => {
    const investor = await registerInvestor(client);
    const place = () =>
      refusalOf(investor.call('OrderService/PlaceOrder', { clientOrderId: randomUUID(), terms: bound('none') }));
    const unknown = { code: 'failed_precondition', reason: 'SESSION_UNKNOWN' };
    expect(await place()).toMatchObject(unknown);
    await keepAlive(investor, 'none', '60s');
    const { orderId } = await placeOrder(investor, bound('none'));
    await keepAlive(investor, 'none', '1s');
    await orderOnce(investor, orderId, 'CANCELLED');
    expect(await place()).toMatchObject(unknown);
  });

  it('refuses what is no time to live, no name, and more sessions than an account may have', async () => {
    const investor = await registerInvestor(client);
    for (const [sessionId, ttl] of [
      ['s', '0.5s'],
      ['s', '3601s'],
      ['s', '1.0000005s'],
      ['', '5s'],
      ['no name', '5s'],
    ] as const) {
      expect(await refusalOf(keepAlive(investor, sessionId, ttl))).toMatchObject({ code: 'invalid_argument' });
    }
    for (let session = 0; session < 10; session += 1) await keepAlive(investor, `s${session}`, '60s');
    await keepAlive(investor, 's0', '60s');
    expect(await refusalOf(keepAlive(investor, 's10', '60s'))).toMatchObject({
      code: 'failed_precondition',
      reason: 'SESSIONS_OVER_LIMIT',
      metadata: { limit: '10' },
    });
  });
});
