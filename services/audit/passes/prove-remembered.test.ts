import { beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '#platform/postgres/sql.ts';
import type { Stores } from '../clients/stores.ts';
import type { OrderEvent } from '../domain/exchange-event.ts';
import { Findings } from '../domain/finding.ts';
import { applyEvent, OpenOrders } from '../domain/order-shadow.ts';
import { idOf } from '../testing/history.ts';
import { rowOf } from '../testing/row-of.ts';
import type { PassContext } from './context.ts';
import { proveRemembered } from './prove-remembered.ts';

const nowMs = 1_700_000_000_000;
const hourMs = 3_600_000n;
const [account, other] = [idOf('aaaa', 1), idOf('aaaa', 2)];
const [filled, cancelled, voided, rejected] = [1, 2, 3, 4].map((number) => idOf('bbbb', number)) as [
  string,
  string,
  string,
  string,
];

let timeMs: bigint;
let memory: Record<string, ReturnType<typeof rowOf>[]>;
let asked: string[];

beforeEach(() => {
  timeMs = BigInt(nowMs) - 60_000n;
  asked = [];
  const order = (id: string, status: string) => rowOf(id, { account_id: account, status });
  memory = {
    remembered_order: [
      order(filled, 'filled'),
      order(cancelled, 'cancelled'),
      order(voided, 'voided'),
      order(rejected, 'rejected'),
    ],
    remembered_command: [rowOf('cancel-1', { accepted: 'true', reason: '0' })],
  };
});

/** One order is filled, one is cancelled by its owner, one is voided before it comes, and one is rejected. */
function eventsOf(isForgotten = false): OrderEvent[] {
  const accepted = (orderId: string, side: 'buy' | 'sell') =>
    ({ kind: 'accepted', orderId, accountId: account, symbol: 'ACME', side, priceTicks: 1n, lots: 2n }) as const;
  const side = (orderId: string, remainingLots: bigint) =>
    ({ orderId, accountId: account, side: 'buy', remainingLots }) as const;
  const trade = { tradeId: '0-1', symbol: 'ACME', priceTicks: 1n, lots: 2n };
  const ended = { accountId: account, timeMs };
  const events = [
    accepted(filled, 'buy'),
    accepted(cancelled, 'sell'),
    { ...accepted(other, 'sell'), lots: 9n },
    { kind: 'traded', ...trade, maker: side(filled, 0n), taker: side(other, 7n), timeMs },
    { kind: 'cancelled', orderId: cancelled, ...ended, commandId: 'cancel-1' },
    { kind: 'cancelled', orderId: voided, ...ended },
    { kind: 'rejected', orderId: rejected, ...ended, isForgotten },
  ] as const;
  return events.map((event, index) => ({ ...event, sequence: BigInt(index + 1) }));
}

async function prove(events = eventsOf()): Promise<string[]> {
  const open = new OpenOrders();
  const ended = events.flatMap((event) => applyEvent(open, event, 0).ended);
  const findings = new Findings(100);
  const read: Stores['read'] = async (_store, { tables }) => {
    const [{ table = '', ids = [] } = {}] = tables;
    asked.push(...ids);
    const rows = (memory[table] ?? []).filter(({ key }) => ids.includes(`0/${key}`));
    return { parts: [{ rows, digests: [], oldestBlock: '' }], feeds: new Map(), heads: new Map() };
  };
  const context: PassContext = {
    kind: 'light',
    db: {} as Database,
    stores: { read },
    feed: { follow: async function* () {}, confirm: async () => {} },
    shards: [0],
    findings,
    checked: new Map(),
    callOptions: {},
    nowMs: () => nowMs,
  };
  await proveRemembered(context, { shard: 0, events, ended });
  return findings.listed.map(({ rule, subject }) => `${rule}: ${subject}`);
}

const forget = (table: string, key: string) => {
  memory[table] = (memory[table] ?? []).filter((row) => row.key !== key);
};

describe('proveRemembered', () => {
  it('finds nothing where the exchange remembers how each order ended and what each command led to', async () => {
    expect(await prove()).toEqual([]);
    expect(asked).toHaveLength(5);
  });

  it.each([filled, cancelled, rejected])(
    'names an ended order that the exchange has forgotten: %s',
    async (orderId) => {
      forget('remembered_order', orderId);
      expect(await prove()).toEqual([`ended-order-is-remembered: exchange remembered_order ${orderId}`]);
    },
  );

  it('names an order that is remembered as another one', async () => {
    const named = [`ended-order-is-remembered: exchange remembered_order ${filled}`];
    for (const wrong of [
      { account_id: account, status: 'live' },
      { account_id: other, status: 'filled' },
    ]) {
      forget('remembered_order', filled);
      memory.remembered_order?.push(rowOf(filled, wrong));
      expect(await prove()).toEqual(named);
    }
  });

  it('names a command that is forgotten or has another outcome', async () => {
    const named = ['command-is-remembered: exchange remembered_command cancel-1'];
    forget('remembered_command', 'cancel-1');
    expect(await prove()).toEqual(named);
    memory.remembered_command = [rowOf('cancel-1', { accepted: 'false', reason: '203' })];
    expect(await prove()).toEqual(named);
  });

  it('knows that a full memory remembers no refusal and no void by itself', async () => {
    forget('remembered_order', voided);
    forget('remembered_order', rejected);
    expect(await prove(eventsOf(true))).toEqual([]);
  });

  it('does not ask for what may be forgotten by its age', async () => {
    timeMs = BigInt(nowMs) - 2n * hourMs;
    forget('remembered_command', 'cancel-1');
    expect(await prove()).toEqual([]);
    timeMs = BigInt(nowMs) - 23n * hourMs;
    memory = {};
    asked = [];
    expect(await prove()).toEqual([]);
    expect(asked).toEqual([]);
  });
});
