/** Readers of streams that go on after every end and every failure, as the contract says, and record what they were sent. */
import { createClient } from '@connectrpc/connect';
import { createConnectTransport } from '@connectrpc/connect-node';
import { type Depth, MarketService } from '#gen/outcry/market/v1/market_pb.ts';
import { NotificationService } from '#gen/outcry/notification/v1/notification_pb.ts';
import { OrderService } from '#gen/outcry/order/v1/order_pb.ts';
import type { SymbolPosition } from '#platform/stream/resume-token.ts';
import { pause } from '#platform/time/pause.ts';

/** A reader. `seen` has every change in order; of states the newest alone. */
export type ResumingReader = {
  seen: string[];
  /** Gaps that were announced. */
  gapCount: number;
  /** How often its stream was opened. */
  openCount: number;
  depth?: Depth;
};

/** What every reader needs. */
export type ReaderOptions = { gatewayUrl: string; signal: AbortSignal };

const reopenMs = 100;

function clientsOf({ gatewayUrl }: ReaderOptions) {
  const transport = createConnectTransport({ baseUrl: gatewayUrl, httpVersion: '1.1' });
  return {
    market: createClient(MarketService, transport),
    orders: createClient(OrderService, transport),
    inbox: createClient(NotificationService, transport),
  };
}

/** Opens the stream until the signal aborts. */
function readAgain(reader: ResumingReader, { signal }: ReaderOptions, read: () => Promise<void>): ResumingReader {
  void (async () => {
    while (!signal.aborted) {
      reader.openCount += 1;
      // An outage and an end are the same to a reader: it opens the stream again.
      await read().catch(() => {});
      await pause(reopenMs * (1 + Math.random()), signal);
    }
  })();
  return reader;
}

/** Reads all trades of the symbol after the position. */
export function readTrades(from: SymbolPosition, options: ReaderOptions): ResumingReader {
  const { market } = clientsOf(options);
  const reader: ResumingReader = { seen: [], gapCount: 0, openCount: 0 };
  let position = from;
  return readAgain(reader, options, async () => {
    const request = { symbols: [from.symbol], positions: [position] };
    for await (const { message, epoch, sequence } of market.streamTrades(request, { signal: options.signal })) {
      if (message.case === 'gap') reader.gapCount += 1;
      if (message.case !== 'trade') continue;
      reader.seen.push(message.value.tradeId);
      position = { symbol: from.symbol, epoch, sequence };
    }
  });
}

/** Reads the book of the symbol. */
export function readDepth(symbol: string, options: ReaderOptions): ResumingReader {
  const { market } = clientsOf(options);
  const reader: ResumingReader = { seen: [], gapCount: 0, openCount: 0 };
  return readAgain(reader, options, async () => {
    for await (const { message } of market.streamDepth({ symbol, levels: 100 }, { signal: options.signal })) {
      if (message.case === 'depth') reader.depth = message.value;
    }
  });
}

/** Reads the orders and fills of the person with the token. */
export function readOrders(token: string, options: ReaderOptions): ResumingReader {
  const { orders } = clientsOf(options);
  const reader: ResumingReader = { seen: [], gapCount: 0, openCount: 0 };
  let resumeToken = '';
  return readAgain(reader, options, async () => {
    const headers = { authorization: `Bearer ${token}` };
    for await (const answer of orders.streamOrders({ resumeToken }, { headers, signal: options.signal })) {
      const { message, sequence } = answer;
      resumeToken = answer.resumeToken;
      if (message.case === 'fill') reader.seen.push(`${sequence} fill ${message.value.tradeId}`);
      if (message.case !== 'order') continue;
      const { orderId, status, filledQuantity } = message.value;
      reader.seen.push(`${sequence} order ${orderId} ${status} ${filledQuantity}`);
    }
  });
}

/** Reads the messages that the person with the token gets. */
export function readInbox(token: string, options: ReaderOptions): ResumingReader {
  const { inbox } = clientsOf(options);
  const reader: ResumingReader = { seen: [], gapCount: 0, openCount: 0 };
  let resumeToken = '';
  return readAgain(reader, options, async () => {
    const headers = { authorization: `Bearer ${token}` };
    for await (const answer of inbox.streamMessages({ resumeToken }, { headers, signal: options.signal })) {
      const { message } = answer;
      resumeToken = answer.resumeToken;
      if (message.case === 'gap') reader.gapCount += 1;
      if (message.case === 'snapshot') reader.seen.push(...message.value.messages.map(({ messageId }) => messageId));
      if (message.case === 'added') reader.seen.push(message.value.messageId);
    }
  });
}
