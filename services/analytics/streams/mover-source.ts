import { create, toBinary } from '@bufbuild/protobuf';
import {
  MoverListSchema,
  type MoverRanking,
  StreamMoversResponseSchema,
} from '#gen/outcry/analytics/v1/analytics_pb.ts';
import type { EncodedMessage } from '#platform/rpc/server.ts';
import type { SourceOpener } from '#platform/stream/serve-stream.ts';
import { type Ranking, rank } from '../domain/movers.ts';
import type { QuoteBoard } from '../follow/quote-board.ts';
import { encode, moverListOf } from '../messages.ts';

/** Which list. */
export type MoverQuery = { ranking: Ranking; message: MoverRanking; length: number };

/** Lists for streams: ranked once for each change of the board, serialised once for each change of the list. */
export type MoverLists = { newest(query: MoverQuery): EncodedMessage };

type Made = { version: number; listBytes: Uint8Array; encoded: EncodedMessage };

/** Lists of this board; bounded by the rankings and lengths that there are (3 x 50). */
export function createMoverLists(board: QuoteBoard): MoverLists {
  const made = new Map<string, Made>();
  return {
    newest({ ranking, message, length }) {
      const key = `${ranking} ${length}`;
      const known = made.get(key);
      const version = board.version();
      if (known?.version === version) return known.encoded;
      const entries = rank(board.entries(), ranking, length);
      const list = create(MoverListSchema, moverListOf(entries, { ranking: message, firstRank: 1 }));
      const listBytes = toBinary(MoverListSchema, list);
      const isSame = known !== undefined && Buffer.compare(known.listBytes, listBytes) === 0;
      const encoded = isSame
        ? known.encoded
        : encode(StreamMoversResponseSchema, { ...board.position(), message: { case: 'list', value: list } });
      made.set(key, { version, listBytes, encoded });
      return encoded;
    },
  };
}

/** The list, then again when it is another one than was taken last. */
export function moverSource(board: QuoteBoard, lists: MoverLists, query: MoverQuery): SourceOpener<EncodedMessage> {
  return (wake) => {
    let isDue = true;
    let sent: EncodedMessage | undefined;
    const subscription = board.onChange(() => {
      isDue = true;
      wake();
    });
    return {
      take() {
        if (!isDue) return undefined;
        isDue = false;
        const newest = lists.newest(query);
        if (newest === sent) return undefined;
        sent = newest;
        return newest;
      },
      [Symbol.dispose]: () => subscription[Symbol.dispose](),
    };
  };
}
