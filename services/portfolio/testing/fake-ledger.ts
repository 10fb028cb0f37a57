/** A ledger that is nothing but its feed: tests say what was booked. */
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { type LedgerEntry, LedgerEntrySchema, LedgerFeedService } from '#gen/outcry/ledger/v1/feed_pb.ts';
import { createNotifier } from '#platform/concurrency/notifier.ts';
import { serveFeed } from '#platform/feed/serve-feed.ts';
import { serveRpc } from '#platform/lifecycle/serve-rpc.ts';
import { implement } from '#platform/rpc/implementation.ts';
import { createTestApp } from '#platform/testing/service-app.ts';
import type { TestIdentity } from '#platform/testing/tokens.ts';

type EntryInit = MessageInitShape<typeof LedgerEntrySchema> & { sequence: bigint };

/** The parts of a trade that a test cares about. */
export type FakeTrade = {
  symbol: string;
  quantityMicros: bigint;
  valueMicros: bigint;
  buyer: string;
  seller: string;
  buyerFeeMicros?: bigint;
  sellerFeeMicros?: bigint;
  /** Default: an order of its own. */
  buyerOrderId?: string;
};

/** The running ledger. Each booking answers its sequence. */
export type FakeLedger = AsyncDisposable & {
  address: string;
  cash(accountId: string, amountMicros: bigint): bigint;
  issue(accountId: string, symbol: string, quantityMicros: bigint): bigint;
  trade(trade: FakeTrade): bigint;
  head(): bigint;
  /** What was booked after a sequence, as the feed sends it. */
  entriesAfter(sequence: bigint): LedgerEntry[];
};

/** Starts it with an empty log. */
export async function startFakeLedger(identity: TestIdentity): Promise<FakeLedger> {
  const app = createTestApp('ledger');
  const log: EntryInit[] = [];
  const wake = createNotifier();
  const binding = implement(LedgerFeedService, {
    follow: ({ afterSequence }, { signal }) =>
      serveFeed({
        readAfter: async (sequence, limit) => log.slice(Number(sequence), Number(sequence) + limit),
        sequenceOf: (entry) => entry.sequence,
        wake,
        afterSequence,
        signal,
        pageMax: 100,
      }),
  });
  const server = await serveRpc(app, { bindings: [binding], authenticator: identity.authenticator });
  app.ready();
  const book = (entry: EntryInit['entry']): bigint => {
    const sequence = BigInt(log.length + 1);
    log.push({ sequence, timeMs: BigInt(Date.now()), entry });
    wake.notify();
    return sequence;
  };
  return {
    address: `ipv4:127.0.0.1:${server.port}`,
    cash: (accountId, amountMicros) => book({ case: 'cashMoved', value: { accountId, amountMicros, transferId: 't' } }),
    issue: (accountId, symbol, quantityMicros) =>
      book({ case: 'sharesIssued', value: { accountId, symbol, quantityMicros, issueId: 'i' } }),
    trade: ({ buyer, seller, buyerOrderId, buyerFeeMicros = 0n, sellerFeeMicros = 0n, ...rest }) =>
      book({
        case: 'tradeSettled',
        value: {
          ...rest,
          tradeId: `trade-${log.length + 1}`,
          buyer: { accountId: buyer, orderId: buyerOrderId ?? `buy-${log.length + 1}`, feeMicros: buyerFeeMicros },
          seller: { accountId: seller, orderId: 's', feeMicros: sellerFeeMicros },
        },
      }),
    head: () => BigInt(log.length),
    entriesAfter: (sequence) => log.slice(Number(sequence)).map((entry) => create(LedgerEntrySchema, entry)),
    async [Symbol.asyncDispose]() {
      await app.shutdown();
    },
  };
}
