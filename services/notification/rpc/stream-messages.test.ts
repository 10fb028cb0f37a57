import { randomInt } from 'node:crypto';
import type { MessageShape } from '@bufbuild/protobuf';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import type { StreamMessagesResponseSchema } from '#gen/outcry/notification/v1/notification_pb.ts';
import { Code } from '#platform/errors/code.ts';
import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import { eventually } from '#platform/testing/eventually.ts';
import { failureOf } from '#platform/testing/failure-of.ts';
import { pause } from '#platform/time/pause.ts';
import { insertMessages } from '../store/insert-messages.ts';
import { createTestWorld, startReplica, type TestReplica, type TestWorld } from '../testing/start-notification.ts';
import { messagesOf } from '../testing/stored-messages.ts';

type Message = MessageShape<typeof StreamMessagesResponseSchema>;

let world: TestWorld;
let first: TestReplica;
let second: TestReplica;
let accountId: string;
let owner: { userToken: string };

beforeAll(async () => {
  world = await createTestWorld();
  // No mail is sent here.
  const smtpUrl = 'smtp://127.0.0.1:9';
  // The first one has no heartbeat in the time of a test: it sends what it is notified of.
  first = await startReplica(world, { smtpUrl, streamsPerAccountMax: 2, streamTimes: { heartbeatMs: 60_000 } });
  second = await startReplica(world, { smtpUrl, streamTimes: { heartbeatMs: 20, ageMaxMs: 500, pauseMs: 0 } });
});
afterAll(async () => {
  await first?.[Symbol.asyncDispose]();
  await second?.[Symbol.asyncDispose]();
  await world?.[Symbol.asyncDispose]();
});
beforeEach(async () => {
  accountId = uuidV7();
  owner = { userToken: await world.identity.userToken({ userId: accountId }) };
});

const store = (...subjects: string[]) => insertMessages(world.db, messagesOf(accountId, subjects));

/** Reads messages until there are `count`, or the stream ends. */
async function read(
  replica: TestReplica,
  resumeToken: string,
  count: number,
  onMessage: (m: Message) => void = () => {},
) {
  const messages: Message[] = [];
  for await (const message of replica.messages.streamMessages({ resumeToken }, owner)) {
    messages.push(message);
    onMessage(message);
    if (messages.length === count) break;
  }
  return messages;
}

/** What messages say, as `added 1.00`; a snapshot as its subjects. */
const said = (messages: Message[]) =>
  messages.map(({ message }) => {
    if (message.case === 'snapshot') return message.value.messages.map(({ subject }) => subject).join(' ');
    const isChange = message.case === 'added' || message.case === 'read';
    return isChange ? `${message.case} ${message.value.subject}` : message.case;
  });

