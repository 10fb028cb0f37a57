/** The payment side of a process: its providers, what they share, and the work that goes on behind the calls. */
import { createHmac } from 'node:crypto';
import type { Database } from '#platform/postgres/sql.ts';
import { within } from '#platform/time/within.ts';
import { createLocalProvider, type LocalProvider } from '../clients/payments/local-provider.ts';
import type { PaymentConfig } from '../config.ts';
import { countStuckTransfers } from '../store/payments/stuck.ts';
import type { PaymentOptions } from './payment-options.ts';

const countedMax = 10_000;
const scrapeMs = 1_000;

/**
 * The local provider of a configuration. A system without secrets of its own signs callbacks with one that follows from the service's
 * secret: every replica has the same, and no default is known to strangers.
 */
export function openLocalProvider(
  db: Database,
  { secrets, local: switches }: PaymentConfig,
  { serviceSecret, nowMs }: { serviceSecret: string; nowMs: () => number },
): LocalProvider {
  const derived = createHmac('sha256', serviceSecret).update('callbacks of the local payment provider');
  return createLocalProvider({ db, switches, secrets: secrets.length > 0 ? secrets : [derived.digest('hex')], nowMs });
}

/** Shows how many transfers are stuck, counted in the database at each scrape up to 10,000. */
export function measureStuckTransfers({ db, metrics, logger }: PaymentOptions): void {
  metrics.gauge({
    name: 'outcry_transfers_stuck',
    help: 'Transfers whose payment provider did not say an outcome in the attempts that are made, up to 10,000',
    collect: (gauge) =>
      within(scrapeMs, countStuckTransfers(db, countedMax)).then(
        (count) => gauge.set(count),
        (error) => logger.debug({ error }, 'stuck transfers could not be counted'),
      ),
  });
}
