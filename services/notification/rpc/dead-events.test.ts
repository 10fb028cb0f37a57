import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DeadEventAdminService } from '#gen/outcry/notification/v1/dead_event_pb.ts';
import { AccountConditionsChangedSchema } from '#gen/outcry/user/v1/events_pb.ts';
import { Code } from '#platform/errors/code.ts';
import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import type { RpcClient } from '#platform/rpc/client.ts';
import { eventually } from '#platform/testing/eventually.ts';
import { failureOf } from '#platform/testing/failure-of.ts';
import { type FakeSmtp, startFakeSmtp } from '../testing/fake-smtp.ts';
import { createTestWorld, startReplica, type TestReplica, type TestWorld } from '../testing/start-notification.ts';

describe('DeadEventAdminService', () => {
  const queue = 'order.conditions';
  let world: TestWorld;
  let smtp: FakeSmtp;
  let service: TestReplica;
  let events: RpcClient<typeof DeadEventAdminService>;
  let staff: { userToken: string };
  let isHealthy = false;
  const handled: string[] = [];
  let consuming: AsyncDisposable;
  beforeAll(async () => {
    world = await createTestWorld();
    smtp = await startFakeSmtp();
    service = await startReplica(world, { smtpUrl: smtp.url });
    events = service.deadEvents;
    staff = { userToken: await world.identity.userToken({ roles: ['operator'] }) };
    // The queue of another service.
    consuming = await world.bus.subscribe({
      queue,
      types: [AccountConditionsChangedSchema.typeName],
      attemptsMax: 1,
      handlePage: async (page) => {
        if (!isHealthy) throw new Error('its handler is broken');
        handled.push(...page.map(({ id }) => id));
      },
    });
  });
  afterAll(async () => {
    await consuming?.[Symbol.asyncDispose]();
    await service?.[Symbol.asyncDispose]();
    await smtp?.[Symbol.asyncDispose]();
    await world?.[Symbol.asyncDispose]();
  });
  const fail = async (count: number): Promise<string[]> => {
    const ids: string[] = [];
    for (let index = 0; index < count; index += 1) {
      ids.push(await world.publish(AccountConditionsChangedSchema, { account: { accountId: 'ada' } }));
    }
    await eventually(async () => {
      const { deadEvents } = await events.listDeadEvents({ queue }, staff);
      expect(deadEvents.map(({ eventId }) => eventId)).toEqual(expect.arrayContaining(ids));
    });
    return ids;
  };

  it('lists, shows, redrives and drops the dead events of any service', async () => {
    const [first = '', second = '', third = ''] = await fail(3);
    const page = await events.listDeadEvents({ pageSize: 2 }, staff);
    expect(page.deadEvents).toHaveLength(2);
    expect((await events.listDeadEvents({ pageToken: page.nextPageToken }, staff)).deadEvents).toHaveLength(1);
    const shown = await events.findDeadEvents({ eventId: first }, staff);
    expect(shown.deadEvents).toMatchObject([{ queue, attempts: 1, lastFailure: 'its handler is broken' }]);
    expect(JSON.parse(shown.payloadJson)).toEqual({ account: { accountId: 'ada' } });
    isHealthy = true;
    expect((await events.redriveDeadEvents({ queue, eventIds: [first] }, staff)).redrivenCount).toBe(1);
    await eventually(async () => expect(handled).toEqual([first]));
    const drop = { queue, eventIds: [second], reason: 'handled by hand' };
    expect((await events.dropDeadEvents(drop, staff)).droppedCount).toBe(1);
    expect((await events.dropDeadEvents(drop, staff)).droppedCount).toBe(0);
    expect((await events.redriveDeadEvents({ queue, all: true }, staff)).redrivenCount).toBe(1);
    await eventually(async () => expect(handled).toEqual([first, third]));
    expect((await events.listDeadEvents({}, staff)).deadEvents).toEqual([]);
  });

  it('has pages of ListDeadEvents on which each that is dead throughout is once, while others come and are dropped', async () => {
    isHealthy = false;
    const before = await fail(6);
    const found: string[] = [];
    for (let pageToken = ''; ; ) {
      const page = await events.listDeadEvents({ pageSize: 2, pageToken }, staff);
      found.push(...page.deadEvents.map(({ eventId }) => eventId));
      pageToken = page.nextPageToken;
      if (pageToken === '') break;
      if (found.length > 6) continue;
      await events.dropDeadEvents({ queue, eventIds: [found[0] ?? ''], reason: 'seen' }, staff);
      await fail(1);
    }
    expect(found.filter((id) => before.includes(id)).toSorted()).toEqual(before.toSorted());
    const { deadEvents } = await events.listDeadEvents({}, staff);
    const eventIds = deadEvents.map(({ eventId }) => eventId);
    expect((await events.dropDeadEvents({ queue, eventIds, reason: 'seen' }, staff)).droppedCount).toBe(
      eventIds.length,
    );
  });

  it('refuses what names no event, drops nothing without a reason, and answers staff only', async () => {
    const ids = [uuidV7()];
    expect(await failureOf(events.redriveDeadEvents({ queue }, staff))).toMatchObject({ code: Code.INVALID_ARGUMENT });
    expect(await failureOf(events.redriveDeadEvents({ queue, eventIds: ids, all: true }, staff))).toMatchObject({
      code: Code.INVALID_ARGUMENT,
    });
    expect(await failureOf(events.dropDeadEvents({ queue, eventIds: ids, reason: ' ' }, staff))).toMatchObject({
      code: Code.INVALID_ARGUMENT,
    });
    expect(await events.findDeadEvents({ queue, eventId: ids[0] }, staff)).toMatchObject({ deadEvents: [] });
    const user = { userToken: await world.identity.userToken() };
    expect(await failureOf(events.listDeadEvents({}, user))).toMatchObject({ code: Code.PERMISSION_DENIED });
  });
});
