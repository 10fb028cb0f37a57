/** The mailbox as a running service: its SMTP server and its RPC. */
import { createGrownLists } from '#platform/concurrency/grown-lists.ts';
import { inRole } from '#platform/lifecycle/in-role.ts';
import { joinOnShutdown } from '#platform/lifecycle/join-on-shutdown.ts';
import type { AppOf } from '#platform/lifecycle/open-resources.ts';
import { serveRpc } from '#platform/lifecycle/serve-rpc.ts';
import type { MailboxConfig } from './config.ts';
import type { MailboxDeps } from './deps.ts';
import { cutBoxes } from './jobs/cut-boxes.ts';
import type { needs } from './needs.ts';
import { mailboxBindings } from './rpc/bindings.ts';
import { createMailReceiver } from './smtp/receive-mail.ts';
import { startSmtpServer } from './smtp/smtp-server.ts';

/** Parts that tests replace. */
export type MailboxOverrides = { nowMs?: () => number; cutEveryMs?: number };

/** The running mailbox; it ends with its app. */
export type MailboxServer = { port: number; smtpPort: number };

// The mails of an address are cut to their bound after each so many.
const mailsGrowth = 100;

/** Starts to take mail and to answer, and is ready when both listen. */
export async function createMailboxService(
  app: AppOf<typeof needs>,
  { smtpPort }: MailboxConfig,
  { nowMs = Date.now, cutEveryMs }: MailboxOverrides = {},
): Promise<MailboxServer> {
  const { db, logger, metrics } = app;
  const deps: MailboxDeps = { db, grownBoxes: createGrownLists(mailsGrowth), nowMs };
  const { host } = app.config;
  const receiver = createMailReceiver(deps, metrics);
  app.onDispose(receiver);
  const { receive } = receiver;
  const smtp = await startSmtpServer({ host, port: smtpPort, receive, logger, metrics });
  app.onDispose(smtp);
  joinOnShutdown(
    app,
    inRole(app, (signal) => [cutBoxes(deps, { everyMs: cutEveryMs, signal, logger })]),
  );
  const server = await serveRpc(app, { bindings: mailboxBindings(deps), authenticator: app.authenticator });
  app.ready();
  return { port: server.port, smtpPort: smtp.port };
}
