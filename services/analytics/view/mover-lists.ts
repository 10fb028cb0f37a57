/** Rankings for streams: ranked once for each change of the board, serialised once for each change of a list. */
import { create, toBinary } from '@bufbuild/protobuf';
import {
  MoverListSchema,
  type MoverRanking,
  StreamMoversResponseSchema,
} from '#gen/outcry/analytics/v1/analytics_pb.ts';
import type { EncodedMessage } from '#platform/rpc/implementation.ts';
import { type Ranking, rank } from '../domain/movers.ts';
import { encode, moverListOf } from '../rpc/messages/analytics-messages.ts';
import type { QuoteBoard } from './quote-board.ts';

/** Which list. */
export type MoverQuery = { ranking: Ranking; message: MoverRanking; length: number };

/** The newest list of each ranking and length. */
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
