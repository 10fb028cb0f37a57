/** The mailbox as a running service: its SMTP server and its RPC. */
import type { AppOf } from '#platform/lifecycle/open-resources.ts';
import { serveRpc } from '#platform/lifecycle/serve-rpc.ts';
import type { MailboxConfig } from './config.ts';
import type { MailboxDeps } from './deps.ts';
import type { needs } from './needs.ts';
import { mailboxBindings } from './rpc/bindings.ts';
import { createMailReceiver } from './smtp/receive-mail.ts';
import { startSmtpServer } from './smtp/smtp-server.ts';

/** Parts that tests replace. */
export type MailboxOverrides = { nowMs?: () => number };

/** The running mailbox; it ends with its app. */
export type MailboxServer = { port: number; smtpPort: number };

/** Starts to take mail and to answer, and is ready when both listen. */
export async function createMailboxService(
  app: AppOf<typeof needs>,
  { smtpPort }: MailboxConfig,
  { nowMs = Date.now }: MailboxOverrides = {},
): Promise<MailboxServer> {
  const { db, logger, metrics } = app;
  const deps: MailboxDeps = { db, nowMs };
  const { host } = app.config;
  const smtp = await startSmtpServer({ host, port: smtpPort, receive: createMailReceiver(deps), logger, metrics });
  app.onDispose(smtp);
  const server = await serveRpc(app, { bindings: mailboxBindings(deps), authenticator: app.authenticator });
  app.ready();
  return { port: server.port, smtpPort: smtp.port };
}
