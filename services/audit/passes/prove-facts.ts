/** Proves that what has happened outside of the feeds lately has its messages: runs of automations, new accounts and keys, wrong passwords. */
import { Selection } from '#gen/outcry/audit/v1/rows_pb.ts';
import { uuidV7TimeMs } from '#platform/ids/uuid-v7.ts';
import type { StoreName } from '../domain/audited-stores.ts';
import { numberOf, type StoredRow, textOf } from '../domain/row.ts';
import { moveCheckpoint, readCheckpoint } from '../store/checkpoints.ts';
import { marketClock, type PassContext } from './context.ts';
import {
  apiKeyMessage,
  conditionsMessage,
  type ExpectedMessage,
  logInsMessage,
  type Route,
  registeredMessage,
  runMessages,
  toCopies,
  toNotification,
} from './expected-message.ts';
import { receiptAgeMaxMs } from './find-messages.ts';
import { isLookedFor } from './message-age.ts';
import { proveMessages } from './prove-messages.ts';

type FactTable = {
  store: StoreName;
  table: string;
  /** The clock of its times. */
  clock: 'market' | 'machine';
  routes: readonly Route[];
  messagesOf: (row: StoredRow) => ExpectedMessage[];
};

const timeOf = (row: StoredRow) => Number(numberOf(row, 'time_ms'));

const factTables: readonly FactTable[] = [
  {
    store: 'auto',
    table: 'run',
    clock: 'market',
    routes: [toNotification('auto')],
    messagesOf: (row) => runMessages(row.key, textOf(row, 'is_alert') === 'true', timeOf(row)),
  },
  {
    store: 'user',
    table: 'account',
    clock: 'machine',
    routes: [toNotification('user')],
    messagesOf: ({ key }) => [registeredMessage(key, uuidV7TimeMs(key))],
  },
  {
    store: 'user',
    table: 'account',
    clock: 'machine',
    routes: toCopies,
    messagesOf: ({ key }) => [conditionsMessage(key, '1', uuidV7TimeMs(key))],
  },
  {
    store: 'user',
    table: 'account_change',
    clock: 'machine',
    routes: toCopies,
    // An older version has no effect any more.
    messagesOf: (row) => [conditionsMessage(textOf(row, 'account_id'), textOf(row, 'version'), uuidV7TimeMs(row.key))],
  },
  {
    store: 'user',
    table: 'api_key',
    clock: 'machine',
    routes: [toNotification('user')],
    messagesOf: ({ key }) => [apiKeyMessage(key, uuidV7TimeMs(key))],
  },
  {
    store: 'user',
    table: 'log_ins_report',
    clock: 'machine',
    routes: [toNotification('user')],
    messagesOf: (row) => [logInsMessage(row.key, timeOf(row))],
  },
];

// Within so long what was given its time is committed; until then it is looked for by the next pass too.
const commitMaxMs = 60_000;

/** Looks for the messages of what came since the last pass. */
export async function proveFacts(context: PassContext): Promise<void> {
  for (const table of factTables) await proveTable(context, table);
}

async function proveTable(context: PassContext, { store, table, clock, routes, messagesOf }: FactTable): Promise<void> {
  const { db, stores, callOptions, findings } = context;
  const market = marketClock(context);
  const [nowMs, settledMs, oldestMs] =
    clock === 'market'
      ? [market.nowMs(), market.nowMs() - market.spanMs(commitMaxMs), market.nowMs() - market.spanMs(receiptAgeMaxMs)]
      : [context.nowMs(), context.nowMs() - commitMaxMs, context.nowMs() - receiptAgeMaxMs];
  const name = `messages of ${store} ${table} by ${routes.map(({ queue }) => queue).join(' ')}`;
  const { position } = await readCheckpoint(db, name);
  const oldest = BigInt(Math.max(0, Math.floor(oldestMs)));
  const range = { after: position > oldest ? position : oldest, upTo: BigInt(Math.floor(nowMs)) };
  const tables = [{ table, selection: Selection.RANGE, ...range }];
  const { parts } = await stores.read(store, { tables }, callOptions);
  const messages = (parts[0]?.rows ?? [])
    .flatMap(messagesOf)
    .filter(({ timeMs }) => isLookedFor(context, timeMs, clock));
  const expected = [...new Map(messages.map((message) => [message.eventId, message])).values()];
  for (const route of routes) await proveMessages(context, route, expected);
  const settled = BigInt(Math.floor(settledMs));
  if (findings.count > 0 || settled <= position) return;
  await db.transaction((tx) => moveCheckpoint(tx, name, position, { position: settled, detail: '' }));
}
