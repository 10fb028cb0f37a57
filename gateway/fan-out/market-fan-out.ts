/** The fan-out before the market service, with its metrics, and ChangeStream for the streams that it serves. */
import { type ChangeStreamRequest, MarketService } from '#gen/outcry/market/v1/market_pb.ts';
import type { AppOf } from '#platform/lifecycle/open-resources.ts';
import { bytesCallerOf } from '#platform/rpc/client.ts';
import type { AnyClient } from '../forward/forward-call.ts';
import type { needs } from '../needs.ts';
import { createFanOut, type FanOut, type FanOutTimes } from './fan-out.ts';
import { streamKinds } from './kinds.ts';
import type { OpenUpstream } from './upstream.ts';

/** Instruments of a stream that names no symbol, and for how long their list is not asked for again, ms. */
const firstSymbolsMax = 100;
const listForMs = 1_000;

/** A fan-out that ends its streams when the app drains. */
export function createMarketFanOut(app: AppOf<typeof needs>, times: FanOutTimes): FanOut {
  const market = app.clientOf(MarketService);
  const callers = new Map(streamKinds.map(({ method }) => [method, bytesCallerOf(market, method)]));
  const open: OpenUpstream = ({ method }, request, signal) => {
    const caller = callers.get(method);
    if (caller === undefined) throw new TypeError(`${method.name} is no stream of the fan-out`);
    return caller.many(request, { signal });
  };
  let listed: { untilMs: number; symbols: Promise<string[]> } | undefined;
  const firstSymbols = () => {
    if (listed !== undefined && performance.now() < listed.untilMs) return listed.symbols;
    const symbols = market
      .listInstruments({ pageSize: firstSymbolsMax })
      .then(({ instruments }) => instruments.map(({ symbol }) => symbol));
    listed = { untilMs: performance.now() + listForMs, symbols };
    symbols.catch(() => {
      listed = undefined;
    });
    return symbols;
  };
  const conflated = app.metrics.counter({
    name: 'outcry_gateway_stream_messages_conflated_total',
    help: 'Messages of streams that slow readers were not sent: they were sent newer ones, or a gap.',
  });
  const onConflated = (count: number) => conflated.inc(count);
  const fanOut = createFanOut({ open, firstSymbols, times, onConflated, drain: app.signal });
  app.metrics.gauge({
    name: 'outcry_gateway_streams_open',
    help: 'Streams of the market that are served by the fan-out, and the symbols that it follows for them.',
    labels: ['what'],
    collect: (gauge) => {
      const { streams, topics } = fanOut.counts();
      gauge.set({ what: 'streams' }, streams);
      gauge.set({ what: 'topics' }, topics);
    },
  });
  app.onDispose({ [Symbol.asyncDispose]: async () => fanOut[Symbol.dispose]() });
  return fanOut;
}

/** The client of the market, whose ChangeStream finds the streams of the fan-out first. */
export function withSharedStreams(market: AnyClient, fanOut: FanOut): AnyClient {
  const { changeStream } = MarketService.method;
  const atMarket = market[changeStream.localName];
  return {
    ...market,
    [changeStream.localName]: async (request, options) => {
      const { streamId, symbols } = request as ChangeStreamRequest;
      const changed = symbols.length > 0 ? await fanOut.change(streamId, symbols) : undefined;
      return changed === undefined ? await atMarket?.(request, options) : { symbols: changed };
    },
  };
}
