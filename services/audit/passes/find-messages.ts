/**
 * Looks for messages. One goes one way only, from the outbox of its service over the bus to where it is received: so it is looked for in this
 * order, and where it is received once more.
 */
import { readByIds } from '../clients/stores.ts';
import type { StoreName } from '../domain/audited-stores.ts';
import type { PassContext } from './context.ts';
import type { ExpectedMessage, Route } from './expected-message.ts';

/** Receipts are stored for a day. */
export const receiptAgeMaxMs = 20 * 3_600_000;

// What the bus looks for at a time.
const idsMax = 5_000;

type Messages = readonly ExpectedMessage[];

/** Messages that were not received: on their way, nowhere, or perhaps on a bus that cannot be searched. */
export type NotReceived = { onTheWay: Messages; lost: Messages; unknown: Messages };

/** Looks for messages on their way. */
export async function findMessages(context: PassContext, route: Route, expected: Messages): Promise<NotReceived> {
  const { from, queue, to } = route;
  const isWaiting = await readKeys(context, { store: from, table: 'outbox_event', messages: expected });
  const [waiting, sent] = divide(expected, isWaiting);
  const readReceived = (messages: Messages) => readKeys(context, { store: to, table: 'received', messages });
  const [, unread] = divide(sent, await readReceived(sent));
  const isOnBus = await findOnBus(context, queue, unread);
  if (isOnBus === undefined) return { onTheWay: waiting, lost: [], unknown: unread };
  const [onBus, passed] = divide(unread, isOnBus);
  // What was read meanwhile is on the bus no more.
  const [, lost] = divide(passed, await readReceived(passed));
  return { onTheWay: [...waiting, ...onBus], lost, unknown: [] };
}

function divide(messages: Messages, found: ReadonlySet<string>): [ExpectedMessage[], ExpectedMessage[]] {
  const isFound = ({ eventId }: ExpectedMessage) => found.has(eventId);
  return [messages.filter(isFound), messages.filter((message) => !isFound(message))];
}

async function readKeys(
  { stores, callOptions }: PassContext,
  { store, table, messages }: { store: StoreName; table: string; messages: Messages },
): Promise<Set<string>> {
  const ids = messages.map(({ eventId }) => eventId);
  return new Set((await readByIds(stores, { store, table, ids }, callOptions)).map(({ key }) => key));
}

/** Which of them wait for a queue, by their ids; undefined when the bus cannot be searched, or not at the moment. */
async function findOnBus({ bus }: PassContext, queue: string, messages: Messages): Promise<Set<string> | undefined> {
  const found = new Set<string>();
  for (let at = 0; bus !== undefined && at < messages.length; at += idsMax) {
    const ids = messages.slice(at, at + idsMax).map(({ eventId }) => eventId);
    const waiting = await bus.findWaiting(queue, ids).catch(() => undefined);
    if (waiting === undefined) return undefined;
    for (const id of waiting) found.add(id);
  }
  return found;
}

/** A message that is nowhere, as a finding. */
export function addMissing({ findings }: PassContext, { from, to }: Route, message: ExpectedMessage): void {
  const { eventId, type, about } = message;
  const subject = `${from} outbox ${eventId}`;
  const expected = `${type} of ${about}: waiting, on the bus or received by ${to}`;
  findings.add({ rule: 'fact-has-its-message', subject, expected, found: 'none' });
}
