import { create } from '@bufbuild/protobuf';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FundHouseAccountResponseSchema } from '#gen/outcry/ledger/v1/internal_pb.ts';
import { GetBalancesResponseSchema } from '#gen/outcry/ledger/v1/ledger_pb.ts';
import { ListInstrumentsResponseSchema, ListQuotesResponseSchema } from '#gen/outcry/market/v1/market_pb.ts';
import { EnsureHouseAccountResponseSchema } from '#gen/outcry/user/v1/internal_pb.ts';
import { cancelled, unavailable } from '#platform/errors/outcry-error.ts';
import { createMetrics } from '#platform/telemetry/metrics.ts';
import { silentLogger } from '#platform/testing/database.ts';
import type { SimulatorClients } from './clients.ts';
import { systemClock } from './clock.ts';
import { runSession } from './session.ts';

const unhandled: unknown[] = [];
const onUnhandled = (reason: unknown) => void unhandled.push(reason);

beforeEach(() => {
  unhandled.length = 0;
  process.on('unhandledRejection', onUnhandled);
});

afterEach(() => {
  process.off('unhandledRejection', onUnhandled);
});

/** Peers with one book; `cancelAllOrders` is what a maker's first call comes to. */
function peers(cancelAllOrders: SimulatorClients['orders']['cancelAllOrders']): SimulatorClients {
  const instrument = { symbol: 'ACME', tickSize: '0.01', lotSize: '1', referencePrice: '100.00' };
  const accessExpireTime = { seconds: BigInt(Math.floor(Date.now() / 1_000) + 600) };
  return {
    users: {
      ensureHouseAccount: async ({ name = '' }) =>
        create(EnsureHouseAccountResponseSchema, { accountId: name, accessToken: 'token', accessExpireTime }),
    },
    ledger: { fundHouseAccount: async () => create(FundHouseAccountResponseSchema) },
    balances: { getBalances: async () => create(GetBalancesResponseSchema) },
    market: {
      listInstruments: async () => create(ListInstrumentsResponseSchema, { instruments: [instrument] }),
      listQuotes: async () => create(ListQuotesResponseSchema),
    },
    orders: {
      cancelAllOrders,
      placeOrder: async () => Promise.reject(unavailable()),
      cancelOrder: async () => Promise.reject(unavailable()),
      // biome-ignore lint/correctness/useYield: a stream that is refused sends nothing.
      async *streamOrders() {
        throw unavailable();
      },
    },
  };
}

function run(clients: SimulatorClients, signal: AbortSignal): Promise<void> {
  return runSession({
    clients,
    seed: 1,
    commandsPerSecondMax: 50,
    makers: 2,
    takers: 2,
    clock: systemClock,
    marketSpeed: () => 1,
    metrics: createMetrics('simulator'),
    logger: silentLogger,
    signal,
  });
}

/** Rejects a turn of the event loop after the signal aborted, as a call that is cancelled does. */
function untilCancelled(signal: AbortSignal | undefined, onCalled: () => void): Promise<never> {
  onCalled();
  return new Promise((_, reject) => {
    signal?.addEventListener('abort', () => setImmediate(() => reject(cancelled())), { once: true });
  });
}

const oneTurn = () => new Promise((resolve) => setImmediate(resolve));

describe('runSession', () => {
  it('leaves no unhandled rejection when it is stopped while a maker clears its books', async () => {
    const stop = new AbortController();
    const called = Promise.withResolvers<void>();
    const session = run(
      peers((_, options) => untilCancelled(options?.signal, called.resolve)),
      stop.signal,
    );
    const ended = session.catch(() => 'ended');
    await called.promise;
    stop.abort();
    expect(await ended).toBe('ended');
    await oneTurn();
    expect(unhandled).toEqual([]);
  });

  it('leaves no unhandled rejection when a maker cannot clear its books', async () => {
    const stop = new AbortController();
    await expect(
      run(
        peers(() => Promise.reject(unavailable())),
        stop.signal,
      ),
    ).rejects.toMatchObject({ name: 'OutcryError' });
    stop.abort();
    await oneTurn();
    expect(unhandled).toEqual([]);
  });
});
