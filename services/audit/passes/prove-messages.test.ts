import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { uuidV7Of } from '#platform/ids/uuid-v7.ts';
import { migrate } from '#platform/postgres/migrate.ts';
import { type OpenTestDatabase, openTestDatabase, silentLogger } from '#platform/testing/database.ts';
import type { Stores } from '../clients/stores.ts';
import { Findings } from '../domain/finding.ts';
import { needs } from '../needs.ts';
import { moveCheckpoint } from '../store/checkpoints.ts';
import { rowOf } from '../testing/row-of.ts';
import type { PassContext } from './context.ts';
import { type ExpectedMessage, endedMessage, toNotification } from './expected-message.ts';
import { readMessageAgeMax } from './message-age.ts';
import { proveMessages, proveOnTheWay } from './prove-messages.ts';

const hourMs = 3_600_000;
const route = toNotification('order');
let db: OpenTestDatabase;
let outbox: Set<string>;
let received: Set<string>;
/** Undefined: the bus cannot be searched. */
let onBus: Set<string> | undefined;
let nowMs: number;

beforeAll(async () => {
  db = await openTestDatabase();
  await migrate(db, needs.database.migrations, { signal: new AbortController().signal, logger: silentLogger });
});
afterAll(() => db?.[Symbol.asyncDispose]());
beforeEach(async () => {
  await db.query('TRUNCATE checkpoint, proved');
  [outbox, received, onBus, nowMs] = [new Set(), new Set(), new Set(), 1_700_000_000_000];
});

const [first, second] = [messageOf(1), messageOf(2)];

function messageOf(number: number): ExpectedMessage {
  return endedMessage({ orderId: uuidV7Of(number, 'order'), timeMs: 1_700_000_000_000n });
}

/** A pass: which messages it names as lost. */
async function pass(expected: ExpectedMessage[], onSearch = () => {}): Promise<string[]> {
  const stores: Stores = {
    async read(_store, { tables }) {
      const parts = tables.map(({ table, ids = [] }) => {
        const there = table === 'outbox_event' ? outbox : received;
        const rows = ids.filter((id) => there.has(id)).map((id) => rowOf(id, {}));
        return { rows, digests: [], oldestBlock: '' };
      });
      return { parts, feeds: new Map(), heads: new Map() };
    },
  };
  const findWaiting = async () => {
    onSearch();
    return onBus;
  };
  const findings = new Findings(100);
  const context = {
    db,
    stores,
    findings,
    checked: new Map(),
    callOptions: {},
    nowMs: () => nowMs,
    bus: { findWaiting },
  };
  await proveOnTheWay(context as unknown as PassContext);
  await proveMessages(context as unknown as PassContext, route, expected);
  return findings.listed.map(({ subject }) => subject);
}

const lost = ({ eventId }: ExpectedMessage) => `order outbox ${eventId}`;

describe('proveMessages', () => {
  it('names what is neither in the outbox, nor on the bus, nor received', async () => {
    expect(await pass([first, second])).toEqual([lost(first), lost(second)]);
    [outbox, onBus] = [new Set([first.eventId]), new Set([second.eventId])];
    expect(await pass([first, second])).toEqual([]);
    [outbox, onBus, received] = [new Set(), new Set(), new Set([first.eventId, second.eventId])];
    expect(await pass([first, second])).toEqual([]);
  });

  it('names nothing that was read while it was looked for', async () => {
    expect(await pass([first], () => received.add(first.eventId))).toEqual([]);
  });

  it('watches what is on its way until it is received, and names what is lost there in each pass', async () => {
    outbox = new Set([first.eventId, second.eventId]);
    expect(await pass([first, second])).toEqual([]);
    outbox.delete(first.eventId);
    received.add(second.eventId);
    for (let again = 0; again < 2; again += 1) expect(await pass([])).toEqual([lost(first)]);
    received = new Set([first.eventId]);
    expect(await pass([])).toEqual([]);
    // Receipts are deleted after a day: what was seen there is not looked for again.
    received.clear();
    expect(await pass([])).toEqual([]);
  });

  it('gives a bus that cannot be searched an hour', async () => {
    onBus = undefined;
    expect(await pass([first])).toEqual([]);
    nowMs += hourMs - 1;
    expect(await pass([])).toEqual([]);
    nowMs += 2;
    expect(await pass([])).toEqual([lost(first)]);
    nowMs += 20 * hourMs;
    await pass([]);
    expect(await pass([])).toEqual([]);
  });
});

describe('readMessageAgeMax', () => {
  const read = () => readMessageAgeMax({ db, nowMs: () => nowMs, shards: [0] } as unknown as PassContext);

  it('is as long as receipts are stored from the first pass of all on', async () => {
    expect(await read()).toBe(20 * hourMs);
    await db.transaction((tx) => moveCheckpoint(tx, 'ledger', 0n, { position: 5n, detail: '' }));
    expect(await read()).toBe(20 * hourMs);
  });

  it('begins a day after an audit that looked for no messages was replaced', async () => {
    await db.transaction((tx) => moveCheckpoint(tx, 'ledger', 0n, { position: 5n, detail: '' }));
    expect(await read()).toBeLessThan(0);
    nowMs += 25 * hourMs;
    expect(await read()).toBe(hourMs);
  });
});
