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
import { readBox, readBoxChanges } from '../store/read-box.ts';
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
  const wake = createNotifier();
  using _watch = deps.boxNotices.watch(accountId, () => wake.notify());
  let last = positionOfToken(accountId, resumeToken);
  if (resumeToken === '') {
    const snapshot = await readSnapshot(deps, accountId);
    yield snapshot;
    last = positionOf(snapshot);
  }
  for (;;) {
    const leftMs = endTimeMs - performance.now();
    if (leftMs <= 0 || signal.aborted) break;
    const timeoutMs = Math.min(heartbeatMs, leftMs);
    const read = () => readNews(deps, accountId, last);
    const news = await readUntilFound(wake, read, { timeoutMs, signal, recheckMs: timeoutMs });
    if (news === undefined) {
      const isQuiet = !signal.aborted && performance.now() < endTimeMs;
      if (isQuiet) yield { ...last, message: { case: 'heartbeat', value: {} } };
      continue;
    }
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
function positionOfToken(accountId: string, token: string): Position {
  const cursor = readToken(token, { list: listOf(accountId), cursor: numberCursor, field: 'resume_token' });
  return at(accountId, BigInt(cursor ?? 0));
}

async function readSnapshot({ db }: NotificationDeps, accountId: string): Promise<StreamMessage> {
  const { head, unreadCount, messages } = await readBox(db, accountId, snapshotMax);
  const value = { messages: messages.map(toMessage) };
  return { ...at(accountId, head), unreadCount, message: { case: 'snapshot', value } };
}

/** What comes after a position, and where it ends: a page of changes, or a gap and a snapshot; undefined without a change. */
async function readNews(
  deps: NotificationDeps,
  accountId: string,
  after: Position,
): Promise<{ messages: StreamMessage[]; end: Position } | undefined> {
  const { head, unreadCount, messages } = await readBoxChanges(deps.db, accountId, after.sequence, pageMax);
  if (head < after.sequence) {
    throw invalidArgument('resume_token', 'lies past the last change', ErrorReason.PAGE_TOKEN_INVALID);
  }
  if (head === after.sequence) return undefined;
  const missedCount = head - after.sequence;
  if (missedCount > behindMax) {
    const snapshot = await readSnapshot(deps, accountId);
    // The gap has the token from before it: a reader that has the gap alone resumes with a gap and the snapshot.
    const gap: StreamMessage = { ...after, message: { case: 'gap', value: { missedCount } } };
    return { messages: [gap, snapshot], end: positionOf(snapshot) };
  }
  const changes = messages.map((message): StreamMessage => {
    const kind = message.readTimeMs === undefined ? 'added' : 'read';
    return { ...at(accountId, message.sequence), unreadCount, message: { case: kind, value: toMessage(message) } };
  });
  // A page that is not full has all there is, also where the last numbers have no message any more.
  const end = changes.length < pageMax ? at(accountId, head) : positionOf(changes.at(-1) ?? after);
  return { messages: changes, end };
}
