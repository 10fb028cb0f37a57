/** A stream of quotes that is made in the page itself, so that a browser is measured and not a server. */
import { create, toBinary } from '@bufbuild/protobuf';
import { QuoteSchema, StreamQuotesResponseSchema } from '#gen/outcry/market/v1/market_pb.ts';
import { TradingState } from '#gen/outcry/trading/v1/trading_pb.ts';

/** What the page makes of a quote: the bytes of a message, and where its price stands in them. */
type Template = { symbol: string; frame: string; priceAt: number };

const marker = '123.45';

/**
 * A script that answers StreamQuotes in the page: a snapshot, then as many changes a second as `window.quotes.start(perSecond)` says, spread
 * over the symbols. It notes when each price of the first symbol was handed to the app, `window.quotes.sentAt`.
 */
export function fakeQuotesScript(symbols: readonly string[]): string {
  const templates = symbols.map(templateOf);
  const quotes = symbols.map((symbol) => quoteOf(symbol, '100.00'));
  const snapshot = enveloped(
    toBinary(
      StreamQuotesResponseSchema,
      create(StreamQuotesResponseSchema, { message: { case: 'snapshot', value: { quotes } } }),
    ),
  ).toString('base64');
  return `(${pageScript.toString()})(${JSON.stringify({ templates, snapshot })})`;
}

function quoteOf(symbol: string, lastPrice: string) {
  return create(QuoteSchema, {
    symbol,
    lastPrice,
    bidPrice: '99.99',
    askPrice: '100.01',
    state: TradingState.CONTINUOUS,
  });
}

function templateOf(symbol: string): Template {
  const value = quoteOf(symbol, marker);
  const message = create(StreamQuotesResponseSchema, { message: { case: 'quote', value } });
  const frame = enveloped(toBinary(StreamQuotesResponseSchema, message));
  return { symbol, frame: frame.toString('base64'), priceAt: frame.indexOf(marker) };
}

// As Connect frames a message of a stream: no flags, its length, its bytes.
function enveloped(message: Uint8Array): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}

// Runs in the page, where nothing of this file is known.
function pageScript({ templates, snapshot }: { templates: Template[]; snapshot: string }): void {
  const everyMs = 10;
  const bytesOf = (base64: string) => Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  const frames = templates.map(({ frame, priceAt }) => ({ bytes: bytesOf(frame), priceAt }));
  const sentAt = new Map<string, number>();
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  let count = 0;
  const send = (messages: number) => {
    for (let index = 0; index < messages; index++, count++) {
      const { bytes, priceAt } = frames[count % frames.length] as (typeof frames)[number];
      const cents = 10_000 + (Math.floor(count / frames.length) % 80_000);
      const price = (cents / 100).toFixed(2);
      const frame = bytes.slice();
      for (let letter = 0; letter < price.length; letter++) frame[priceAt + letter] = price.charCodeAt(letter);
      if (count % frames.length === 0) sentAt.set(price, performance.now());
      controller?.enqueue(frame);
    }
  };
  const realFetch = globalThis.fetch.bind(globalThis);
  globalThis.fetch = (input, init) => {
    const url = input instanceof Request ? input.url : String(input);
    if (!url.endsWith('/outcry.market.v1.MarketService/StreamQuotes')) return realFetch(input, init);
    const body = new ReadableStream<Uint8Array>({
      start(next) {
        controller = next;
        next.enqueue(bytesOf(snapshot));
      },
    });
    return Promise.resolve(new Response(body, { headers: { 'content-type': 'application/connect+proto' } }));
  };
  let timer: ReturnType<typeof setInterval> | undefined;
  const start = (perSecond: number) => {
    let owed = 0;
    let last = performance.now();
    clearInterval(timer);
    timer = setInterval(() => {
      const now = performance.now();
      owed += ((now - last) * perSecond) / 1_000;
      last = now;
      const due = Math.min(perSecond, Math.floor(owed));
      owed -= due;
      send(due);
    }, everyMs);
  };
  Object.assign(globalThis, { quotes: { sentAt, start, stop: () => clearInterval(timer), sent: () => count } });
}
