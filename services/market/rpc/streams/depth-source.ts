import { StreamDepthResponseSchema } from '#gen/outcry/market/v1/market_pb.ts';
import type { EncodedMessage } from '#platform/rpc/server.ts';
import type { SourceOpener } from '#platform/stream/serve-stream.ts';
import type { MarketView } from '../../view/market-view.ts';
import { encode } from '../messages/market-messages.ts';
import { encodedDepth } from './encoded.ts';

/** The book, then the book again when it has changed since: only that it has changed waits for the reader. */
export function depthSource(view: MarketView, symbol: string, levels: number): SourceOpener<EncodedMessage> {
  return (wake) => {
    let isDue = true;
    const changed = () => {
      isDue = true;
      wake();
    };
    const subscription = view.listeners.add([symbol], { depthChanged: changed, rebuilt: changed });
    return {
      take() {
        if (!isDue) return undefined;
        isDue = false;
        const symbolView = view.get(symbol);
        if (symbolView !== undefined) return encodedDepth(view, symbolView, levels);
        return encode(StreamDepthResponseSchema, { message: { case: 'depth', value: { symbol } } });
      },
      [Symbol.dispose]: () => subscription[Symbol.dispose](),
    };
  };
}
