/** Lists of orders through the gateway: what they hold at each step to the last millionth, and a clean audit at the end. */
import type { JsonObject } from '@bufbuild/protobuf';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '#platform/testing/eventually.ts';
import { type RunningSystem, startSystem } from '../../supervisor/testing/index.ts';
import { createTestClient } from '../support/clients.ts';
import type { Investor } from '../support/investor.ts';
import { ListScene, leg, limit, ofList, stop, trail } from '../support/list-scene.ts';
import { logInAdmin } from '../support/market.ts';
import type { TestClient } from '../support/test-client.ts';

let system: RunningSystem;
let client: TestClient;
let admin: Investor;

beforeAll(async () => {
  system = await startSystem({
    flags: ['--no-simulator'],
    env: { AUDIT_EVERY_MS: '3600000', GATEWAY_CALLS_PER_SECOND_MAX: '5000', GATEWAY_CALLS_BURST_MAX: '10000' },
  });
  client = createTestClient('connect', system.gatewayUrls[0] ?? '');
  admin = await logInAdmin(client, system);
}, 120_000);
afterAll(() => system?.[Symbol.asyncDispose](), 90_000);

const open = () => ListScene.open(client, admin);
const patient = { timeout: 60_000 };

async function kill(name: string): Promise<void> {
  const victim = system.run().processes.find((process) => process.name === name);
  if (victim === undefined) throw new Error(`${name} does not run`);
  process.kill(victim.pid, 'SIGKILL');
  await eventually(
    () =>
      expect(system.run().processes.find((process) => process.name === name)?.pid ?? victim.pid).not.toBe(victim.pid),
    { timeoutMs: 30_000 },
  );
}

describe('a bracket', patient, () => {
  it('buys in parts, its exits grow with it, and when one of them trades the other ends', async () => {
    const scene = await open();
    const { listId } = await scene.place('LIST_TYPE_BRACKET', [
      limit('BUY', '99.00'),
      limit('SELL', '104.00'),
      stop('SELL', '95.00'),
    ]);
    // 990.00, and a fee of 0.05 %.
    await scene.become(
      listId,
      [leg('OPEN'), leg('OPEN', { quantity: '0', waiting: true }), leg('OPEN', { quantity: '0', waiting: true })],
      {
        cash: '990.50',
      },
    );
    await scene.other('SELL', 4, '99.00');
    const grown = await scene.become(
      listId,
      [
        leg('PARTIALLY_FILLED', { filledQuantity: '4' }),
        leg('OPEN', { quantity: '4' }),
        leg('OPEN', { quantity: '4', waiting: true }),
      ],
      { cash: '594.30', shares: '4' },
    );
    expect(grown[1]?.waiting ?? false).toBe(false);
    await scene.other('SELL', 6, '99.00');
    await scene.become(
      listId,
      [leg('FILLED'), leg('OPEN', { quantity: '10' }), leg('OPEN', { quantity: '10', waiting: true })],
      { shares: '10' },
    );
    await scene.other('BUY', 3, '104.00');
    await scene.become(
      listId,
      [leg('FILLED'), leg('PARTIALLY_FILLED', { filledQuantity: '3' }), leg('OPEN', { quantity: '7', waiting: true })],
      { shares: '7' },
    );
    await scene.other('BUY', 7, '104.00');
    await scene.become(listId, [leg('FILLED'), leg('FILLED', { filledQuantity: '10' }), ofList()], {});
  });

  it('is closed by a stop that follows the market', async () => {
    const scene = await open();
    const { listId } = await scene.place('LIST_TYPE_BRACKET', [
      limit('BUY', '100.00'),
      limit('SELL', '110.00'),
      trail('SELL', '3.00'),
    ]);
    await scene.other('SELL', 10, '100.00');
    await scene.become(
      listId,
      [leg('FILLED'), leg('OPEN', { quantity: '10' }), leg('OPEN', { quantity: '10', waiting: true })],
      {
        shares: '10',
      },
    );
    await scene.trade('104.00');
    await scene.other('BUY', 10, '100.50', 1);
    await scene.trade('101.00');
    await scene.become(listId, [leg('FILLED'), ofList(), leg('FILLED')], {});
  });

  it('sells, and buys back with what it has brought', async () => {
    const scene = await open();
    const { listId } = await scene.place('LIST_TYPE_BRACKET', [
      limit('SELL', '100.00'),
      limit('BUY', '96.00'),
      stop('BUY', '104.00'),
    ]);
    // The worst price of the stop is 5 % beyond it, 109.20: 92.00 more than the sale brings, 0.05 % of fees on 2,092.00, and three cents.
    await scene.become(listId, [leg('OPEN'), leg('OPEN', { quantity: '0' }), leg('OPEN', { quantity: '0' })], {
      cash: '93.076',
      shares: '10',
    });
    await scene.other('BUY', 10, '100.00');
    await scene.become(listId, [leg('FILLED'), leg('OPEN', { quantity: '10' }), leg('OPEN', { quantity: '10' })], {
      cash: '1092.56',
    });
    await scene.other('SELL', 10, '96.00');
    await scene.become(listId, [leg('FILLED'), leg('FILLED'), ofList()], {});
  });

  it('at market is filled, or ends, at once, and protects what it has bought', async () => {
    const scene = await open();
    await scene.other('SELL', 4, '100.00');
    const market = { side: 'SIDE_BUY', type: 'ORDER_TYPE_MARKET' };
    const { listId } = await scene.place('LIST_TYPE_BRACKET', [market, limit('SELL', '104.00'), stop('SELL', '95.00')]);
    const legs = await scene.become(
      listId,
      [leg('CANCELLED', { filledQuantity: '4' }), leg('OPEN', { quantity: '4' }), leg('OPEN', { quantity: '4' })],
      { shares: '4' },
    );
    await scene.owner.call('OrderService/CancelOrder', { orderId: legs[2]?.orderId ?? '' });
    const requested = leg('CANCELLED', { cancelReason: 'ORDER_CANCEL_REASON_REQUESTED' });
    await scene.become(listId, [leg('CANCELLED'), ofList(), requested], {});
  });
});

