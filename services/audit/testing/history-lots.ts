/** What the portfolio service stores of the lots of a history, the oldest sold first. Written apart from the audit. */
import type { StoredRow } from '../domain/row.ts';
import { rowOf } from './row-of.ts';

type FakeLot = { micros: bigint; cost: bigint };

/** The lots of each account. */
export class FakeLots {
  readonly #lots = new Map<string, FakeLot[]>();
  readonly #gains = new Map<string, bigint>();
  readonly #taken = new Map<string, bigint>();

  /** A purchase. */
  add(account: string, micros: bigint, cost: bigint): void {
    this.#lots.set(account, [...(this.#lots.get(account) ?? []), { micros, cost }]);
  }

  /** A sale for so much. */
  take(account: string, micros: bigint, proceeds: bigint): void {
    const cost = this.#remove(account, micros);
    this.#gains.set(account, (this.#gains.get(account) ?? 0n) + proceeds - cost);
  }

  /** A correction that takes so much. */
  drop(account: string, micros: bigint): void {
    this.#taken.set(account, (this.#taken.get(account) ?? 0n) + this.#remove(account, micros));
  }

  #remove(account: string, micros: bigint): bigint {
    let [missing, removed] = [micros, 0n];
    const left = (this.#lots.get(account) ?? []).flatMap((lot) => {
      const isWhole = lot.micros <= missing;
      const part = isWhole ? lot.micros : missing;
      const cost = isWhole ? lot.cost : (lot.cost * part) / lot.micros;
      missing -= part;
      removed += cost;
      return isWhole ? [] : { micros: lot.micros - part, cost: lot.cost - cost };
    });
    this.#lots.set(account, left);
    return removed;
  }

  /** Its tables. */
  tables(symbol: string): Record<string, StoredRow[]> {
    const sums = [...this.#lots].map(([account, lots]) => ({
      key: `${account}/${symbol}`,
      quantity_micros: lots.reduce((sum, { micros }) => sum + micros, 0n),
      cost_micros: lots.reduce((sum, { cost }) => sum + cost, 0n),
      realized_micros: this.#gains.get(account) ?? 0n,
      taken_micros: this.#taken.get(account) ?? 0n,
    }));
    return {
      lot_total: sums.map(({ key, ...values }) => rowOf(key, values)),
      lot_sum: sums
        .filter(({ quantity_micros }) => quantity_micros > 0n)
        .map(({ key, quantity_micros, cost_micros }) => rowOf(key, { quantity_micros, cost_micros })),
      lot_gain: sums.map(({ key, realized_micros }) => rowOf(key, { realized_micros })),
    };
  }
}
