import type { EncodedMessage } from '#platform/rpc/implementation.ts';
import type { SourceOpener } from '#platform/stream/serve-stream.ts';
import type { MoverLists, MoverQuery } from '../../view/mover-lists.ts';
import type { QuoteBoard } from '../../view/quote-board.ts';

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
