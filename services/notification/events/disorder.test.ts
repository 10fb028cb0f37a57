import { create, toBinary } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { DepositCompletedSchema } from '#gen/outcry/ledger/v1/events_pb.ts';
import { UserRegisteredSchema } from '#gen/outcry/user/v1/events_pb.ts';
import type { BusEvent } from '#platform/bus/bus.ts';
import { consumeEventPages } from '#platform/bus/consume-events.ts';
import { createGrownLists } from '#platform/concurrency/grown-lists.ts';
import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import { migrate } from '#platform/postgres/migrate.ts';
import { captureBus } from '#platform/testing/captured-bus.ts';
import { openTestDatabase, silentLogger } from '#platform/testing/database.ts';
import { disorder, randomParts, seededRandom } from '#platform/testing/disorder.ts';
import { createDueTime } from '../jobs/due-time.ts';
import { needs } from '../needs.ts';
import { cancelledOrder, filledOrder, partlyFilledOrder } from '../testing/order-events.ts';
import { factPages, factQueue } from './fact-pages.ts';

/** What people have in the end, when the pages come as given. */
async function outcomeOf(pages: readonly BusEvent[][]) {
  await using db = await openTestDatabase();
  await migrate(db, needs.database.migrations);
  const { bus, deliver } = captureBus();
  const deps = { db, dueMails: createDueTime(Date.now), grownBoxes: createGrownLists(100), nowMs: Date.now };
  await consumeEventPages({ ...factQueue, db, bus, logger: silentLogger, handle: factPages(deps) });
  for (const page of pages) await deliver(page);
  const read = async (statement: string) => (await db.query(statement)).rows;
  return {
    messages: await read('SELECT fact_id, account_id, kind, subject, text FROM message ORDER BY fact_id, kind'),
    mails: await read(
      `SELECT CASE WHEN order_id IS NULL THEN fact_id END AS fact_id, account_id, kind, subject, text, state, order_id, order_version
       FROM delivery ORDER BY fact_id, order_id`,
    ),
    contacts: await read('SELECT * FROM contact ORDER BY account_id'),
    inbox: await read('SELECT event_id FROM platform.inbox ORDER BY event_id'),
  };
}

function dayOf(accountIds: readonly string[]): BusEvent[] {
  const event = (key: string, type: string, payload: Uint8Array): BusEvent => ({
    id: uuidV7(),
    type,
    key,
    payload,
    timeMs: Date.now(),
    traceparent: '',
  });
  return accountIds.flatMap((accountId) => {
    const registered = { userId: accountId, email: `${accountId}@example.com`, displayName: 'Ada' };
    const deposited = { accountId, transferId: uuidV7(), amount: '1.00', currency: 'USD' };
    const { first, rest } = partlyFilledOrder(accountId);
    return [
      event(
        accountId,
        UserRegisteredSchema.typeName,
        toBinary(UserRegisteredSchema, create(UserRegisteredSchema, registered)),
      ),
      event(
        accountId,
        DepositCompletedSchema.typeName,
        toBinary(DepositCompletedSchema, create(DepositCompletedSchema, deposited)),
      ),
      first,
      filledOrder(accountId, 5),
      rest,
      cancelledOrder(accountId, 7),
    ];
  });
}

describe('facts that come 1 to 5 times, in an order that differs by up to 100', () => {
  it.each([1, 2, 3])('lead to the same messages and mails, one for each (seed %i)', async (seed) => {
    const random = seededRandom(seed);
    const events = dayOf(Array.from({ length: 30 }, () => uuidV7()));
    const expected = await outcomeOf(randomParts(events, 50, random));
    expect(expected.messages).toHaveLength(events.length);
    expect(expected.inbox).toHaveLength(events.length);
    expect(await outcomeOf(randomParts(disorder(events, random), 50, random))).toEqual(expected);
  });
});
