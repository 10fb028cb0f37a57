import { OutcryError } from '#platform/errors/outcry-error.ts';
import { failureCode, isConnectionFailure, isSerializationFailure } from '#platform/postgres/failures.ts';
import type { Database, Sql } from '#platform/postgres/sql.ts';
import { type AdmissionState, admitHold, type HoldRequest } from '../domain/admit-hold.ts';
import { type Hold, unfilled } from '../domain/hold.ts';
import { findPlainHolds } from '../domain/plain-holds.ts';
import type { Refusal } from '../domain/refusal.ts';
import { repeatHold } from '../domain/repeat-hold.ts';
import { insertHolds, type NewHold } from '../store/insert-holds.ts';
import { lockBalances } from '../store/lock-balances.ts';
import { readHolds } from '../store/read-holds.ts';
import { takeHolds } from '../store/take-holds.ts';
import { writeChanges } from '../store/write-changes.ts';
import { readAdmission } from './read-admission.ts';

/** The outcome of one request: its refusal, or undefined when the hold stands. */
export type HoldOutcome = Refusal | undefined;

/**
 * Takes a group of holds: admitted one after the other, each against what those before have left. An order id that was used before gets
 * its first outcome again. Refusals are stored like holds. Most are taken by one statement; only those of a balance, an account or an
 * order id that it does not find as expected are decided in turn, in a transaction. Throws ABORTED when other transactions store
 * the same order ids at each attempt. When it throws, some holds may have been taken: the same request gives their outcome.
 */
export async function placeHolds(db: Database, requests: HoldRequest[], nowMs: number): Promise<HoldOutcome[]> {
  const taken = await takePlainHolds(db, requests, nowMs);
  if (taken.size === requests.length) return requests.map(() => undefined);
  const rest = requests.filter((_, index) => !taken.has(index));
  const outcomes = (await placeInTurn(db, rest, nowMs)).values();
  return requests.map((_, index) => (taken.has(index) ? undefined : outcomes.next().value));
}

/** Takes a group of holds in one transaction, in which each is decided in its turn. As `placeHolds`, which leaves to it what is not plain. */
export function placeInTurn(db: Database, requests: HoldRequest[], nowMs: number): Promise<HoldOutcome[]> {
  return db.transaction((tx) => placeInTransaction(tx, requests, nowMs));
}

/** The indexes of the requests whose holds were taken by one statement; the others are to be decided. */
async function takePlainHolds(db: Database, requests: HoldRequest[], nowMs: number): Promise<Set<number>> {
  const plain = findPlainHolds(requests);
  if (plain.length === 0) return new Set();
  try {
    const left = new Set(await takeHolds(db, plain, new Date(nowMs)));
    return new Set(plain.map(({ index }) => index).filter((index) => !left.has(index)));
  } catch (error) {
    // Another transaction has stored an order id meanwhile, or the outcome is unknown: either way the transaction reads it again.
    if (isUniqueViolation(error) || isSerializationFailure(error) || isUnreachable(error)) return new Set();
    throw error;
  }
}

function isUniqueViolation(error: unknown): boolean {
  return failureCode(error) === '23505';
}

/** Whether the connection broke: the statement may still have its effect. */
function isUnreachable(error: unknown): boolean {
  return error instanceof OutcryError && isConnectionFailure(error.cause);
}

async function placeInTransaction(tx: Sql, requests: HoldRequest[], nowMs: number): Promise<HoldOutcome[]> {
  const state = await readAdmission(tx, requests, lockBalances);
  const orderIds = requests.map(({ orderId }) => orderId);
  const known = await readHolds(tx, orderIds);
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
  await writeChanges(tx, { sheet: state.sheet });
  return outcomes;
}

function decide(request: HoldRequest, state: AdmissionState): { hold: Hold; refusal?: Refusal } {
  const decision = admitHold(request, state);
  const base = { orderId: request.orderId, terms: request.terms, progress: unfilled, revision: 0 };
  if ('refusal' in decision) return { hold: { ...base, state: 'refused', amount: 0n }, refusal: decision.refusal };
  return { hold: { ...base, state: 'open', amount: decision.amount } };
}
