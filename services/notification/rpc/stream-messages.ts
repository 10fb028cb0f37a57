import type { MessageInitShape } from '@bufbuild/protobuf';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import type {
  StreamMessagesRequest,
  StreamMessagesResponseSchema,
} from '#gen/outcry/notification/v1/notification_pb.ts';
import { requireUser } from '#platform/auth/ownership.ts';
import { createNotifier } from '#platform/concurrency/notifier.ts';
import { readUntilFound } from '#platform/concurrency/read-until-found.ts';
import { invalidArgument } from '#platform/errors/outcry-error.ts';
import { numberCursor, readToken, writeToken } from '#platform/paging/token.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import { pause } from '#platform/time/pause.ts';
import type { NotificationDeps } from '../deps.ts';
import { readBox, readBoxChanges, readBoxHead } from '../store/read-box.ts';
import { toMessage } from './messages/message.ts';

type Position = { sequence: bigint; resumeToken: string };
type StreamMessage = MessageInitShape<typeof StreamMessagesResponseSchema> & Position;

const snapshotMax = 50;
const pageMax = 200;
// A box has no more messages than that: what is further behind is in no snapshot and in no list.
const behindMax = 1_000n;

/**
 * StreamMessages: the newest messages, then changes. Pages are read from the tables after the last sequence that was sent, and only once
 * the reader has taken the page before: nothing is buffered, and any replica can resume from a token.
 */
export async function* streamMessages(
  deps: NotificationDeps,
  { resumeToken }: StreamMessagesRequest,
  context: CallContext,
): AsyncGenerator<StreamMessage, void> {
  const { userId: accountId } = requireUser(context);
  const { signal } = context;
  const { heartbeatMs, ageMaxMs, pauseMs } = deps.streamTimes;
  const endTimeMs = performance.now() + ageMaxMs;
  using _open = deps.streamQuota.acquire(accountId);
  let last = await readStart(deps, accountId, resumeToken);
  if (resumeToken === '') {
    const snapshot = await readSnapshot(deps, accountId);
    yield snapshot;
    last = positionOf(snapshot);
  }
  for (;;) {
    const leftMs = endTimeMs - performance.now();
    if (leftMs <= 0 || signal.aborted) break;
    const head = await waitForHead(deps, accountId, last.sequence, {
      timeoutMs: Math.min(heartbeatMs, leftMs),
      signal,
    });
    if (head === undefined) {
      const isQuiet = !signal.aborted && performance.now() < endTimeMs;
      if (isQuiet) yield { ...last, message: { case: 'heartbeat', value: {} } };
      continue;
    }
    const news = await readNews(deps, accountId, last, head);
    for (const message of news.messages) {
      yield message;
      last = positionOf(message);
    }
    last = news.end;
    await pause(pauseMs, signal);
  }
  yield { ...last, message: { case: 'end', value: {} } };
}

const listOf = (accountId: string) => `inbox ${accountId}`;
const at = (accountId: string, sequence: bigint): Position => ({
  sequence,
  resumeToken: writeToken(listOf(accountId), String(sequence)),
});
const positionOf = ({ sequence, resumeToken }: Position): Position => ({ sequence, resumeToken });

/** The position of a token; 0 without one. */
async function readStart({ db }: NotificationDeps, accountId: string, token: string): Promise<Position> {
  const cursor = readToken(token, { list: listOf(accountId), cursor: numberCursor, field: 'resume_token' });
  const sequence = BigInt(cursor ?? 0);
  if (sequence === 0n || sequence <= (await readBoxHead(db, accountId))) return at(accountId, sequence);
  throw invalidArgument('resume_token', 'lies past the last change', ErrorReason.PAGE_TOKEN_INVALID);
}

async function readSnapshot({ db }: NotificationDeps, accountId: string): Promise<StreamMessage> {
  const { sequence, unreadCount, messages } = await readBox(db, accountId, snapshotMax);
  const value = { messages: messages.map(toMessage) };
  return { ...at(accountId, sequence), unreadCount, message: { case: 'snapshot', value } };
}

/** What comes after a position, and where it ends: a page of changes, or a gap and a snapshot. */
async function readNews(
  deps: NotificationDeps,
  accountId: string,
  after: Position,
  head: bigint,
): Promise<{ messages: StreamMessage[]; end: Position }> {
  const missedCount = head - after.sequence;
  if (missedCount > behindMax) {
    const snapshot = await readSnapshot(deps, accountId);
    // The gap has the token from before it: a reader that has the gap alone resumes with a gap and the snapshot.
    const gap: StreamMessage = { ...after, message: { case: 'gap', value: { missedCount } } };
    return { messages: [gap, snapshot], end: positionOf(snapshot) };
  }
  const { sequence, unreadCount, changes } = await readBoxChanges(deps.db, accountId, after.sequence, pageMax);
  const messages = changes.map(({ sequence: of, message }): StreamMessage => {
    const kind = message.readTimeMs === undefined ? 'added' : 'read';
    return { ...at(accountId, of), unreadCount, message: { case: kind, value: toMessage(message) } };
  });
  return { messages, end: at(accountId, sequence) };
}

/** The head of the box once it lies after a position; undefined when the time is over or the signal aborts. */
async function waitForHead(
  { db, boxNotices }: NotificationDeps,
  accountId: string,
  after: bigint,
  options: { timeoutMs: number; signal: AbortSignal },
): Promise<bigint | undefined> {
  const wake = createNotifier();
  using _watch = boxNotices.watch(accountId, () => wake.notify());
  const read = async () => {
    const head = await readBoxHead(db, accountId);
    return head > after ? head : undefined;
  };
  return await readUntilFound(wake, read, { ...options, recheckMs: options.timeoutMs });
}
