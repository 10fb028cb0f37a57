import type { BaseConfig } from '#platform/config/base.ts';

/** What the ledger needs to know beside what every service does. All services that it calls are required. */
export type LedgerConfig = {
  databaseUrl: string;
  busDatabaseUrl: string;
  /** gRPC targets. */
  exchangeAddress: string;
  orderAddress: string;
  portfolioAddress: string;
  userAddress: string;
  /** Shards of the exchange that are settled. */
  shards: readonly number[];
};

/** Reads the ledger's part of the configuration. Throws ConfigError for what is not set. */
export function readLedgerConfig(base: BaseConfig): LedgerConfig {
  return {
    databaseUrl: base.databaseUrl,
    busDatabaseUrl: base.busDatabaseUrl,
    exchangeAddress: base.addressOf('exchange'),
    orderAddress: base.addressOf('order'),
    portfolioAddress: base.addressOf('portfolio'),
    userAddress: base.addressOf('user'),
    shards: [0],
  };
}
