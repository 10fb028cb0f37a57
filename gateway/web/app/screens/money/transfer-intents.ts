/** Transfers whose outcome this browser does not know yet: stored with their key before they are sent, so that a reload cannot pay twice. */
import { notDone } from '../../acting/not-done.ts';
import type { Direction } from './transfer-text.ts';

/** A transfer that was asked for. */
export type TransferIntent = {
  key: string;
  accountId: string;
  direction: Direction;
  amount: string;
  createdMs: number;
};

const storageKey = 'outcry.transfers';
const intentsMax = 20;

type Store = Pick<Storage, 'getItem' | 'setItem'>;

/** The intents of an account, oldest first; what is damaged is left out. */
export function storedIntents(storage: Store, accountId: string): TransferIntent[] {
  return all(storage).filter((intent) => intent.accountId === accountId);
}

/** Stores an intent. Throws where there are 20 already, which have to be looked up first, or the browser stores nothing. */
export function storeIntent(storage: Store, intent: TransferIntent): void {
  const known = all(storage).filter(({ key }) => key !== intent.key);
  if (known.length >= intentsMax) throw notDone('too many transfers are without an answer; look at them first');
  storage.setItem(storageKey, JSON.stringify([...known, intent]));
}

/** Forgets an intent once its outcome is known. */
export function dropIntent(storage: Store, key: string): void {
  storage.setItem(storageKey, JSON.stringify(all(storage).filter((intent) => intent.key !== key)));
}

function all(storage: Store): TransferIntent[] {
  try {
    const stored: unknown = JSON.parse(storage.getItem(storageKey) ?? '[]');
    return Array.isArray(stored) ? stored.filter(isIntent) : [];
  } catch {
    return [];
  }
}

function isIntent(value: unknown): value is TransferIntent {
  if (typeof value !== 'object' || value === null) return false;
  const { key, accountId, direction, amount, createdMs } = value as Record<string, unknown>;
  const areTexts = [key, accountId, amount].every((text) => typeof text === 'string');
  return areTexts && (direction === 'deposit' || direction === 'withdraw') && typeof createdMs === 'number';
}
