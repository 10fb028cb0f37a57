/** Lists of orders on their way: as they are shown, and as they are stored. */
import type { Failure } from '../rpc/failure.ts';

/** An order on its way, or its outcome. */
export type Intent = {
  /** Its client_order_id, or client_list_id. */
  key: string;
  /** Its act in words. */
  text: string;
  state: 'sending' | 'unknown' | 'placed' | 'refused';
  /** Why it was refused; empty: it was not. */
  message: string;
  orderIds: readonly string[];
  reason?: Failure;
};

/** What is stored of one: enough to look it up, too little to send it again. */
export type StoredIntent = { key: string; text: string; isList: boolean; userId: string; atMs: number };

const shownMax = 5;
const storedMax = 50;
const storedForMs = 7 * 86_400_000;

/** The list with this one in front: all whose outcome is open, and of the others so many that five are shown. */
export function addIntent(list: readonly Intent[], intent: Intent): readonly Intent[] {
  return [intent, ...list].filter((one, index) => index < shownMax || !isSettled(one));
}

/** Whether the outcome is known. */
export function isSettled({ state }: Intent): boolean {
  return state === 'placed' || state === 'refused';
}

/** Stored intents of the last week, at most 50; none where the text is damaged. */
export function parseIntents(text: string | null, nowMs: number): StoredIntent[] {
  try {
    const list: unknown = JSON.parse(text ?? '[]');
    if (!Array.isArray(list)) return [];
    return list.filter((one): one is StoredIntent => isStored(one) && nowMs - one.atMs < storedForMs).slice(-storedMax);
  } catch {
    return [];
  }
}

function isStored(value: unknown): value is StoredIntent {
  if (typeof value !== 'object' || value === null) return false;
  const { key, text, isList, userId, atMs } = value as Record<string, unknown>;
  const areTexts = [key, text, userId].every((one) => typeof one === 'string' && one.length <= 200);
  return areTexts && typeof isList === 'boolean' && typeof atMs === 'number';
}
