import type { Database } from '#platform/postgres/sql.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import type { Metrics } from '#platform/telemetry/metrics.ts';
import type { PaymentProviders } from '../clients/payments/payment-provider.ts';
import type { FeedWriter } from '../events/feed-writer.ts';

/** What every step of a payment works with. */
export type PaymentOptions = {
  db: Database;
  providers: PaymentProviders;
  feed: Pick<FeedWriter, 'append'>;
  /** Unix milliseconds. */
  nowMs: () => number;
  logger: Logger;
  metrics: Metrics;
};
