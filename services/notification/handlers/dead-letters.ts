import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import type { DeadLetterSchema, NotificationAdminService } from '#gen/outcry/notification/v1/notification_pb.ts';
import { invalidArgument } from '#platform/errors/outcry-error.ts';
import { isUuidV7 } from '#platform/ids/uuid-v7.ts';
import { cutPage, readPage } from '#platform/paging/page.ts';
import type { Implementation } from '#platform/rpc/server.ts';
import type { DeadLetter } from '../domain/message.ts';
import type { NotificationDeps } from '../notification-deps.ts';
import { listDeadLetters as readDeadLetters, redriveDeadLetters as redrive } from '../store/dead-letters.ts';
import { toKind } from './message-kind.ts';

type Methods = Implementation<typeof NotificationAdminService>;

const list = 'dead-letters';
const idsMax = 200;

/** ListDeadLetters. */
export function listDeadLetters({ db }: NotificationDeps): Methods['listDeadLetters'] {
  return async (request) => {
    const { cursor, limit } = readPage(request, { list });
    const found = await readDeadLetters(db, { cursor, limit: limit + 1 });
    const { rows, nextPageToken } = cutPage(found, limit, { list, cursorOf: ({ deadLetterId }) => deadLetterId });
    return { deadLetters: rows.map(toMessage), nextPageToken };
  };
}

/** RedriveDeadLetters. */
export function redriveDeadLetters({ db, now, notifier }: NotificationDeps): Methods['redriveDeadLetters'] {
  return async ({ deadLetterIds }) => {
    if (deadLetterIds.length === 0 || deadLetterIds.length > idsMax) {
      throw invalidArgument('dead_letter_ids', `must be 1 to ${idsMax} ids`);
    }
    const redrivenCount = await redrive(db, deadLetterIds.filter(isUuidV7), now());
    notifier.notify();
    return { redrivenCount };
  };
}

function toMessage(letter: DeadLetter): MessageInitShape<typeof DeadLetterSchema> {
  const { kind, giveUpTimeMs, ...rest } = letter;
  return { ...rest, kind: toKind[kind], giveUpTime: timestampFromMs(giveUpTimeMs) };
}
