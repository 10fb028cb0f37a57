import { create, toBinary } from '@bufbuild/protobuf';
import { AccountState } from '#gen/outcry/user/v1/conditions_pb.ts';
import { AccountConditionsChangedSchema } from '#gen/outcry/user/v1/events_pb.ts';
import type { BusEvent } from '#platform/bus/bus.ts';
import { consumeEvents, type EventHandlers } from '#platform/bus/consume-events.ts';
import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import { migrate } from '#platform/postgres/migrate.ts';
import { captureBus } from './captured-bus.ts';
import { openTestDatabase, silentLogger } from './database.ts';
import { disorder, randomParts, seededRandom } from './disorder.ts';

const states = [AccountState.ACTIVE, AccountState.FROZEN, AccountState.CLOSED];

/** The events of `versions` changes of each account's conditions, as the user service publishes them: account after account in turn. */
function conditionsEvents(accountIds: readonly string[], versions: number): BusEvent[] {
  return Array.from({ length: versions }, (_, index) =>
    accountIds.map((accountId, place) => {
      const version = index + 1;
      const conditions = {
        feePlan: { name: 'usual', makerBps: version, takerBps: 2 * version },
        openOrdersMax: 100 + version,
        ordersPerSecondMax: 10,
        transferAmountMax: `${version}.00`,
      };
      const state = states[(index + place) % states.length];
      const account = { accountId, version: BigInt(version), state, conditions };
      return eventOf(
        accountId,
        toBinary(AccountConditionsChangedSchema, create(AccountConditionsChangedSchema, { account })),
      );
    }),
  ).flat();
}

function eventOf(key: string, payload: Uint8Array): BusEvent {
  const type = AccountConditionsChangedSchema.typeName;
  return { id: uuidV7(), type, key, payload, timeMs: Date.now(), traceparent: '' };
}

/** A consumer of these events: its service's migrations, its queue, and the table of its copies, which has a column `version`. */
export type ConditionsConsumer = { migrations: URL; queue: string; handlers: EventHandlers; table: string };

/** What a consumer has in the end. */
export type ConditionsOutcome = { copies: { version?: bigint }[]; eventIds: string[] };

/** What a consumer has after 20 changes of 15 accounts that come in their order, and after the same ones that come by `disorder`. */
export async function disorderConditions(
  consumer: ConditionsConsumer,
  seed: number,
): Promise<{ events: BusEvent[]; inOrder: ConditionsOutcome; disordered: ConditionsOutcome }> {
  const random = seededRandom(seed);
  const accountIds = Array.from({ length: 15 }, () => uuidV7());
  const events = conditionsEvents(accountIds, 20);
  const inOrder = await outcomeOf(consumer, randomParts(events, 50, random));
  return { events, inOrder, disordered: await outcomeOf(consumer, randomParts(disorder(events, random), 50, random)) };
}

async function outcomeOf(
  { migrations, queue, handlers, table }: ConditionsConsumer,
  pages: readonly BusEvent[][],
): Promise<ConditionsOutcome> {
  await using db = await openTestDatabase();
  await migrate(db, migrations);
  const { bus, deliver } = captureBus();
  await using _consumer = await consumeEvents({ db, bus, queue, handlers, logger: silentLogger });
  for (const page of pages) await deliver(page);
  const copies = await db.query<{ version?: bigint }>(`SELECT * FROM ${table} ORDER BY account_id`);
  const inbox = await db.query<{ id: string }>('SELECT event_id AS id FROM platform.inbox ORDER BY event_id');
  return { copies: copies.rows, eventIds: inbox.rows.map(({ id }) => id) };
}
