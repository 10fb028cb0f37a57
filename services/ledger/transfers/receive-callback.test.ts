import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Code } from '#platform/errors/code.ts';
import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import { paymentProviders } from '../clients/payments/payment-provider.ts';
import type { TransferKind } from '../domain/transfer.ts';
import { Crash, crashingAt } from '../testing/crashing.ts';
import { openPaymentBooks, type PaymentBooks, type TestPayments } from '../testing/payments.ts';
import type { BankPayment } from '../testing/test-bank.ts';
import { grantAssets } from './grant-assets.ts';
import { receiveCallback } from './receive-callback.ts';

let books: PaymentBooks;
let ledger: TestPayments;
let accountId: string;
const signal = new AbortController().signal;

beforeAll(async () => {
  books = await openPaymentBooks();
  ledger = books.start();
});
afterAll(() => books?.[Symbol.asyncDispose]());
beforeEach(async () => {
  Object.assign(books.bank, { mode: 'answering', outcome: 'pending' });
  accountId = await books.addAccount({ cash: 100_000_000n });
});

/** A transfer that the bank works on; its id. */
async function begin(kind: TransferKind, cents: bigint): Promise<string> {
  const result = await ledger.transfers.request({ accountId, kind, amountMicros: cents * 10_000n }, uuidV7(), signal);
  if (!('transfer' in result)) throw new Error('the transfer was refused');
  return result.transfer.transferId;
}

function deliver(...[key, options]: Parameters<PaymentBooks['bank']['callback']>): Promise<void> {
  return receiveCallback(ledger.options, books.bank.provider.name, books.bank.callback(key, options));
}

async function stageOf(transferId: string) {
  const { rows } = await books.db.query<{ stage: string }>(
    `SELECT status || ' ' || progress AS stage FROM transfer WHERE transfer_id = $1`,
    [transferId],
  );
  return rows[0]?.stage;
}

