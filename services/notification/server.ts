/** Notification as a running service: its consumer of events, its deliveries, its RPCs. */
import { UserInternalService } from '#gen/outcry/user/v1/internal_pb.ts';
import { consumeEventPages } from '#platform/bus/consume-events.ts';
import { createGrownLists } from '#platform/concurrency/grown-lists.ts';
import { inRole, openInRole } from '#platform/lifecycle/in-role.ts';
import { joinOnShutdown } from '#platform/lifecycle/join-on-shutdown.ts';
import type { AppOf } from '#platform/lifecycle/open-resources.ts';
import { serveRpc } from '#platform/lifecycle/serve-rpc.ts';
import { createContactBook } from './clients/contact-book.ts';
import { createMailer } from './clients/mailer.ts';
import type { NotificationConfig } from './config.ts';
import type { NotificationDeps } from './deps.ts';
import { factPages, factQueue } from './events/fact-pages.ts';
import { cutBoxes } from './jobs/cut-boxes.ts';
import { deleteExpiredRows } from './jobs/delete-expired-rows.ts';
import { createDueTime } from './jobs/due-time.ts';
import { createMailTraces } from './jobs/mail-traces.ts';
import { startDeliveries } from './jobs/start-deliveries.ts';
import type { needs } from './needs.ts';
import { notificationBindings } from './rpc/bindings.ts';

/** Parts that tests replace. */
export type NotificationOverrides = { nowMs?: () => number; sendTimeoutMs?: number; mailPollMs?: number };

/** The running service; it ends with its app. */
export type NotificationServer = { port: number };

// A person's messages are cut to their bound after each so many.
const messagesGrowth = 100;

/**
 * Starts to consume, to deliver and to answer, and is ready. Waits for the bus; the mail server and the user service may come later, and
 * may go and come back.
 */
export async function createNotificationService(
  app: AppOf<typeof needs>,
  config: NotificationConfig,
  { nowMs = Date.now, sendTimeoutMs, mailPollMs }: NotificationOverrides = {},
): Promise<NotificationServer> {
  const { db, bus, logger, metrics, authenticator } = app;
  const dueMails = createDueTime(nowMs);
  const { deadLetters } = bus;
  const mailTraces = createMailTraces();
  const grownBoxes = createGrownLists(messagesGrowth);
  const deps: NotificationDeps = { db, deadLetters, dueMails, grownBoxes, mailTraces, nowMs };
  const { smtpUrl, mailFrom, deliveriesMax } = config;
  startDeliveries(app, {
    ...config,
    db,
    dueMails,
    mailTraces,
    nowMs,
    pollMs: mailPollMs,
    contacts: createContactBook(db, app.clientOf(UserInternalService)),
    mailer: createMailer({ smtpUrl, mailFrom, connectionsMax: deliveriesMax, sendTimeoutMs }),
  });
  await openInRole(app, () => consumeEventPages({ db, bus, ...factQueue, handle: factPages(deps), logger, metrics }));
  joinOnShutdown(
    app,
    inRole(app, (signal) => [deleteExpiredRows(deps, { signal, logger }), cutBoxes(deps, { signal, logger })]),
  );
  const server = await serveRpc(app, { bindings: notificationBindings(deps), authenticator });
  app.ready();
  return { port: server.port };
}
