import { amountMax } from '#platform/money/grid.ts';
import { isSystemAccount, mayOverdraw } from './asset.ts';

/** What an account has of one asset, in the asset's smallest unit; all of it is `available + held`. */
export type Balance = { accountId: string; asset: string; available: bigint; held: bigint };

/** Names one balance. */
export type BalanceKey = Pick<Balance, 'accountId' | 'asset'>;

/** A change that the ledger's rules forbid. It means a fault in the input; nothing of the sheet may be written then. */
export class BalanceError extends Error {
  override name = 'BalanceError';
}

/** Text that is equal for equal keys. */
export function balanceKeyText({ accountId, asset }: BalanceKey): string {
  return `${accountId} ${asset}`;
}

/**
 * The locked balances that a transaction works on, in memory until they are written together. Every change is one of the four
 * movements below, and none lets a customer's part fall below 0.
 */
export class BalanceSheet {
  readonly #balances = new Map<string, Balance>();
  readonly #changed = new Set<Balance>();

  constructor(balances: Iterable<Balance> = []) {
    for (const balance of balances) this.#balances.set(balanceKeyText(balance), { ...balance });
  }

  /** The balance, with zeros when the account never had the asset. */
  read(key: BalanceKey): Readonly<Balance> {
    return this.#balances.get(balanceKeyText(key)) ?? { ...key, available: 0n, held: 0n };
  }

  /** The balances that differ from what was locked, or did in between. */
  changed(): Balance[] {
    return [...this.#changed];
  }

  /** Moves from available to held, for an order or a withdrawal. */
  hold(key: BalanceKey, amount: bigint): void {
    this.#move(key, -amount, amount);
  }

  /** Moves from held back to available. */
  release(key: BalanceKey, amount: bigint): void {
    this.#move(key, amount, -amount);
  }

  /** Adds to what is available. */
  credit(key: BalanceKey, amount: bigint): void {
    this.#move(key, amount, 0n);
  }

  /** Takes from what is held. */
  debitHeld(key: BalanceKey, amount: bigint): void {
    this.#move(key, 0n, -amount);
  }

  #move(key: BalanceKey, available: bigint, held: bigint): void {
    if (available === 0n && held === 0n) return;
    const text = balanceKeyText(key);
    const balance = this.#balances.get(text) ?? { ...key, available: 0n, held: 0n };
    const next = { available: balance.available + available, held: balance.held + held };
    if (!mayOverdraw(key.accountId) && next.available < 0n) throw new BalanceError(`${text}: available falls below 0`);
    if (next.held < 0n) throw new BalanceError(`${text}: held falls below 0`);
    if (!isSystemAccount(key.accountId) && next.available + next.held > amountMax) {
      throw new BalanceError(`${text}: more than the ledger takes`);
    }
    this.#balances.set(text, Object.assign(balance, next));
    this.#changed.add(balance);
  }
}
