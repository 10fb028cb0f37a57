/** Notification as a running service: its consumer of events, its deliveries, its RPCs. */
import { UserInternalService } from '#gen/outcry/user/v1/internal_pb.ts';
import { consumeEventPages } from '#platform/bus/consume-events.ts';
import { createGrownLists } from '#platform/concurrency/grown-lists.ts';
import { inRole, openInRole } from '#platform/lifecycle/in-role.ts';
import { joinOnShutdown } from '#platform/lifecycle/join-on-shutdown.ts';
import type { AppOf } from '#platform/lifecycle/open-resources.ts';
import { serveRpc } from '#platform/lifecycle/serve-rpc.ts';
import { listenForAccounts } from '#platform/postgres/account-notices.ts';
import type { StreamTimes } from '#platform/stream/serve-stream.ts';
import { createStreamQuota } from '#platform/stream/stream-quota.ts';
import { createContactBook } from './clients/contact-book.ts';
import { createMailer } from './clients/mailer.ts';
import type { NotificationConfig } from './config.ts';
import { defaultStreamTimes, type NotificationDeps } from './deps.ts';
import { factPages, factQueue } from './events/fact-pages.ts';
import { cutBoxes } from './jobs/cut-boxes.ts';
import { deleteExpiredRows } from './jobs/delete-expired-rows.ts';
import { createDueTime } from './jobs/due-time.ts';
import { createMailTraces } from './jobs/mail-traces.ts';
import { startDeliveries } from './jobs/start-deliveries.ts';
import type { needs } from './needs.ts';
import { notificationBindings } from './rpc/bindings.ts';
import { boxesChannel } from './store/boxes-channel.ts';

/** Parts that tests replace. */
export type NotificationOverrides = {
  nowMs?: () => number;
  sendTimeoutMs?: number;
  mailPollMs?: number;
  streamTimes?: Partial<StreamTimes>;
};

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
  { nowMs = Date.now, sendTimeoutMs, mailPollMs, streamTimes }: NotificationOverrides = {},
): Promise<NotificationServer> {
  const { db, bus, logger, metrics, authenticator } = app;
  const dueMails = createDueTime(nowMs);
  const { deadLetters } = bus;
  const mailTraces = createMailTraces();
  const grownBoxes = createGrownLists(messagesGrowth);
  const deps: NotificationDeps = {
    ...{ db, deadLetters, dueMails, grownBoxes, mailTraces, nowMs },
    ...(await openStreams(app, config, streamTimes)),
  };
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

/** What streams of messages work with. */
async function openStreams(
  app: AppOf<typeof needs>,
  { streamsPerAccountMax }: NotificationConfig,
  times: Partial<StreamTimes> = {},
): Promise<Pick<NotificationDeps, 'boxNotices' | 'streamQuota' | 'streamTimes'>> {
  const boxNotices = await listenForAccounts(app.db, boxesChannel);
  app.onDispose(boxNotices);
  const streamQuota = createStreamQuota('inbox', streamsPerAccountMax);
  return { boxNotices, streamQuota, streamTimes: { ...defaultStreamTimes, ...times } };
}
