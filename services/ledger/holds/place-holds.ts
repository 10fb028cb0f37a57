import type { Database, Sql } from '#platform/postgres/sql.ts';
import { type AdmissionState, admitHold, type HoldRequest } from '../domain/admit-hold.ts';
import type { BalanceKey } from '../domain/balance-sheet.ts';
import { type Hold, heldAsset, unfilled } from '../domain/hold.ts';
import type { Refusal } from '../domain/refusal.ts';
import { repeatHold } from '../domain/repeat-hold.ts';
import { insertHolds, type NewHold } from '../store/insert-holds.ts';
import { lockBalances } from '../store/lock-balances.ts';
import { readAccounts } from '../store/read-accounts.ts';
import { readHolds } from '../store/read-holds.ts';
import { readIncomingShares } from '../store/read-incoming-shares.ts';
import { writeBalances } from '../store/write-balances.ts';

/** The outcome of one request: its refusal, or undefined when the hold stands. */
export type HoldOutcome = Refusal | undefined;

/**
 * Takes a group of holds in one transaction: admitted one after the other, each against what those before have left. An
 * order id that was used before gets its first outcome again. Refusals are stored like holds. Throws ABORTED when other transactions store
 * the same order ids at each attempt.
 */
export async function placeHolds(db: Database, requests: HoldRequest[], nowMs: number): Promise<HoldOutcome[]> {
  return db.transaction((tx) => placeInTransaction(tx, requests, nowMs));
}

async function placeInTransaction(tx: Sql, requests: HoldRequest[], nowMs: number): Promise<HoldOutcome[]> {
  // Locked before anything is decided: no other transaction can spend from these balances until this one has committed.
  const sheet = await lockBalances(tx, requests.flatMap(keysOf));
  const orderIds = requests.map(({ orderId }) => orderId);
  const known = await readHolds(tx, orderIds);
  const accounts = await readAccounts(tx, [...new Set(requests.map(({ terms }) => terms.accountId))]);
  const limited = requests.filter(({ terms, positionMaxMicros }) => terms.side === 'buy' && positionMaxMicros > 0n);
  const state: AdmissionState = {
    sheet,
    accounts: new Map([...accounts].map(([id, account]) => [id, account.state])),
    incomingMicros: await readIncomingShares(tx, limited.map(positionKeyOf)),
  };
  const fresh: NewHold[] = [];
  const outcomes = requests.map((request) => {
    const record = known.get(request.orderId);
    if (record) return repeatHold(request, record);
    const { hold, refusal } = decide(request, state);
    fresh.push({ hold, refusal });
    known.set(request.orderId, refusal ? { kind: 'refused', hold, refusal } : { kind: 'hold', hold });
    return refusal;
  });
  await insertHolds(tx, fresh, new Date(nowMs));
  await writeBalances(tx, sheet);
  return outcomes;
}

function decide(request: HoldRequest, state: AdmissionState): { hold: Hold; refusal?: Refusal } {
  const decision = admitHold(request, state);
  const base = { orderId: request.orderId, terms: request.terms, progress: unfilled, revision: 0 };
  if ('refusal' in decision) return { hold: { ...base, state: 'refused', amount: 0n }, refusal: decision.refusal };
  return { hold: { ...base, state: 'open', amount: decision.amount } };
}

function keysOf(request: HoldRequest): BalanceKey[] {
  const { terms, positionMaxMicros } = request;
  const key = { accountId: terms.accountId, asset: heldAsset(terms) };
  // A position limit depends on the shares too, and they must not change meanwhile.
  return terms.side === 'buy' && positionMaxMicros > 0n ? [key, positionKeyOf(request)] : [key];
}

function positionKeyOf({ terms }: HoldRequest): BalanceKey {
  return { accountId: terms.accountId, asset: terms.symbol };
}
