import type { MessageInitShape } from '@bufbuild/protobuf';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import type { StreamOrdersRequest, StreamOrdersResponseSchema } from '#gen/outcry/order/v1/order_pb.ts';
import { requireUser } from '#platform/auth/ownership.ts';
import { invalidArgument } from '#platform/errors/outcry-error.ts';
import { numberCursor, readToken, writeToken } from '#platform/paging/token.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import type { Saga } from '../deps.ts';
import { type Change, readChanges, readHead, readOpenOrders } from '../store/read-changes.ts';
import { toFill, toOrder } from './messages/order-message.ts';

type StreamMessage = MessageInitShape<typeof StreamOrdersResponseSchema>;

/** How often a stream says that it lives, and how old it gets, in ms. */
export type StreamTimes = { heartbeatMs: number; ageMaxMs: number };

const defaultTimes: StreamTimes = { heartbeatMs: 10_000, ageMaxMs: 15 * 60_000 };
const changesMax = 200;

/**
 * StreamOrders: open orders, then changes. It reads pages from the tables from the last sequence it sent, and only when the
 * reader took the page before: nothing is buffered, and any replica can go on from a token.
 */
export async function* streamOrders(
  saga: Saga,
  { resumeToken }: StreamOrdersRequest,
  context: CallContext,
  times: StreamTimes = defaultTimes,
): AsyncGenerator<StreamMessage, void> {
  const { userId } = requireUser(context);
  const list = `stream ${userId}`;
  const endTimeMs = performance.now() + times.ageMaxMs;
  const at = (sequence: bigint) => ({ sequence, resumeToken: writeToken(list, String(sequence)) });
  const resumeAt = readToken(resumeToken, { list, cursor: numberCursor, field: 'resume_token' });
  let position: bigint;
  if (resumeAt === undefined) {
    const { sequence, orders } = await readOpenOrders(saga.db, userId);
    position = sequence;
    yield { ...at(position), message: { case: 'snapshot', value: { orders: orders.map(toOrder) } } };
  } else {
    position = BigInt(resumeAt);
    if (position > (await readHead(saga.db, userId))) {
      throw invalidArgument('resume_token', 'lies past the last change', ErrorReason.PAGE_TOKEN_INVALID);
    }
  }
  while (!context.signal.aborted) {
    const leftMs = endTimeMs - performance.now();
    if (leftMs <= 0) break;
    const changes = await waitForChanges(saga, userId, position, Math.min(times.heartbeatMs, leftMs), context.signal);
    for (const change of changes) {
      position = change.sequence;
      yield { ...at(position), message: toMessage(change) };
    }
    const quiet = changes.length === 0 && !context.signal.aborted && performance.now() < endTimeMs;
    if (quiet) yield { ...at(position), message: { case: 'heartbeat', value: {} } };
  }
  yield { ...at(position), message: { case: 'end', value: {} } };
}

async function waitForChanges(saga: Saga, accountId: string, after: bigint, timeoutMs: number, signal: AbortSignal) {
  const look = async () => {
    const changes = await readChanges(saga.db, accountId, after, changesMax);
    return changes.length > 0 ? changes : undefined;
  };
  const options = { timeoutMs, signal, recheckMs: timeoutMs };
  return (await saga.hub.waitFor(accountId, look, options)) ?? [];
}

function toMessage(change: Change): StreamMessage['message'] {
  if ('order' in change) return { case: 'order', value: toOrder(change.order) };
  return { case: 'fill', value: toFill(change.fill) };
}
