import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import type { DeadLetterSchema, ListDeadLettersRequest } from '#gen/outcry/notification/v1/notification_pb.ts';
import { cutPage, readPage } from '#platform/paging/page.ts';
import type { NotificationDeps } from '../deps.ts';
import type { DeadLetter } from '../domain/message.ts';
import { listDeadLetters as readDeadLetters } from '../store/list-dead-letters.ts';
import { toKind } from './messages/message-kind.ts';

const list = 'dead-letters';

/** One page of the deliveries that were given up. */
export async function listDeadLetters({ db }: NotificationDeps, request: ListDeadLettersRequest) {
  const { cursor, limit } = readPage(request, { list });
  const found = await readDeadLetters(db, { cursor, limit: limit + 1 });
  const { rows, nextPageToken } = cutPage(found, limit, { list, cursorOf: ({ deadLetterId }) => deadLetterId });
  return { deadLetters: rows.map(toMessage), nextPageToken };
}

function toMessage(letter: DeadLetter): MessageInitShape<typeof DeadLetterSchema> {
  const { kind, giveUpTimeMs, ...rest } = letter;
  return { ...rest, kind: toKind[kind], giveUpTime: timestampFromMs(giveUpTimeMs) };
}
