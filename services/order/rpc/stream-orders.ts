import type { MessageInitShape } from '@bufbuild/protobuf';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import type { StreamOrdersRequest, StreamOrdersResponseSchema } from '#gen/outcry/order/v1/order_pb.ts';
import { requireUser } from '#platform/auth/ownership.ts';
import { invalidArgument } from '#platform/errors/outcry-error.ts';
import { numberCursor, readToken, writeToken } from '#platform/paging/token.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import type { OrderDeps } from '../deps.ts';
import { readDecided } from '../saga/when-decided.ts';
import { readChangeHead } from '../store/read-change-head.ts';
import { type Change, readChanges } from '../store/read-changes.ts';
import { readOpenOrders } from '../store/read-open-orders.ts';
import { toFill, toOrder } from './messages/order-message.ts';

type StreamMessage = MessageInitShape<typeof StreamOrdersResponseSchema>;

/** The times of a stream. */
export type StreamTimes = {
  /** Silence after which a heartbeat is sent. */
  heartbeatMs: number;
  /** Age at which the stream ends. */
  ageMaxMs: number;
};

const defaultTimes: StreamTimes = { heartbeatMs: 10_000, ageMaxMs: 15 * 60_000 };
const changesMax = 200;

/**
 * StreamOrders: open orders, then changes. Pages are read from the tables after the last sequence that was sent, and only once the reader
 * has taken the page before: nothing is buffered, and any replica can resume from a token.
 */
export async function* streamOrders(
  deps: OrderDeps,
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
    const read = () => readOpenOrders(deps.db, userId);
    const { sequence, orders } = await readDecided(deps, context, read, (found) => found.orders);
    position = sequence;
    yield { ...at(position), message: { case: 'snapshot', value: { orders: orders.map(toOrder) } } };
  } else {
    position = BigInt(resumeAt);
    if (position > (await readChangeHead(deps.db, userId))) {
      throw invalidArgument('resume_token', 'lies past the last change', ErrorReason.PAGE_TOKEN_INVALID);
    }
  }
  while (!context.signal.aborted) {
    const leftMs = endTimeMs - performance.now();
    if (leftMs <= 0) break;
    const changes = await waitForChanges(deps, userId, position, Math.min(times.heartbeatMs, leftMs), context.signal);
    for (const change of changes) {
      position = change.sequence;
      yield { ...at(position), message: toMessage(change) };
    }
    const quiet = changes.length === 0 && !context.signal.aborted && performance.now() < endTimeMs;
    if (quiet) yield { ...at(position), message: { case: 'heartbeat', value: {} } };
  }
  yield { ...at(position), message: { case: 'end', value: {} } };
}

async function waitForChanges(
  deps: OrderDeps,
  accountId: string,
  after: bigint,
  timeoutMs: number,
  signal: AbortSignal,
) {
  const read = async () => {
    const changes = await readChanges(deps.db, accountId, after, changesMax);
    return changes.length > 0 ? changes : undefined;
  };
  const options = { timeoutMs, signal, recheckMs: timeoutMs };
  return (await deps.changes.waitFor(accountId, read, options)) ?? [];
}

function toMessage(change: Change): StreamMessage['message'] {
  if ('order' in change) return { case: 'order', value: toOrder(change.order) };
  return { case: 'fill', value: toFill(change.fill) };
}
