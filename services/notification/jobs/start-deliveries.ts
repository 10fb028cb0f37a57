/** Works off the queue of deliveries. */
import type { ServiceApp } from '#platform/lifecycle/service-app.ts';
import { runWorkerPool } from '#platform/queue/run-worker-pool.ts';
import { pause } from '#platform/time/pause.ts';
import { claimDeliveries } from '../store/claim-deliveries.ts';
import { countWaiting } from '../store/count-waiting.ts';
import { createDeliver, type DeliverOptions } from './deliver.ts';

// Longer than a look-up and a mail may take: when a delivery is due again, its claimant has finished or is gone.
const leaseMs = 60_000;
const finishTimeoutMs = 5_000;

/** Delivers until the app ends. Then no more is claimed, mails in progress get 5 s, and the rest is due again for another replica. */
export function startDeliveries(
  app: ServiceApp,
  options: Omit<DeliverOptions, 'logger' | 'metrics'> & { deliveriesMax: number },
): void {
  const { logger, metrics, signal } = app;
  const { deps, mailer, deliveriesMax } = options;
  metrics.gauge({
    name: 'outcry_mail_waiting',
    help: 'Mails that wait for their first or a further attempt.',
    collect: async (gauge) => gauge.set(await countWaiting(deps.db).catch(() => Number.NaN)),
  });
  const running = runWorkerPool({
    name: 'deliveries',
    claim: (limit) => claimDeliveries(deps.db, { limit, nowMs: deps.nowMs(), leaseMs }),
    work: createDeliver({ ...options, logger, metrics }),
    concurrencyMax: deliveriesMax,
    notifier: deps.notifier,
    signal,
    logger,
  });
  app.onDispose({
    async [Symbol.asyncDispose]() {
      await Promise.race([running, pause(finishTimeoutMs)]);
      mailer[Symbol.dispose]();
      await running;
    },
  });
}