describe('receiveCallback', () => {
  it('books a deposit once, however often and at once the callback comes', async () => {
    const id = await begin('deposit', 500n);
    expect(await stageOf(id)).toBe('pending accepted');
    expect(await books.balancesOf(accountId)).toEqual(['USD 100000000/0']);
    books.bank.settle(id, 'completed');
    await Promise.all([deliver(id), deliver(id), deliver(id, { eventId: 'another' })]);
    await deliver(id);
    expect(await books.balancesOf(accountId)).toEqual(['USD 105000000/0']);
    expect((await books.bookings()).get(id)).toBe(1);
  });

  it('does nothing for an event that it has taken before, whatever comes with its id', async () => {
    const id = await begin('deposit', 500n);
    const fresh = books.start();
    const { provider } = books.bank;
    const send = (changes: Partial<BankPayment>) =>
      receiveCallback(fresh.options, provider.name, books.bank.callback(id, { eventId: `${id}/x`, changes }));
    await send({});
    await Promise.all([send({ status: 'BOOKED' }), send({ status: 'BOOKED', tenthsOfCents: 1n })]);
    expect(await stageOf(id)).toBe('pending accepted');
    const { registry } = fresh.options.metrics;
    const counted = await registry.getSingleMetricAsString('outcry_payment_callbacks_total');
    expect(counted).toMatch(/outcome="repeated".* 2$/m);
    expect(counted).toMatch(/outcome="applied".* 1$/m);
  });

  it('pays a withdrawal out of what is held, or frees it', async () => {
    const [paid, failed] = [await begin('withdrawal', 3_000n), await begin('withdrawal', 4_000n)];
    expect(await books.balancesOf(accountId)).toEqual(['USD 30000000/70000000']);
    books.bank.settle(paid, 'completed');
    books.bank.settle(failed, 'failed');
    await deliver(failed);
    await deliver(paid);
    expect(await books.balancesOf(accountId)).toEqual(['USD 70000000/0']);
    expect([await stageOf(paid), await stageOf(failed)]).toEqual(['completed accepted', 'failed accepted']);
  });

  it('books a payment whose callback comes before the answer to the call that made it', async () => {
    const { bank } = books;
    bank.outcome = 'completed';
    const { create } = bank.provider;
    let transferId = '';
    const provider = {
      ...bank.provider,
      create: async (...[order, callSignal]: Parameters<typeof create>) => {
        const payment = await create(order, callSignal);
        transferId = order.key;
        await deliver(order.key);
        return payment;
      },
    };
    const early = books.start(books.db, provider);
    const result = await early.transfers.request(
      { accountId, kind: 'deposit', amountMicros: 700_000n },
      uuidV7(),
      signal,
    );
    expect(result).toMatchObject({ transfer: { status: 'completed' } });
    expect((await books.bookings()).get(transferId)).toBe(1);
    expect(await books.balancesOf(accountId)).toEqual(['USD 100700000/0']);
  });

  it('never books another amount, currency or direction, an unknown payment or a second one under the key, and reports each once', async () => {
    const { bank } = books;
    const id = await begin('deposit', 500n);
    const known = await books.findings();
    const booked = { status: 'BOOKED' } as const;
    const unknown = uuidV7();
    await deliver(id, { eventId: 'a', changes: { ...booked, tenthsOfCents: 5_010n } });
    await deliver(id, { eventId: 'b', changes: { ...booked, currency: 'EUR' } });
    await deliver(id, { eventId: 'c', changes: { ...booked, isCredit: false } });
    await deliver(id, { eventId: 'd', changes: { ...booked, number: 1 } });
    await deliver(unknown, { eventId: 'e', changes: booked });
    await deliver('no id of ours', { eventId: 'f', changes: booked });
    expect((await books.findings()).slice(known.length)).toEqual([
      `terms-differ ${id}`,
      `payment-doubled ${id}`,
      `unknown-here ${unknown}`,
      'unknown-here no id of ours',
    ]);
    expect(await stageOf(id)).toBe('pending accepted');
    expect(await books.balancesOf(accountId)).toEqual(['USD 100000000/0']);
    bank.settle(id, 'completed');
    await deliver(id, { eventId: 'g' });
    expect(await books.balancesOf(accountId)).toEqual(['USD 105000000/0']);
    const { registry } = ledger.options.metrics;
    expect(await registry.getSingleMetricAsString('outcry_payment_findings_total')).toMatch(
      /rule="terms-differ".* 3$/m,
    );
  });

  it('takes no word of a provider that was not asked, nor of cash that staff gave', async () => {
    const { bank } = books;
    const other = { ...bank.provider, name: 'other' };
    const both = { ...ledger.options, providers: paymentProviders(bank.provider, other) };
    const id = await begin('deposit', 500n);
    bank.settle(id, 'completed');
    await receiveCallback(both, 'other', bank.callback(id));
    expect((await books.findings()).at(-1)).toBe(`unknown-here ${id}`);
    expect(await stageOf(id)).toBe('pending accepted');
    const { feed, nowMs } = ledger.options;
    await grantAssets({ db: books.db, feed, nowMs }, { accountId, cashMicros: 70_000n, shares: [] }, 'test', uuidV7());
    const { rows } = await books.db.query<{ id: string }>(
      `SELECT transfer_id AS id FROM transfer WHERE account_id = $1 AND amount_micros = 70000`,
      [accountId],
    );
    const granted = rows[0]?.id ?? '';
    await deliver(granted, { changes: { tenthsOfCents: 70n, status: 'BOOKED' } });
    expect((await books.findings()).at(-1)).toBe(`unknown-here ${granted}`);
    expect(await books.balancesOf(accountId)).toEqual(['USD 100070000/0']);
  });

  it('leaves a final transfer as it is, and reports an outcome that says otherwise', async () => {
    const [done, dropped] = [await begin('deposit', 100n), await begin('withdrawal', 200n)];
    books.bank.settle(done, 'completed');
    books.bank.settle(dropped, 'failed');
    await deliver(done, { eventId: `${done}/1` });
    await deliver(dropped, { eventId: `${dropped}/1` });
    const known = await books.findings();
    await deliver(done, { eventId: `${done}/2`, changes: { status: 'RETURNED' } });
    await deliver(dropped, { eventId: `${dropped}/2`, changes: { status: 'BOOKED' } });
    await deliver(done, { eventId: `${done}/3`, changes: { status: 'OPEN' } });
    expect((await books.findings()).slice(known.length)).toEqual([`state-differs ${done}`, `state-differs ${dropped}`]);
    expect(await books.balancesOf(accountId)).toEqual(['USD 101000000/0']);
  });

  it('takes a callback again whose process died at any point before its commit', async () => {
    let crashes = 0;
    for (let point = 0; ; point += 1) {
      const id = await begin('deposit', 10n);
      books.bank.settle(id, 'completed');
      const db = crashingAt(books.db, point);
      const dying = books.start(db);
      const callback = books.bank.callback(id, { eventId: id });
      const first = receiveCallback(dying.options, books.bank.provider.name, callback);
      await first.catch((error) => expect(error).toBeInstanceOf(Crash));
      await deliver(id, { eventId: id });
      expect([point, (await books.bookings()).get(id), await stageOf(id)]).toEqual([point, 1, 'completed accepted']);
      if (!db.crashed()) break;
      crashes += 1;
    }
    expect(crashes).toBeGreaterThan(8);
  });

  it('refuses what is not signed, signed long ago, changed on the way, or of an unknown provider, and does nothing', async () => {
    const { bank, clock } = books;
    const id = await begin('deposit', 500n);
    bank.settle(id, 'completed');
    const callback = bank.callback(id);
    const { name } = bank.provider;
    const changed = { ...callback, body: Buffer.concat([callback.body, Buffer.from(' ')]) };
    const old = bank.callback(id, { timeMs: clock.nowMs - 121_000 });
    const early = bank.callback(id, { timeMs: clock.nowMs + 121_000 });
    const long = { headers: {}, body: new Uint8Array(64 * 1_024 + 1) };
    for (const refused of [changed, old, early, long, { headers: {}, body: callback.body }]) {
      await expect(receiveCallback(ledger.options, name, refused)).rejects.toMatchObject({
        code: Code.INVALID_ARGUMENT,
      });
    }
    const elsewhere = receiveCallback(ledger.options, 'other', callback);
    await expect(elsewhere).rejects.toMatchObject({ code: Code.NOT_FOUND });
    expect(await stageOf(id)).toBe('pending accepted');
    await receiveCallback(ledger.options, name, callback);
    expect(await stageOf(id)).toBe('completed accepted');
  });

  it('reports a payment that the ledger cannot take', async () => {
    await books.db.query('UPDATE balance SET available = 4000000000000000000 WHERE account_id = $1', [accountId]);
    const id = await begin('deposit', 1n);
    books.bank.settle(id, 'completed');
    await deliver(id);
    expect((await books.findings()).at(-1)).toBe(`booking-refused ${id}`);
    expect(await stageOf(id)).toBe('pending accepted');
  });
});
