/** Works off the queue of deliveries. */
import { inRole } from '#platform/lifecycle/in-role.ts';
import type { ServiceApp } from '#platform/lifecycle/service-app.ts';
import type { Database } from '#platform/postgres/sql.ts';
import { pause } from '#platform/time/pause.ts';
import { countWaiting } from '../store/count-waiting.ts';
import { recordOutcomes } from '../store/record-outcomes.ts';
import { claimMails } from './claim-mails.ts';
import { createDeliver, type DeliverOptions } from './deliver.ts';
import type { DueTime } from './due-time.ts';
import { createMailWork } from './mail-work.ts';
import { runMailRounds } from './run-mail-rounds.ts';

// Longer than a delivery may wait for its turn, a look-up, a mail and a round may take: when it is due again, its claimant has finished or
// is gone.
const leaseMs = 60_000;
const beginWithinMs = 20_000;
const finishTimeoutMs = 5_000;
const lingerMs = 250;
const roundMs = 1_000;
// With the length of a round, a replica sends at most 200 mails a second: however many wait, they leave the machine to what people wait for.
const claimedMax = 200;

/** What the deliveries are made of. */
export type DeliveriesOptions = Omit<DeliverOptions, 'logger' | 'metrics'> & {
  db: Database;
  dueMails: DueTime;
  /** Mails sent at once. */
  deliveriesMax: number;
  /** Longest time between two looks at the queue; default 10 s. */
  pollMs?: number;
};

/** Delivers until the app ends, in a canary while it is promoted. Then no more is claimed, mails in progress get 5 s, and the rest is due again for another replica. */
export function startDeliveries(app: ServiceApp, options: DeliveriesOptions): void {
  const { logger, metrics } = app;
  const { db, dueMails, mailer, nowMs, deliveriesMax: concurrencyMax, pollMs = 10_000 } = options;
  metrics.gauge({
    name: 'outcry_mail_waiting',
    help: 'Mails that wait for their first or a further attempt.',
    collect: async (gauge) => gauge.set(await countWaiting(db).catch(() => Number.NaN)),
  });
  const deliver = createDeliver({ ...options, logger, metrics });
  const rounds: Omit<Parameters<typeof runMailRounds>[0], 'signal'> = {
    claim: (limit) => claimMails(db, { limit, nowMs: nowMs(), leaseMs }),
    record: (outcomes) => recordOutcomes(db, outcomes, nowMs()),
    work: createMailWork({ deliver, concurrencyMax, claimedMax, beginWithinMs, logger }),
    dueMails,
    nowMs,
    lingerMs,
    roundMs,
    pollMs,
    logger,
  };
  const running = inRole(app, (signal) => [runMailRounds({ ...rounds, signal })]);
  app.onDispose({
    async [Symbol.asyncDispose]() {
      await Promise.race([running, pause(finishTimeoutMs)]);
      mailer[Symbol.dispose]();
      await running;
    },
  });
}
