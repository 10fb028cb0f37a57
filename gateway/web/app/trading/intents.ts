/**
 * Orders on their way. The key of each is stored before it is sent, without its terms: after a reload or in another tab its outcome is looked
 * up, and nothing is sent again. What is not known is said to be not known until it is.
 */
import { computed, effect, signal } from '@preact/signals';
import { announce } from '../frame/announce.ts';
import { showNow } from '../frame/notices.ts';
import { profile } from '../frame/roles.ts';
import { orders } from '../rpc/clients.ts';
import { type Failure, failureOf, failureText } from '../rpc/failure.ts';
import { rest } from '../rpc/rest.ts';
import { personSignal } from '../rpc/session.ts';
import { takeOrder } from '../store/own-orders.ts';
import { newKey } from './client-key.ts';
import { addIntent, type Intent, isSettled, parseIntents, type StoredIntent } from './intent-list.ts';
import { attemptEveryMs, attemptsMax, isStillUnknown } from './until-known.ts';

const storageKey = 'outcry.intents';
// An order for the market of its moment enters the book within 5 s or never; twice the time of a call besides.
const lookUpForMs = 35_000;

/** The last intents of this tab and of who is logged in, newest first. */
export const intents = signal<readonly Intent[]>([]);

/** What is to be placed: its text, and the call, which takes the key. */
export type Placing = {
  text: string;
  isList: boolean;
  send: (key: string) => Promise<Awaited<ReturnType<typeof orders.getOrder>>['order'][]>;
};

/**
 * Places an order once: the call is repeated under its key while its outcome is not known, and while the same person is logged in. Never
 * rejects; the outcome is in `intents`.
 */
export async function place({ text, isList, send }: Placing): Promise<void> {
  const key = newKey();
  intents.value = addIntent(intents.peek(), { key, text, state: 'sending', message: '', orderIds: [] });
  const userId = profile.peek()?.userId;
  if (userId === undefined) return refuse(key, text, 'Your account is not read yet; nothing was sent.');
  const stored: StoredIntent = { key, text, isList, userId, atMs: Date.now() };
  try {
    store([...readStored(), stored]);
  } catch {
    return refuse(key, text, 'This browser has no room to store it; nothing was sent.');
  }
  await repeat(stored, send, personSignal());
}

async function repeat(stored: StoredIntent, send: Placing['send'], until: AbortSignal): Promise<void> {
  const { key, text } = stored;
  for (let count = 1; count <= attemptsMax; count++) {
    try {
      const placed = (await send(key)).filter((order) => order !== undefined);
      settle(key, { state: 'placed', orderIds: placed.map(({ orderId }) => orderId) });
      // The order of who has logged out is not shown to the next person.
      if (until.aborted) return;
      placed.forEach(takeOrder);
      if (count === 1) announce(`Sent: ${text}.`);
      else showNow(`It was placed: ${text}.`, key);
      return;
    } catch (error) {
      // Its key is stored, and looked up when the same person logs in again.
      if (until.aborted) return;
      const failure = failureOf(error);
      if (!isStillUnknown(failure, count)) return refuse(key, text, failureText(failure), failure);
      if (count === 1) showNow(`No answer yet: ${text}. Its outcome is looked up.`, key);
      update(key, { state: 'unknown' });
    }
    await rest(attemptEveryMs, until);
    if (until.aborted) return;
  }
  await lookUp(stored, until);
}

function refuse(key: string, text: string, message: string, reason?: Failure): void {
  settle(key, { state: 'refused', message, ...(reason && { reason }) });
  showNow(`Refused: ${text}. ${message}`, key);
}

/** Looks up what was on its way when the page was left, at each log-in; what another person has sent is not shown. */
export function resolveStored(): void {
  const userId = computed(() => profile.value?.userId);
  effect(() => {
    intents.value = [];
    if (userId.value === undefined) return;
    for (const stored of readStored().filter((one) => one.userId === userId.value)) {
      const { key, text } = stored;
      intents.value = addIntent(intents.peek(), { key, text, state: 'unknown', message: '', orderIds: [] });
      void lookUp(stored, personSignal());
    }
  });
}

async function lookUp(stored: StoredIntent, until: AbortSignal): Promise<void> {
  const { key, text, isList, atMs } = stored;
  while (!until.aborted) {
    try {
      const found = isList
        ? (await orders.getOrderList({ clientListId: key })).orders
        : [(await orders.getOrder({ clientOrderId: key })).order];
      if (until.aborted) return;
      const placed = found.filter((order) => order !== undefined);
      placed.forEach(takeOrder);
      settle(key, { state: 'placed', orderIds: placed.map(({ orderId }) => orderId) });
      showNow(`It was placed: ${text}.`, key);
      return;
    } catch (error) {
      const { reason } = failureOf(error);
      const isMissing = reason === 'ORDER_NOT_FOUND' || reason === 'KEY_NOT_FOUND';
      if (!until.aborted && isMissing && Date.now() - atMs > lookUpForMs) {
        settle(key, { state: 'refused', message: 'It did not reach the market, and never will.' });
        showNow(`It was not placed: ${text}.`, key);
        return;
      }
    }
    await rest(attemptEveryMs, until);
  }
}

function update(key: string, changes: Partial<Intent>): void {
  intents.value = intents.peek().map((intent) => (intent.key === key ? { ...intent, ...changes } : intent));
}

function settle(key: string, changes: Partial<Intent>): void {
  update(key, changes);
  if (intents.peek().every((intent) => intent.key !== key || isSettled(intent))) {
    try {
      store(readStored().filter((stored) => stored.key !== key));
    } catch {
      // Without room it stays, and is dropped by its age.
    }
  }
}

function readStored(): StoredIntent[] {
  return parseIntents(localStorage.getItem(storageKey), Date.now());
}

function store(list: readonly StoredIntent[]): void {
  localStorage.setItem(storageKey, JSON.stringify(list));
}
