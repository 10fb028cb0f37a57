import { create, type MessageInitShape } from '@bufbuild/protobuf';
import {
  InstrumentSchema,
  ListInstrumentsResponseSchema,
  ListQuotesResponseSchema,
  type QuoteSchema,
} from '#gen/outcry/market/v1/market_pb.ts';
import { AccountState, type TradingConditions } from '#gen/outcry/user/v1/conditions_pb.ts';
import { type AccountConditionsSchema, BatchGetConditionsResponseSchema } from '#gen/outcry/user/v1/internal_pb.ts';
import type { Clients } from '../clients/clients.ts';
import { createFaults, type Faults } from './faults.ts';

type QuoteInit = MessageInitShape<typeof QuoteSchema>;
type ConditionsInit = MessageInitShape<typeof AccountConditionsSchema>;

type ConditionsChange = { version?: bigint; state?: AccountState } & Partial<
  Omit<TradingConditions, '$typeName' | '$unknown' | 'feePlan'>
>;

/** Instruments, quotes and trading conditions, as a test sets them. */
export type FakeMarket = Pick<Clients, 'market' | 'user'> & {
  faults: Faults<'listQuotes'>;
  quotes: Map<string, QuoteInit>;
  /** What differs from the usual conditions, by account. */
  conditions: Map<string, ConditionsInit>;
};

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
  const faults = createFaults<'listQuotes'>();
  const quotes = new Map<string, QuoteInit>([
    ['ACME', { symbol: 'ACME', bidPrice: '99.00', askPrice: '100.00', lastPrice: '99.50' }],
  ]);
  const conditions = new Map<string, ConditionsInit>();
  const instruments = ['ACME', 'FRAC'].map((symbol) =>
    create(InstrumentSchema, { symbol, tickSize: '0.01', lotSize: '1', currency: 'USD', referencePrice: '100' }),
  );
  return {
    faults,
    quotes,
    conditions,
    market: {
      listInstruments: async () => create(ListInstrumentsResponseSchema, { instruments }),
      listQuotes: ({ symbols = [] }) =>
        faults.around('listQuotes', () =>
          create(ListQuotesResponseSchema, { quotes: symbols.map((symbol) => quotes.get(symbol) ?? { symbol }) }),
        ),
    },
    user: {
      batchGetConditions: async ({ accountIds = [] }) =>
        create(BatchGetConditionsResponseSchema, {
          accounts: accountIds.map((accountId) => conditions.get(accountId) ?? usualConditions(accountId)),
        }),
    },
  };
}