describe('two exits', patient, () => {
  it('of shares hold them once, and are cancelled singly with each other', async () => {
    const scene = await open();
    const { listId, legs } = await scene.place('LIST_TYPE_OCO', [limit('SELL', '104.00'), stop('SELL', '95.00')]);
    await scene.become(listId, [leg('OPEN'), leg('OPEN', { waiting: true })], { shares: '10' });
    const { holds } = (await scene.owner.call('LedgerService/ListHolds')) as {
      holds: { amount: string; listId: string }[];
    };
    expect(holds).toMatchObject([{ amount: '10', listId }]);
    await scene.other('BUY', 4, '104.00');
    await scene.become(listId, [leg('PARTIALLY_FILLED'), leg('OPEN', { quantity: '6', waiting: true })], {
      shares: '6',
    });
    await scene.owner.call('OrderService/CancelOrder', { orderId: legs[0]?.orderId ?? '' });
    const requested = leg('CANCELLED', { cancelReason: 'ORDER_CANCEL_REASON_REQUESTED', filledQuantity: '4' });
    await scene.become(listId, [requested, ofList()], {});
  });

  it('of cash hold that of the dearer one', async () => {
    const scene = await open();
    const { listId } = await scene.place('LIST_TYPE_OCO', [limit('BUY', '96.00'), stop('BUY', '104.00')]);
    // Ten at 109.20, a fee of 0.05 %, and a cent as the fees of two orders are rounded.
    await scene.become(listId, [leg('OPEN'), leg('OPEN', { waiting: true })], { cash: '1092.56' });
    await scene.owner.call('OrderService/CancelAllOrders');
    await scene.become(listId, [leg('CANCELLED'), leg('CANCELLED')], {});
  });
});

describe('an order with one exit', patient, () => {
  it('ends with it while nothing of it has traded', async () => {
    const scene = await open();
    const { listId, legs } = await scene.place('LIST_TYPE_OTO', [limit('BUY', '99.00'), limit('SELL', '104.00')]);
    await scene.owner.call('OrderService/CancelOrder', { orderId: legs[0]?.orderId ?? '' });
    const requested = leg('CANCELLED', { cancelReason: 'ORDER_CANCEL_REASON_REQUESTED' });
    await scene.become(listId, [requested, ofList()], {});
  });
});

describe('the order service killed', { timeout: 120_000 }, () => {
  it('between the steps of a bracket leaves nothing out, and nothing twice', async () => {
    const scene = await open();
    const { request, listId } = await scene.place('LIST_TYPE_BRACKET', [
      limit('BUY', '99.00'),
      limit('SELL', '104.00'),
      stop('SELL', '95.00'),
    ]);
    await scene.other('SELL', 4, '99.00');
    await kill('order');
    await scene.become(
      listId,
      [leg('PARTIALLY_FILLED'), leg('OPEN', { quantity: '4' }), leg('OPEN', { quantity: '4' })],
      {
        cash: '594.30',
        shares: '4',
      },
    );
    expect((await scene.send(request)).listId).toBe(listId);
    await kill('order');
    await eventually(() => scene.other('BUY', 4, '104.00'), { timeoutMs: 30_000 });
    await scene.become(listId, [ofList({ filledQuantity: '4' }), leg('FILLED', { filledQuantity: '4' }), ofList()], {});
  });
});

describe('the audit after all of it', { timeout: 120_000 }, () => {
  it('is clean', async () => {
    const ended = new AbortController();
    const findings: unknown[] = [];
    for await (const message of admin.stream('AuditService/RunAudit', { findingsMax: 100 }, ended.signal)) {
      if (message.finding !== undefined) findings.push(message.finding);
      if (message.verdict === undefined) continue;
      expect({ findings, clean: (message.verdict as JsonObject).clean }).toEqual({ findings: [], clean: true });
      return;
    }
    throw new Error('the audit ended without a verdict');
  });
});
