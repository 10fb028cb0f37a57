import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DescMessage, DescMethodUnary } from '@bufbuild/protobuf';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OrderType, Side, TimeInForce } from '#gen/outcry/trading/v1/trading_pb.ts';
import { createCaller } from '../call/caller.ts';
import { UsageError } from '../input/usage-error.ts';
import { createApi } from '../session/api.ts';
import { createSession } from '../session/session.ts';
import { createOrderService, type OrderServiceStandIn } from '../testing/order-service.ts';
import { createJournal, type Journal } from './journal.ts';
import { callKeyed, type KeyedCallContext, settle } from './keyed-call.ts';
import {
  closeAllPositions,
  closePosition,
  momentSendMaxMs,
  momentTimeMaxMs,
  placeOrder,
  repeatTimeMaxMs,
} from './keyed-rpcs.ts';

const gateway = 'http://gateway.example';
const ended = '4194303-1';

let directory: string;
let orders: OrderServiceStandIn;
let shown: string[];
let notes: string[];
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'outcry-keyed-'));
  orders = createOrderService();
  [shown, notes] = [[], []];
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** A command of `apiKey`; as an `ended` process it leaves behind what has no answer. */
function contextOf({
  apiKey = 'ok_a',
  timeoutMs = 5_000,
  owner,
}: {
  apiKey?: string;
  timeoutMs?: number;
  owner?: string;
} = {}) {
  const caller = createCaller(orders.transport, timeoutMs);
  const session = createSession({ caller, url: gateway, stateDirectory: directory, apiKey });
  const journal = createJournal(directory, owner);
  const context: KeyedCallContext = {
    api: createApi(caller, session, timeoutMs),
    session,
    journal,
    gateway,
    note: (text) => notes.push(text),
  };
  return context;
}

const marketTerms = {
  symbol: 'ACME',
  side: Side.BUY,
  type: OrderType.MARKET,
  size: { case: 'quantity', value: '5' },
} as const;
const restingTerms = { ...marketTerms, type: OrderType.LIMIT, limitPrice: '1.00' } as const;

function place(context: KeyedCallContext, terms: typeof marketTerms | typeof restingTerms = marketTerms, key?: string) {
  const show = ({ order }: { order?: { orderId: string } }) => void shown.push(order?.orderId ?? '');
  return callKeyed(context, { rpc: placeOrder, request: { terms }, key, show });
}

/** A command that ended without an answer, some time ago. */
async function leave(fate: 'lost' | 'unsent', terms: typeof marketTerms | typeof restingTerms, ageMs = 0) {
  orders.fates.length = 0;
  orders.fates.push(...Array(50).fill(fate));
  const journal = createJournal(directory, ended);
  const aged: Journal = { ...journal, open: (entry) => journal.open({ ...entry, createTimeMs: Date.now() - ageMs }) };
  await expect(place({ ...contextOf({ timeoutMs: 1 }), journal: aged }, terms)).rejects.toMatchObject({
    kind: 'no-answer',
  });
  orders.fates.length = 0;
}

const openCount = (journal: Journal) => journal.list().abandoned.length + journal.list().waiting.length;

describe('callKeyed', () => {
  it('has the call in the journal from before it is sent until its answer was shown', async () => {
    const context = contextOf();
    const seen: number[] = [];
    const call = { rpc: placeOrder, request: { terms: marketTerms }, key: 'k' };
    await callKeyed(context, { ...call, show: () => seen.push(context.journal.list().waiting.length) });
    expect(seen).toEqual([1]);
    expect(openCount(context.journal)).toBe(0);
  });

  it('repeats under the same key what has no answer, and nothing that was refused', async () => {
    orders.fates.push('unsent', 'lost', 'answered');
    await place(contextOf());
    expect(orders.calls).toHaveLength(3);
    expect(new Set(orders.calls).size).toBe(1);
    orders.fates.push('refused');
    await expect(place(contextOf())).rejects.toMatchObject({
      reason: 'CASH_INSUFFICIENT',
      numbers: { needed: '9.00' },
    });
    expect(orders.calls).toHaveLength(4);
    expect(openCount(createJournal(directory))).toBe(0);
  });

  it('leaves a call without an answer, and the same command again finishes it: one order', async () => {
    await leave('lost', marketTerms);
    expect(createJournal(directory).list().abandoned).toHaveLength(1);
    await place(contextOf());
    expect(shown).toHaveLength(1);
    expect(orders.placed.size).toBe(1);
    expect(notes.join()).toContain('finishing the call');
    expect(openCount(createJournal(directory))).toBe(0);
    await place(contextOf());
    expect(orders.placed.size).toBe(2);
  });

  it('does not take for the same what has other terms, is of another caller, or has a process that waits for it', async () => {
    await leave('lost', marketTerms);
    await place(contextOf(), restingTerms);
    await place(contextOf({ apiKey: 'ok_b' }));
    expect(orders.placed.size).toBe(3);
    expect(createJournal(directory).list().abandoned).toHaveLength(1);
    createJournal(directory).claim(createJournal(directory).list().abandoned[0] ?? expect.fail());
    await place(contextOf());
    expect(orders.placed.size).toBe(4);
  });

  it('leaves it also when the caller is no longer known after an attempt without an answer, and not before one', async () => {
    orders.fates.push('lost', 'expired');
    await expect(place(contextOf())).rejects.toMatchObject({ kind: 'not-signed-in' });
    expect(openCount(createJournal(directory))).toBe(1);
    orders.fates.push('expired');
    await expect(place(contextOf(), restingTerms)).rejects.toMatchObject({ kind: 'not-signed-in' });
    expect(openCount(createJournal(directory))).toBe(1);
  });

  it('refuses a key of other characters, and one whose other call has no answer', async () => {
    await expect(place(contextOf(), marketTerms, 'a b')).rejects.toThrow(UsageError);
    createJournal(directory, ended).open({
      rpc: 'outcry.order.v1.OrderService/PlaceOrder',
      key: 'mine',
      gateway,
      identity: contextOf().session.identity(),
      request: { clientOrderId: 'mine' },
      createTimeMs: Date.now(),
    });
    await expect(place(contextOf(), marketTerms, 'mine')).rejects.toThrow(/outcry resume/);
    expect(orders.calls).toEqual([]);
  });
});

