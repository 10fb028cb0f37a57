/**
 * Proves that what happened was published: its message was received or is on its way. What is on its way is remembered, and looked for again by
 * each pass until it is received.
 */

import { deleteProved, readProved, saveProved } from '../store/proved.ts';
import { count, type PassContext } from './context.ts';
import type { ExpectedMessage, Route } from './expected-message.ts';
import { addMissing, findMessages, receiptAgeMaxMs } from './find-messages.ts';

type OnTheWay = ExpectedMessage & { route: Route; sinceMs: number };

const onTheWayMax = 10_000;
// How long a bus that cannot be searched may have a message.
const lateMs = 3_600_000;

/** Looks for messages that must have been published. */
export async function proveMessages(
  context: PassContext,
  route: Route,
  expected: readonly ExpectedMessage[],
): Promise<void> {
  if (expected.length === 0) return;
  count(context, 'messages', expected.length);
  const { onTheWay, lost, unknown } = await findMessages(context, route, expected);
  for (const message of lost) addMissing(context, route, message);
  await remember(context, route, [...onTheWay, ...unknown]);
}

/** Those beyond 10,000 are counted, and not looked for again. */
async function remember(context: PassContext, route: Route, messages: readonly ExpectedMessage[]): Promise<void> {
  if (messages.length === 0) return;
  const known = await readProved(context.db, 'message');
  const keyOf = ({ eventId }: ExpectedMessage) => `${eventId} ${route.queue}`;
  const fresh = messages.filter((message) => !known.has(keyOf(message)));
  const remembered = fresh.slice(0, Math.max(0, onTheWayMax - known.size));
  count(context, 'messages_not_watched', fresh.length - remembered.length);
  const sinceMs = context.nowMs();
  const values = remembered.map((message): [string, string] => {
    return [keyOf(message), JSON.stringify({ ...message, route, sinceMs } satisfies OnTheWay)];
  });
  await saveProved(context.db, 'message', values);
}

/**
 * Looks again for those that passes before found on their way. To be called first of all in a pass. What is nowhere is a finding until it is
 * there, or until receipts of its time are deleted.
 */
export async function proveOnTheWay(context: PassContext): Promise<void> {
  const { db, nowMs } = context;
  const stored = [...(await readProved(db, 'message'))].map(([key, text]) => ({
    key,
    ...(JSON.parse(text) as OnTheWay),
  }));
  count(context, 'messages_on_the_way', stored.length);
  const left = new Set<ExpectedMessage>();
  for (const messages of Map.groupBy(stored, ({ route }) => route.from + route.queue).values()) {
    const route = messages[0]?.route;
    if (route === undefined) continue;
    const { onTheWay, lost, unknown } = await findMessages(context, route, messages);
    const late = new Set<ExpectedMessage>(messages.filter(({ sinceMs }) => nowMs() - sinceMs > lateMs));
    for (const message of [...lost, ...unknown.filter((one) => late.has(one))]) addMissing(context, route, message);
    for (const message of [...onTheWay, ...lost, ...unknown]) left.add(message);
  }
  const isOver = (one: (typeof stored)[number]) => !left.has(one) || nowMs() - one.sinceMs > receiptAgeMaxMs;
  await deleteProved(
    db,
    'message',
    stored.filter(isOver).map(({ key }) => key),
  );
}
