import { create, type MessageInitShape } from '@bufbuild/protobuf';
import {
  type BookPricesSchema,
  FollowPricesResponseSchema,
  GetTermsResponseSchema,
  InstrumentTermsSchema,
} from '#gen/outcry/market/v1/internal_pb.ts';
import { AccountState, type TradingConditions } from '#gen/outcry/user/v1/conditions_pb.ts';
import { type AccountConditionsSchema, BatchGetConditionsResponseSchema } from '#gen/outcry/user/v1/internal_pb.ts';
import { createNotifier } from '#platform/concurrency/notifier.ts';
import { unavailable } from '#platform/errors/outcry-error.ts';
import { pause } from '#platform/time/pause.ts';
import type { Clients } from '../clients/clients.ts';
import { createFaults, type Faults } from './faults.ts';

type PricesInit = MessageInitShape<typeof BookPricesSchema>;
type ConditionsInit = MessageInitShape<typeof AccountConditionsSchema>;

type ConditionsChange = { version?: bigint; state?: AccountState } & Partial<
  Omit<TradingConditions, '$typeName' | '$unknown' | 'feePlan'>
>;

/** Instruments, quotes and trading conditions, as a test sets them. */
export type FakeMarket = Pick<Clients, 'market' | 'user'> & {
  faults: Faults<'getTerms'>;
  /** Sends these prices, in ticks, on every stream. */
  setPrices(prices: PricesInit): void;
  /** Ends every stream and refuses new ones, and lets them open again. */
  setAway(away: boolean): void;
  /** What differs from the usual conditions, by account. */
  conditions: Map<string, ConditionsInit>;
};

const heartbeatMs = 500;

/** Conditions of an account that may do anything, 10 bps as maker and 20 as taker, but for what is stated. */
export function usualConditions(
  accountId: string,
  { version = 1n, state = AccountState.ACTIVE, ...limits }: ConditionsChange = {},
): ConditionsInit {
  return {
    accountId,
    version,
    state,
    conditions: {
      feePlan: { name: 'usual', makerBps: 10, takerBps: 20 },
      openOrdersMax: 1_000,
      ordersPerSecondMax: 1_000,
      marketOrdersPermitted: true,
      ...limits,
    },
  };
}

/** ACME: ticks of 0.01, lots of 1 share. FRAC: ticks of 0.01, lots of 1 share as well, never quoted. */
export function createFakeMarket(): FakeMarket {
  const faults = createFaults<'getTerms'>();
  const prices = new Map<string, PricesInit>([
    ['ACME', { symbol: 'ACME', bidTicks: 9_900n, askTicks: 10_000n, lastTicks: 9_950n }],
  ]);
  const wake = createNotifier();
  let isAway = false;
  const conditions = new Map<string, ConditionsInit>();
  const instruments = ['ACME', 'FRAC'].map((symbol) =>
    create(InstrumentTermsSchema, {
      symbol,
      tickMicros: 10_000n,
      lotMicros: 1_000_000n,
      referencePriceTicks: 10_000n,
    }),
  );
  return {
    faults,
    setPrices(init) {
      prices.set(init.symbol ?? '', init);
      wake.notify();
    },
    setAway(away) {
      isAway = away;
      wake.notify();
    },
    conditions,
    market: {
      async *followPrices(_request, { signal = new AbortController().signal } = {}) {
        while (!signal.aborted) {
          if (isAway) throw unavailable();
          const waiting = wake.wait(signal);
          yield create(FollowPricesResponseSchema, { instruments, prices: [...prices.values()], complete: true });
          await Promise.race([waiting, pause(heartbeatMs, signal)]);
        }
      },
      getTerms: () => faults.around('getTerms', () => create(GetTermsResponseSchema, { instruments })),
    },
    user: {
      batchGetConditions: async ({ accountIds = [] }) =>
        create(BatchGetConditionsResponseSchema, {
          accounts: accountIds.map((accountId) => conditions.get(accountId) ?? usualConditions(accountId)),
        }),
    },
  };
}