describe('settle', () => {
  const settleOldest = (options: { timeoutMs?: number } = {}) => {
    const context = contextOf(options);
    const owned = context.journal.claim(context.journal.list().abandoned[0] ?? expect.fail()) ?? expect.fail();
    return settle(context, { method: placeOrder.method, owned, show: ({ order }) => shown.push(order?.orderId ?? '') });
  };

  it('looks an old market order up, and never places it late', async () => {
    await leave('lost', marketTerms, momentTimeMaxMs + 5_000);
    const { length } = orders.calls;
    expect(await settleOldest()).toBe('done');
    expect(shown).toHaveLength(1);
    await leave('unsent', marketTerms, momentTimeMaxMs + 5_000);
    expect(await settleOldest()).toBe('not-done');
    expect(orders.placed.size).toBe(1);
    expect(orders.calls.slice(length).every((key) => !orders.placed.has(key))).toBe(true);
    expect(openCount(createJournal(directory))).toBe(0);
  });

  it('sends no order for the moment half a minute late, and does not call it undone as long as a call may be on its way', async () => {
    await leave('unsent', marketTerms, momentSendMaxMs + 5_000);
    const { length } = orders.calls;
    await expect(settleOldest({ timeoutMs: 500 })).rejects.toMatchObject({ kind: 'no-answer' });
    expect(orders.calls).toHaveLength(length);
    expect(openCount(createJournal(directory))).toBe(1);
  });

  it('does the same for an IOC order, and repeats one that may rest', async () => {
    await leave(
      'unsent',
      { ...restingTerms, timeInForce: TimeInForce.IOC } as typeof restingTerms,
      momentTimeMaxMs + 5_000,
    );
    expect(await settleOldest()).toBe('not-done');
    await leave('unsent', restingTerms, momentTimeMaxMs + 5_000);
    expect(await settleOldest()).toBe('done');
    expect(orders.placed.size).toBe(1);
  });

  it('looks an old sale of a position up, and repeats no old sale of all of them', async () => {
    const open = (method: { parent: { typeName: string }; name: string }, ageMs: number) =>
      createJournal(directory, ended).open({
        rpc: `${method.parent.typeName}/${method.name}`,
        key: method.name,
        gateway,
        identity: contextOf().session.identity(),
        request: {},
        createTimeMs: Date.now() - ageMs,
      });
    const settleOf = ({ method }: { method: DescMethodUnary<DescMessage, DescMessage> }) => {
      const context = contextOf({ timeoutMs: 500 });
      const owned = context.journal.claim(context.journal.list().abandoned[0] ?? expect.fail()) ?? expect.fail();
      return settle(context, {
        method,
        owned,
        show: () => shown.push('shown'),
      });
    };
    open(closePosition.method, momentTimeMaxMs + 5_000);
    expect(await settleOf(closePosition)).toBe('not-done');
    orders.placed.set('ClosePosition', undefined);
    open(closePosition.method, momentTimeMaxMs + 5_000);
    expect(await settleOf(closePosition)).toBe('done');
    expect(shown).toEqual(['shown']);
    open(closeAllPositions.method, momentSendMaxMs + 5_000);
    await expect(settleOf(closeAllPositions)).rejects.toMatchObject({ kind: 'no-answer' });
    expect(orders.calls).toEqual([]);
    expect(openCount(createJournal(directory))).toBe(1);
  });

  it('does not repeat what is older than its key, and leaves it', async () => {
    await leave('unsent', restingTerms, repeatTimeMaxMs + 5_000);
    await expect(settleOldest()).rejects.toMatchObject({ kind: 'no-answer' });
    expect(orders.placed.size).toBe(0);
    expect(openCount(createJournal(directory))).toBe(1);
  });
});
