/** Notification as a running service: its consumer of events, its deliveries, its RPCs. */
import { UserInternalService } from '#gen/outcry/user/v1/internal_pb.ts';
import { consumeEvents } from '#platform/bus/consume-events.ts';
import { createNotifier } from '#platform/concurrency/notifier.ts';
import { joinOnShutdown } from '#platform/lifecycle/join-on-shutdown.ts';
import type { AppOf } from '#platform/lifecycle/open-resources.ts';
import { serveRpc } from '#platform/lifecycle/serve-rpc.ts';
import { createContactBook } from './clients/contact-book.ts';
import { createMailer } from './clients/mailer.ts';
import type { NotificationConfig } from './config.ts';
import type { NotificationDeps } from './deps.ts';
import { factHandlers, factQueue } from './events/consumed.ts';
import { deleteExpiredRows } from './jobs/delete-expired-rows.ts';
import { startDeliveries } from './jobs/start-deliveries.ts';
import type { needs } from './needs.ts';
import { notificationBindings } from './rpc/bindings.ts';

/** Parts that tests replace. */
export type NotificationOverrides = { nowMs?: () => number; sendTimeoutMs?: number };

/** The running service; it ends with its app. */
export type NotificationServer = { port: number };

/**
 * Starts to consume, to deliver and to answer, and is ready. Waits for the bus; the mail server and the user service may come later, and
 * may go and come back.
 */
export async function createNotificationService(
  app: AppOf<typeof needs>,
  config: NotificationConfig,
  { nowMs = Date.now, sendTimeoutMs }: NotificationOverrides = {},
): Promise<NotificationServer> {
  const { db, bus, logger, metrics, signal, authenticator } = app;
  const deps: NotificationDeps = { db, notifier: createNotifier(), nowMs };
  const { smtpUrl, mailFrom, deliveriesMax } = config;
  startDeliveries(app, {
    ...config,
    deps,
    contacts: createContactBook(db, app.clientOf(UserInternalService)),
    mailer: createMailer({ smtpUrl, mailFrom, connectionsMax: deliveriesMax, sendTimeoutMs }),
  });
  app.onDispose(await consumeEvents({ db, bus, queue: factQueue, handlers: factHandlers(deps), logger, metrics }));
  joinOnShutdown(app, deleteExpiredRows(deps, { signal, logger }));
  const server = await serveRpc(app, { bindings: notificationBindings(deps), authenticator });
  app.ready();
  return { port: server.port };
}
