import type { Clients } from './clients.ts';

/** What an account has of one symbol, in millionths of a share. */
export type OwnedShares = { symbol: string; availableMicros: bigint; heldMicros: bigint };

/** Shares of an account, and the exchange's feed position by shard up to which the ledger had settled when it read them. */
export type SharesAt = { shares: OwnedShares[]; positions: ReadonlyMap<number, bigint> };

/** Reads shares at the ledger. */
export type OwnedSharesSource = {
  /** Those of one symbol, or of all (empty), by symbol; symbols of which the account has none are left out. */
  read(accountId: string, symbol: string): Promise<SharesAt>;
};

const timeoutMs = 1_500;

/** Asks the ledger each time: what an account has changes with every trade. */
export function createOwnedShares({ ledger }: Pick<Clients, 'ledger'>): OwnedSharesSource {
  return {
    async read(accountId, symbol) {
      const { shares, exchangePositions } = await ledger.getShares({ accountId, symbol }, { timeoutMs });
      const positions = Object.entries(exchangePositions).map(
        ([shard, sequence]) => [Number(shard), sequence] as const,
      );
      return { shares, positions: new Map(positions) };
    },
  };
}
