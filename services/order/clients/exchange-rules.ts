import { unavailable } from '#platform/errors/outcry-error.ts';
import type { Clients } from './clients.ts';

/** The rules under which the shards of the exchange trade. They never go back, so what was known once stays so. */
export type ExchangeRules = {
  /**
   * Returns once the shard knows orders by value; without a promise when that was known before. Rejects UNAVAILABLE while a release serves it that
   * does not: it would take such an order for one by lots, which may cost more than the amount.
   */
  requireValues(shard: number): void | Promise<void>;
};

/** The first version of the exchange's rules with orders by value. */
const valuesSince = 5;
const timeoutMs = 1_000;

/** Asks each shard once, or until it knows them. */
export function createExchangeRules({ exchange }: { exchange: Pick<Clients['exchange'], 'getShard'> }): ExchangeRules {
  const known = new Set<number>();
  const ask = async (shard: number) => {
    const { ruleVersion } = await exchange.getShard({ shard }, { timeoutMs });
    if (ruleVersion < valuesSince)
      throw unavailable(undefined, 'orders by amount are taken after an upgrade of the exchange');
    known.add(shard);
  };
  return {
    requireValues: (shard) => (known.has(shard) ? undefined : ask(shard)),
  };
}
