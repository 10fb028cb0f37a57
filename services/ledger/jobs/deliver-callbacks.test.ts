import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import { silentLogger } from '#platform/testing/database.ts';
import { eventually } from '#platform/testing/eventually.ts';
import { createLocalProvider } from '../clients/payments/local-provider.ts';
import { postCallback } from '../clients/payments/post-callback.ts';
import { type LocalPaymentSwitches, noFaults } from '../domain/payment-fate.ts';
import { deliveriesMax } from '../store/local-payments/callback-queue.ts';
import { openPaymentBooks, type PaymentBooks } from '../testing/payments.ts';
import { receiveCallback } from '../transfers/receive-callback.ts';
import { type DeliveryOptions, deliverCallbacks } from './deliver-callbacks.ts';

let books: PaymentBooks;
beforeAll(async () => {
  books = await openPaymentBooks();
});
afterAll(() => books?.[Symbol.asyncDispose]());

type Deliver = DeliveryOptions['deliver'];

/** A ledger that pays by a local provider with faults, and that provider's deliveries; `deliver` gets what would receive them here. */
function start(
  switches: Partial<LocalPaymentSwitches>,
  deliver: (callback: Parameters<Deliver>[0], receive: Deliver) => Promise<void> = (callback, receive) =>
    receive(callback),
) {
  const nowMs = () => books.clock.nowMs;
  const secrets = ['a secret of this test alone'.padEnd(32, '.')];
  const provider = createLocalProvider({ db: books.db, switches: { ...noFaults, ...switches }, secrets, nowMs });
  const ledger = books.start(books.db, provider);
  const stop = new AbortController();
  const running = deliverCallbacks({
    db: books.db,
    provider,
    deliver: (callback) => deliver(callback, (received) => receiveCallback(ledger.options, provider.name, received)),
    idleMs: 20,
    nowMs,
    logger: silentLogger,
    signal: stop.signal,
  });
  return {
    ledger,
    async deposit(accountId: string, signal = new AbortController().signal): Promise<string> {
      const terms = { accountId, kind: 'deposit', amountMicros: 1_000_000n } as const;
      const result = await ledger.transfers.request(terms, uuidV7(), signal);
      if (!('transfer' in result)) throw new Error('the transfer was refused');
      return result.transfer.transferId;
    },
    async stop() {
      stop.abort();
      await running;
    },
  };
}

async function countCallbacks(): Promise<number> {
  const { rows } = await books.db.query<{ count: bigint }>('SELECT count(*) AS count FROM local_callback');
  return Number(rows[0]?.count);
}

describe('deliverCallbacks', () => {
  it('brings delayed payments to their end, each booked once although its callback comes three times', async () => {
    const accountId = await books.addAccount({ cash: 0n });
    const system = start({ delayMsMax: 5_000, repeatedPercent: 100 });
    for (let i = 0; i < 5; i += 1) await system.deposit(accountId);
    expect(await books.balancesOf(accountId)).toEqual(['USD 0/0']);
    expect(await countCallbacks()).toBe(15);
    books.clock.nowMs += 6_000;
    await eventually(async () => expect(await countCallbacks()).toBe(0));
    expect(await books.balancesOf(accountId)).toEqual(['USD 5000000/0']);
    await system.stop();
  });

  it('sends none for payments whose callbacks are lost; reconciliation finds them', async () => {
    const accountId = await books.addAccount({ cash: 0n });
    const system = start({ delayMsMax: 5_000, lostPercent: 100 });
    await system.deposit(accountId);
    expect(await countCallbacks()).toBe(0);
    books.clock.nowMs += 6_000;
    await system.ledger.reconcile();
    expect(await books.balancesOf(accountId)).toEqual(['USD 1000000/0']);
    await system.stop();
  });

  it('brings a payment to its end whose answer was lost', async () => {
    const accountId = await books.addAccount({ cash: 0n });
    const [reached, given] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const system = start({ unansweredPercent: 100 }, async (callback, receive) => {
      reached.resolve();
      await given.promise;
      await receive(callback);
    });
    const impatient = new AbortController();
    const depositing = system.deposit(accountId, impatient.signal);
    // The provider has it, and never answers.
    await reached.promise;
    impatient.abort();
    const id = await depositing;
    given.resolve();
    await eventually(async () => expect((await books.bookings()).get(id)).toBe(1));
    await system.stop();
  });

  it('posts to an address until that answers with 2xx, and gives up in the end', async () => {
    const accountId = await books.addAccount({ cash: 0n });
    const paths: (string | undefined)[] = [];
    const server = createServer((request, response) => {
      paths.push(request.url);
      response.writeHead(paths.length <= deliveriesMax + 2 ? 503 : 204).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks/payments/local`;
    let isPosting = 0;
    const system = start({ delayMsMax: 1 }, async (callback) => {
      isPosting += 1;
      await postCallback(url, callback).finally(() => {
        isPosting -= 1;
      });
    });
    for (const posts of [deliveriesMax, deliveriesMax + 3]) {
      await system.deposit(accountId);
      // Time passes for it until it was taken or given up, in steps that end no claim of a delivery on its way.
      await eventually(async () => {
        if (isPosting === 0) books.clock.nowMs += 7_000;
        expect(await countCallbacks()).toBe(0);
      });
      expect(paths).toHaveLength(posts);
    }
    expect(new Set(paths)).toEqual(new Set(['/webhooks/payments/local']));
    await system.stop();
    server.closeAllConnections();
    server.close();
  });
});
