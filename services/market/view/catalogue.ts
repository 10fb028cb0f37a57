import type { Sql } from '#platform/postgres/sql.ts';
import type { Terms } from '../domain/instrument.ts';
import { readInstruments } from '../store/read-instruments.ts';

/** The instruments of the database, held in memory; every replica has its own copy. */
export type Catalogue = {
  /** Reads all again. What was listed is never removed, so an older copy only lacks the newest. */
  load(): Promise<void>;
  get(symbol: string): Terms | undefined;
  /** All, by symbol. */
  list(): readonly Terms[];
};

/** An empty copy; call `load` before use. */
export function createCatalogue(db: Sql): Catalogue {
  let sorted: readonly Terms[] = [];
  let bySymbol = new Map<string, Terms>();
  return {
    async load() {
      sorted = await readInstruments(db);
      bySymbol = new Map(sorted.map((terms) => [terms.symbol, terms]));
    },
    get: (symbol) => bySymbol.get(symbol),
    list: () => sorted,
  };
}
