/**
 * Orders on their way. The key of each is stored before it is sent, without its terms: after a reload or in another tab its outcome is looked
 * up, and nothing is sent again. What is not known is said to be not known until it is.
 */
import { effect, signal } from '@preact/signals';
import { alertNow, announce } from '../frame/announce.ts';
import { profile } from '../frame/roles.ts';
import { orders } from '../rpc/clients.ts';
import { failureOf, failureText, isOutcomeUnknown } from '../rpc/failure.ts';
import { rest } from '../rpc/rest.ts';
import { takeOrder } from '../store/own-orders.ts';
import { newKey } from './client-key.ts';
import { addIntent, type Intent, isSettled, parseIntents, type StoredIntent } from './intent-list.ts';

const storageKey = 'outcry.intents';
const attemptsMax = 6;
const attemptEveryMs = 2_000;
// An order for the market of its moment enters the book within 5 s or never; twice the time of a call besides.
const lookUpForMs = 35_000;

/** The last intents of this tab, newest first. */
export const intents = signal<readonly Intent[]>([]);

/** What is to be placed: its text, and the call, which takes the key. */
export type Placing = {
  text: string;
  isList: boolean;
  send: (key: string) => Promise<Awaited<ReturnType<typeof orders.getOrder>>['order'][]>;
};

/** Places an order once: the call is repeated under its key while its outcome is not known. Never rejects; the outcome is in `intents`. */
export async function place({ text, isList, send }: Placing): Promise<void> {
  const key = newKey();
  const stored: StoredIntent = { key, text, isList, userId: profile.peek()?.userId ?? '', atMs: Date.now() };
  store([...readStored(), stored]);
  intents.value = addIntent(intents.peek(), { key, text, state: 'sending', message: '', orderIds: [] });
  for (let count = 1; ; count++) {
    try {
      const placed = await send(key);
      const found = placed.filter((order) => order !== undefined);
      found.forEach(takeOrder);
      settle(key, { state: 'placed', orderIds: found.map(({ orderId }) => orderId) });
      announce(`Sent: ${text}.`);
      return;
    } catch (error) {
      const failure = failureOf(error);
      if (!isOutcomeUnknown(failure)) {
        settle(key, { state: 'refused', message: failureText(failure), reason: failure });
        alertNow(`Refused: ${text}. ${failureText(failure)}`);
        return;
      }
      if (count === 1) alertNow(`No answer yet: ${text}. Its outcome is looked up.`);
      update(key, { state: 'unknown' });
      if (count < attemptsMax) await rest(attemptEveryMs, new AbortController().signal);
      else return lookUp(stored);
    }
  }
}

/** Looks up what was on its way when the page was left; begins at each log-in. */
export function resolveStored(): void {
  effect(() => {
    const userId = profile.value?.userId;
    if (userId === undefined) return;
    const known = new Set(intents.peek().map(({ key }) => key));
    for (const stored of readStored()) {
      if (stored.userId !== userId || known.has(stored.key)) continue;
      intents.value = addIntent(intents.peek(), {
        key: stored.key,
        text: stored.text,
        state: 'unknown',
        message: '',
        orderIds: [],
      });
      void lookUp(stored);
    }
  });
}

async function lookUp(stored: StoredIntent): Promise<void> {
  const { key, text, isList, atMs } = stored;
  for (;;) {
    try {
      const found = isList
        ? (await orders.getOrderList({ clientListId: key })).orders
        : [(await orders.getOrder({ clientOrderId: key })).order];
      const placed = found.filter((order) => order !== undefined);
      placed.forEach(takeOrder);
      settle(key, { state: 'placed', orderIds: placed.map(({ orderId }) => orderId) });
      alertNow(`It was placed: ${text}.`);
      return;
    } catch (error) {
      const { reason } = failureOf(error);
      const isMissing = reason === 'ORDER_NOT_FOUND' || reason === 'KEY_NOT_FOUND';
      if (isMissing && Date.now() - atMs > lookUpForMs) {
        settle(key, { state: 'refused', message: 'It did not reach the market, and never will.' });
        alertNow(`It was not placed: ${text}.`);
        return;
      }
    }
    await rest(attemptEveryMs, new AbortController().signal);
    if (profile.peek()?.userId !== stored.userId) return;
  }
}

function update(key: string, changes: Partial<Intent>): void {
  intents.value = intents.peek().map((intent) => (intent.key === key ? { ...intent, ...changes } : intent));
}

function settle(key: string, changes: Partial<Intent>): void {
  update(key, changes);
  if (intents.peek().every((intent) => intent.key !== key || isSettled(intent))) {
    store(readStored().filter((stored) => stored.key !== key));
  }
}

function readStored(): StoredIntent[] {
  return parseIntents(localStorage.getItem(storageKey), Date.now());
}

function store(list: readonly StoredIntent[]): void {
  localStorage.setItem(storageKey, JSON.stringify(list));
}
