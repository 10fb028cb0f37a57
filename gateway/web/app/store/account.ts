/** Cash, holds and positions of the person who is logged in; read again after each change of an order. */
import { effect, signal } from '@preact/signals';
import type { Balance } from '#gen/outcry/ledger/v1/ledger_pb.ts';
import type { Portfolio } from '#gen/outcry/portfolio/v1/portfolio_pb.ts';
import { ledger, portfolio } from '../rpc/clients.ts';
import { isLoggedIn, personSignal } from '../rpc/session.ts';
import { onOwnChange } from './own-orders.ts';

/** What an account has: cash, shares by symbol, positions with their cost. */
export type Account = {
  cash: Balance | undefined;
  shares: ReadonlyMap<string, Balance>;
  portfolio: Portfolio | undefined;
};

/** The account; undefined until it is read, and without a log-in. */
export const account = signal<Account | undefined>(undefined);

const readEveryMs = 5_000;
// A trade is settled some milliseconds after its answer.
const afterChangeMs = 250;

let timer: ReturnType<typeof setTimeout> | undefined;
// The person whose account is being read.
let reading: AbortSignal | undefined;

/** Reads the account soon. */
export function readAccountSoon(): void {
  schedule(afterChangeMs);
}

/** Reads the account every 5 s while somebody is logged in, and soon after an order changed. */
export function followAccount(): void {
  onOwnChange(readAccountSoon);
  effect(() => {
    account.value = undefined;
    if (isLoggedIn.value) void read();
    else clearTimeout(timer);
  });
}

async function read(): Promise<void> {
  const person = personSignal();
  if (reading === person) return schedule(afterChangeMs);
  reading = person;
  try {
    const options = { signal: person };
    const [balances, positions] = await Promise.all([
      ledger.getBalances({}, options),
      portfolio.getPortfolio({}, options),
    ]);
    if (!person.aborted) {
      const shares = new Map(balances.shares.map((balance) => [balance.asset, balance]));
      account.value = { cash: balances.cash, shares, portfolio: positions.portfolio };
    }
  } catch {
    // The connection's state says that nothing is answered; the next read is under way.
  } finally {
    if (reading === person) reading = undefined;
  }
  if (!person.aborted) schedule(readEveryMs);
}

function schedule(waitMs: number): void {
  clearTimeout(timer);
  if (isLoggedIn.peek())
    timer = setTimeout(() => (document.visibilityState === 'visible' ? void read() : schedule(readEveryMs)), waitMs);
}
