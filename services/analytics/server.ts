/** Analytics as a running service. */
import { MarketService } from '#gen/outcry/market/v1/market_pb.ts';
import type { Authenticator } from '#platform/auth/authenticator.ts';
import { joinOnShutdown } from '#platform/lifecycle/join-on-shutdown.ts';
import { createClientFactory } from '#platform/lifecycle/open-clients.ts';
import { serveRpc } from '#platform/lifecycle/serve-rpc.ts';
import type { ServiceApp } from '#platform/lifecycle/service-app.ts';
import { defaultStreamTimes, type StreamTimes } from '#platform/stream/serve-stream.ts';
import { analyticsBindings } from './analytics-service.ts';
import { followQuotes } from './follow/follow-quotes.ts';
import { createQuoteBoard } from './follow/quote-board.ts';
import { createSeriesStore } from './follow/series-store.ts';

/** What analytics is started with. */
export type AnalyticsOptions = {
  authenticator: Authenticator;
  marketAddress: string;
  /** Tests shorten it. */
  streamTimes?: StreamTimes;
};

/** Answers at once, and is ready once it has a quote of every instrument. The market may come later, and may go and come back. */
export async function createAnalyticsService(app: ServiceApp, options: AnalyticsOptions): Promise<{ port: number }> {
  const { streamTimes = defaultStreamTimes } = options;
  const { logger, signal } = app;
  const market = createClientFactory(app)(MarketService, options.marketAddress);
  const board = createQuoteBoard();
  const series = createSeriesStore({ market, logger });
  app.onDispose(series);
  let complete = false;
  const bindings = analyticsBindings({ board, series, isComplete: () => complete, streamTimes });
  const server = await serveRpc(app, { bindings, authenticator: options.authenticator });
  const onComplete = () => {
    if (!complete) app.ready();
    complete = true;
  };
  joinOnShutdown(app, followQuotes({ market, board, onComplete, signal, logger }));
  return { port: server.port };
}
