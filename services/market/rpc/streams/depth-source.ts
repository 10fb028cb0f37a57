import { StreamDepthResponseSchema } from '#gen/outcry/market/v1/market_pb.ts';
import { EncodedMessage } from '#platform/rpc/server.ts';
import { withCount } from '#platform/stream/conflated.ts';
import type { MarketView } from '../../view/market-view.ts';
import { type Conflations, uncounted } from '../../view/measure-view.ts';
import { encode } from '../messages/market-messages.ts';
import { encodedDepth } from './encoded.ts';
import type { SymbolSource } from './open-streams.ts';

const conflatedCountField = StreamDepthResponseSchema.field.conflatedCount.number;

/** The book, then the book again when it has changed since: only how often it has waits for the reader. */
export function depthSource(view: MarketView, first: string, levels: number) {
  return (wake: () => void, { noteConflated }: Conflations = uncounted): SymbolSource<EncodedMessage> => {
    let symbol = first;
    let changeCount = 1;
    const changed = () => {
      changeCount += 1;
      wake();
    };
    const listen = () => view.listeners.add([symbol], { depthChanged: changed, rebuilt: changed });
    let subscription = listen();
    return {
      take() {
        if (changeCount === 0) return undefined;
        const conflatedCount = changeCount - 1;
        changeCount = 0;
        noteConflated(conflatedCount);
        const symbolView = view.get(symbol);
        if (symbolView === undefined) {
          return encode(StreamDepthResponseSchema, { message: { case: 'depth', value: { symbol } } });
        }
        const message = encodedDepth(view, symbolView, levels);
        if (conflatedCount === 0) return message;
        return new EncodedMessage(withCount(message.bytes, conflatedCountField, conflatedCount));
      },
      setSymbols([newer = symbol]) {
        if (newer === symbol) return;
        subscription[Symbol.dispose]();
        symbol = newer;
        subscription = listen();
        changeCount = 0;
        changed();
      },
      [Symbol.dispose]: () => subscription[Symbol.dispose](),
    };
  };
}