describe('StreamMessages', () => {
  it('begins with the newest 50 and the unread count, then sends what comes and what is read, in one sequence', async () => {
    await store(...Array.from({ length: 60 }, (_, index) => `old${index}`));
    const begun = Promise.withResolvers<Message>();
    const reading = read(first, '', 5, begun.resolve);
    const { message, unreadCount } = await begun.promise;
    const shown = message.case === 'snapshot' ? message.value.messages : [];
    expect(shown.map(({ subject }) => subject)).toEqual(Array.from({ length: 50 }, (_, index) => `old${59 - index}`));
    expect(unreadCount).toBe(60);
    await store('a', 'b');
    // By another replica, and a message that no change was about before.
    await second.messages.markMessageRead({ messageId: shown[0]?.messageId ?? '' }, owner);
    await second.messages.markMessageRead({ messageId: shown[0]?.messageId ?? '' }, owner);
    await eventually(async () => expect((await first.messages.listMessages({}, owner)).unreadCount).toBe(61));
    await store('c');
    const [, ...changes] = await reading;
    expect(said(changes)).toEqual(['added a', 'added b', 'read old59', 'added c']);
    expect(changes.map(({ sequence }) => sequence)).toEqual([61n, 62n, 63n, 64n]);
    expect(changes.at(-1)?.unreadCount).toBe(62);
  });

  it('goes on from a token on another replica: each change once, what was read meanwhile as read', async () => {
    await store('a');
    const [snapshot] = await read(first, '', 1);
    await store('b', 'c');
    const { messages } = await first.messages.listMessages({}, owner);
    await first.messages.markMessageRead(
      { messageId: messages.find(({ subject }) => subject === 'b')?.messageId ?? '' },
      owner,
    );
    const [added] = await read(second, snapshot?.resumeToken ?? '', 1);
    const rest = await read(first, added?.resumeToken ?? '', 1);
    expect(said([added as Message, ...rest])).toEqual(['added c', 'read b']);
    expect(rest[0]?.unreadCount).toBe(2);
    expect(said(await read(second, rest[0]?.resumeToken ?? '', 1))).toEqual(['heartbeat']);
  });

  it('misses no message, however transactions of several replicas overlap and wherever the stream breaks', async () => {
    const written: string[] = [];
    const write = async (writer: number) => {
      for (let round = 0; round < 8; round += 1) {
        await world.db.transaction(async (tx) => {
          const names = [0, 1].map((part) => `${writer}.${round}.${part}`);
          const other = messagesOf(uuidV7(), ['other']);
          await insertMessages(tx, [...other, ...messagesOf(accountId, names)]);
          await pause(randomInt(4));
          written.push(...names);
        });
      }
    };
    const seen: string[] = [];
    const sequences: bigint[] = [];
    let resumeToken = (await read(first, '', 1))[0]?.resumeToken ?? '';
    const writing = Promise.all([0, 1, 2, 3].map(write));
    for (let turn = 0; seen.length < 64; turn += 1) {
      const messages = await read(turn % 2 === 0 ? first : second, resumeToken, Math.min(5, 64 - seen.length));
      resumeToken = messages.at(-1)?.resumeToken ?? '';
      const added = messages.filter(({ message }) => message.case === 'added');
      seen.push(...said(added).map((words) => words?.slice('added '.length) ?? ''));
      sequences.push(...added.map(({ sequence }) => sequence));
    }
    await writing;
    expect(seen.toSorted()).toEqual(written.toSorted());
    expect(sequences).toEqual(Array.from({ length: 64 }, (_, index) => BigInt(index + 1)));
  });

  it('sends what a process of an older release writes, and messages from before there were sequences', async () => {
    const insert = (subject: string) =>
      world.db.query(
        `INSERT INTO message (message_id, fact_id, account_id, kind, subject, text, create_time)
         VALUES ($1, $2, $3, 'transfer', $4, '', now())`,
        [uuidV7(), uuidV7(), accountId, subject],
      );
    const [snapshot] = await read(first, '', 1);
    const reading = read(first, snapshot?.resumeToken ?? '', 2);
    await insert('older');
    await eventually(async () => expect((await first.messages.listMessages({}, owner)).unreadCount).toBe(1));
    await world.db.query('UPDATE message SET read_time = now() WHERE account_id = $1', [accountId]);
    await store('newer');
    const messages = await reading;
    const last = said(messages).at(-1);
    // Both changes of the first may be found at once.
    if (last === 'read older') messages.push(...(await read(first, messages.at(-1)?.resumeToken ?? '', 1)));
    expect(said(messages).slice(-1)).toEqual(['added newer']);
    expect(said(messages)).toContain('read older');
  });

  it('says how many changes are left out where a reader is more than 1000 behind, and begins anew', async () => {
    const [snapshot] = await read(first, '', 1);
    await store(...Array.from({ length: 1_001 }, (_, index) => String(index)));
    const token = snapshot?.resumeToken ?? '';
    const [gap] = await read(first, token, 1);
    expect(gap?.message).toMatchObject({ case: 'gap', value: { missedCount: 1_001n } });
    // Who has the gap alone is not past it.
    const [again, anew] = await read(first, gap?.resumeToken ?? '', 2);
    expect(again).toEqual(gap);
    expect(anew).toMatchObject({ sequence: 1_001n, unreadCount: 1_001, message: { case: 'snapshot' } });
    expect(said([anew as Message])[0]).toMatch(/^1000 999 /);
    const messages = await read(second, anew?.resumeToken ?? '', 1);
    expect(said(messages)).toEqual(['heartbeat']);
  });

  it('refuses a token of another account, a malformed one, and one from the future', async () => {
    await store('a');
    const [message] = await read(first, '', 1);
    const eve = { userToken: await world.identity.userToken() };
    const future = Buffer.from(JSON.stringify([`inbox ${accountId}`, '99'])).toString('base64url');
    for (const [resumeToken, caller] of [
      [message?.resumeToken ?? '', eve],
      ['nonsense', owner],
      [future, owner],
    ] as const) {
      const reading = first.messages.streamMessages({ resumeToken }, caller)[Symbol.asyncIterator]().next();
      expect(await failureOf(reading)).toMatchObject({ reason: ErrorReason.PAGE_TOKEN_INVALID });
    }
  });

  it('ends at its age with a token, after heartbeats', async () => {
    await store('a');
    const messages = await read(second, '', Number.POSITIVE_INFINITY);
    expect(said(messages).at(0)).toBe('a');
    expect(new Set(said(messages).slice(1, -1))).toEqual(new Set(['heartbeat']));
    const end = messages.at(-1);
    expect(end).toMatchObject({ sequence: 1n, message: { case: 'end' } });
    await store('b');
    expect(said(await read(first, end?.resumeToken ?? '', 1))).toEqual(['added b']);
  });

  it('ends with a token when its replica shuts down, and goes on at another one', async () => {
    const third = await startReplica(world, { smtpUrl: 'smtp://127.0.0.1:9' });
    const begun = Promise.withResolvers<Message>();
    const reading = read(third, '', Number.POSITIVE_INFINITY, begun.resolve);
    await begun.promise;
    await third[Symbol.asyncDispose]();
    const end = (await reading).at(-1);
    expect(end?.message.case).toBe('end');
    await store('a');
    expect(said(await read(first, end?.resumeToken ?? '', 1))).toEqual(['added a']);
  });

  it('lets an account have so many streams open, and another one its own', async () => {
    const leave = new AbortController();
    const opened = [0, 1].map(() =>
      first.messages.streamMessages({}, { ...owner, signal: leave.signal })[Symbol.asyncIterator](),
    );
    for (const stream of opened) expect((await stream.next()).value?.message.case).toBe('snapshot');
    expect(await failureOf(read(first, '', 1))).toMatchObject({ code: Code.RESOURCE_EXHAUSTED });
    const other = { userToken: await world.identity.userToken() };
    const reading = first.messages.streamMessages({}, other)[Symbol.asyncIterator]();
    expect((await reading.next()).value?.message.case).toBe('snapshot');
    await reading.return?.();
    leave.abort();
    for (const stream of opened) await stream.next().catch(() => {});
    await eventually(async () => expect(await read(first, '', 1)).toHaveLength(1));
  });
});
