import { runPeriodically } from '#platform/lifecycle/run-periodically.ts';
import { holdLease } from '#platform/postgres/lease.ts';
import { purgeEvents } from '../store/payments/events.ts';
import type { PaymentOptions } from '../transfers/payment-options.ts';
import { reconcilePage, searchUnlisted } from '../transfers/reconcile-payments.ts';
import type { TransferService } from '../transfers/transfer-service.ts';

const pauseMs = 10_000;
const eventAgeMs = 7 * 24 * 3_600_000;
const purgedMax = 1_000;

/** Reconciles with every provider and asks about stuck transfers, in one replica at a time, until the signal aborts. */
export async function reconcilePayments(
  options: PaymentOptions & {
    transfers: Pick<TransferService, 'resumeStuck'>;
    /** Names this process in the lease. */
    holder: string;
    signal: AbortSignal;
  },
): Promise<void> {
  const { db, transfers, holder, logger, signal } = options;
  const worksOf = (held: AbortSignal): [string, () => Promise<boolean>][] => [
    ...options.providers.all.map((provider): [string, () => Promise<boolean>] => [
      `reconcile-${provider.name}`,
      () => reconcilePage(options, provider, held),
    ]),
    ['search-unlisted-transfers', () => searchUnlisted(options, held)],
    ['resume-stuck-transfers', () => transfers.resumeStuck(held)],
    [
      'purge-payment-events',
      async () => (await purgeEvents(db, new Date(options.nowMs() - eventAgeMs), purgedMax)) === purgedMax,
    ],
  ];
  await holdLease({
    db,
    name: 'payments',
    holder,
    logger,
    signal,
    whileHeld: async (lease) => {
      // Beside each other: a provider whose list does not answer stops none of the others.
      await Promise.all(
        worksOf(lease.signal).map(([name, work]) =>
          runPeriodically({ name, work, pauseMs, signal: lease.signal, logger }),
        ),
      );
    },
  });
}
