import { create, type MessageShape } from '@bufbuild/protobuf';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import {
  OrderService,
  OrderStatus,
  StreamOrdersRequestSchema,
  type StreamOrdersResponseSchema,
} from '#gen/outcry/order/v1/order_pb.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import { silentLogger } from '#platform/testing/database.ts';
import { limitTerms, marketTerms } from '../testing/terms.ts';
import { openTestSystem, type Replica, type TestSystem } from '../testing/test-system.ts';
import { streamOrders } from './stream-orders.ts';

type Message = MessageShape<typeof StreamOrdersResponseSchema>;

let system: TestSystem;
let first: Replica;
let second: Replica;

beforeAll(async () => {
  system = await openTestSystem();
  first = await system.startReplica();
  second = await system.startReplica();
});
afterAll(() => system[Symbol.asyncDispose]());

/** Reads messages until `enough` is true of them. */
async function read(stream: AsyncIterable<Message>, enough: (messages: Message[]) => boolean): Promise<Message[]> {
  const messages: Message[] = [];
  for await (const message of stream) {
    messages.push(message);
    if (enough(messages)) break;
  }
  return messages;
}

const statuses = (messages: Message[]) =>
  messages.flatMap(({ message }) => (message.case === 'order' ? [message.value.status] : []));
const fills = (messages: Message[]) =>
  messages.flatMap(({ message }) => (message.case === 'fill' ? [message.value.tradeId] : []));

describe('StreamOrders', () => {
  it('begins with a snapshot, then sends changes and fills in the account’s own sequence', async () => {
    const [owner, other] = [await system.newUser(), await system.newUser()];
    await first.orders.placeOrder({ clientOrderId: 'a', terms: limitTerms('sell', '2', '100') }, owner);
    const snapshotRead = Promise.withResolvers<void>();
    const reading = read(second.orders.streamOrders({}, owner), (messages) => {
      snapshotRead.resolve();
      return statuses(messages).includes(OrderStatus.FILLED);
    });
    await snapshotRead.promise;
    await first.orders.placeOrder({ clientOrderId: 'x', terms: marketTerms('buy', '1') }, other);
    await first.orders.placeOrder({ clientOrderId: 'y', terms: marketTerms('buy', '1') }, other);
    const messages = await reading;
    expect(messages[0]?.message).toMatchObject({
      case: 'snapshot',
      value: { orders: [{ clientOrderId: 'a', status: OrderStatus.OPEN }] },
    });
    expect(fills(messages)).toHaveLength(2);
    const sequences = messages.map(({ sequence }) => sequence);
    expect(sequences).toEqual([...sequences].sort((a, b) => Number(a - b)));
  });

  it('goes on from a token on another replica, without a gap and without a repeat', async () => {
    const [owner, other] = [await system.newUser(), await system.newUser()];
    const maker = { clientOrderId: 'a', terms: limitTerms('sell', '5', '98') };
    await first.orders.placeOrder(maker, owner);
    const [snapshot] = await read(first.orders.streamOrders({}, owner), () => true);
    let resumeToken = snapshot?.resumeToken;
    const seen: string[] = [];
    const replicas = [second, first, second, first, second];
    for (const [index, replica] of replicas.entries()) {
      await first.orders.placeOrder({ clientOrderId: `t${index}`, terms: marketTerms('buy', '1') }, other);
      const messages = await read(
        replica.orders.streamOrders({ resumeToken }, owner),
        (some) => fills(some).length > 0,
      );
      seen.push(...fills(messages));
      resumeToken = messages.at(-1)?.resumeToken;
    }
    const { fills: listed } = await first.orders.listFills({}, owner);
    expect(seen).toEqual(listed.map(({ tradeId }) => tradeId).reverse());
    expect(seen).toHaveLength(5);
  });

  it('refuses a token of another account, a malformed one, and one from the future', async () => {
    const [owner, other] = [await system.newUser(), await system.newUser()];
    const [message] = await read(first.orders.streamOrders({}, other), () => true);
    const future = Buffer.from(`99\nstream ${owner.userId}`).toString('base64url');
    for (const resumeToken of [message?.resumeToken ?? '', 'nonsense', future]) {
      const reading = read(first.orders.streamOrders({ resumeToken }, owner), () => true);
      await expect(reading).rejects.toMatchObject({ reason: ErrorReason.PAGE_TOKEN_INVALID });
    }
  });

  it('sends heartbeats, and ends by its age with a token to resume from', async () => {
    const { userId, userToken } = await system.newUser();
    const user = { userId, roles: [], email: '', sessionId: '', house: false, token: userToken };
    const context: CallContext = {
      caller: { user },
      signal: new AbortController().signal,
      deadlineTimeMs: Number.POSITIVE_INFINITY,
      requestId: '',
      logger: silentLogger,
      method: OrderService.method.streamOrders,
    };
    const request = create(StreamOrdersRequestSchema);
    const kinds: (string | undefined)[] = [];
    let token = '';
    for await (const part of streamOrders(first.deps, request, context, { heartbeatMs: 20, ageMaxMs: 1_000 })) {
      kinds.push(part.message?.case);
      token = part.resumeToken ?? '';
    }
    expect(kinds[0]).toBe('snapshot');
    expect(new Set(kinds.slice(1, -1))).toEqual(new Set(['heartbeat']));
    expect(kinds.at(-1)).toBe('end');
    expect(token).not.toBe('');
  });
});

describe('ListOrders', () => {
  it('pages by change, newest first, each order once', async () => {
    const owner = await system.newUser();
    for (let index = 0; index < 7; index += 1) {
      await first.orders.placeOrder({ clientOrderId: `k${index}`, terms: limitTerms('buy', '1', '10') }, owner);
    }
    const listed: string[] = [];
    let pageToken = '';
    do {
      const page = await second.orders.listOrders({ pageSize: 3, pageToken }, owner);
      listed.push(...page.orders.map(({ clientOrderId }) => clientOrderId));
      pageToken = page.nextPageToken;
    } while (pageToken !== '');
    expect(listed).toEqual(['k6', 'k5', 'k4', 'k3', 'k2', 'k1', 'k0']);
  });

  it('lets an operator read any account, and a user no other than its own', async () => {
    const [owner, other] = [await system.newUser(), await system.newUser()];
    const operator = await system.newUser({ roles: ['operator'] });
    await first.orders.placeOrder({ clientOrderId: 'k', terms: limitTerms('buy', '1', '10') }, owner);
    const request = { accountId: owner.userId };
    expect((await first.orders.listOrders(request, operator)).orders).toHaveLength(1);
    await expect(first.orders.listOrders(request, other)).rejects.toMatchObject({
      reason: ErrorReason.ACCOUNT_NOT_FOUND,
    });
  });
});
