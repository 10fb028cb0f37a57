/** The mailbox as a whole: database, SMTP server, RPC. */
import type { Authenticator } from '#platform/auth/authenticator.ts';
import { serveRpc } from '#platform/lifecycle/serve-rpc.ts';
import type { ServiceApp } from '#platform/lifecycle/service-app.ts';
import { openDatabase } from '#platform/postgres/database.ts';
import { migrate } from '#platform/postgres/migrate.ts';
import type { MailboxDeps } from './deps.ts';
import { bindMailboxService } from './rpc/bindings.ts';
import { createMailReceiver } from './smtp/receive-mail.ts';
import { startSmtpServer } from './smtp/smtp-server.ts';

/** The running mailbox; it ends with its app. */
export type RunningMailbox = { port: number; smtpPort: number };

const poolMax = 4;

/** Starts the mailbox inside the app and says ready. Waits until the database can be reached. `now` replaces the clock in tests. */
export async function createMailboxService(
  app: ServiceApp,
  config: { authenticator: Authenticator; smtpPort: number },
  { now = Date.now }: { now?: () => number } = {},
): Promise<RunningMailbox> {
  const { logger, metrics, signal, name } = app;
  const { databaseUrl, databasePoolMax, host } = app.config;
  const db = openDatabase({
    url: databaseUrl,
    applicationName: name,
    poolMax: Math.min(poolMax, databasePoolMax),
    logger,
    metrics,
  });
  app.onDispose(db);
  await migrate(db, new URL('./store/migrations/', import.meta.url), { signal, logger });
  const deps: MailboxDeps = { db, now };
  const smtp = await startSmtpServer({
    host,
    port: config.smtpPort,
    receive: createMailReceiver(deps),
    logger,
    metrics,
  });
  app.onDispose(smtp);
  const server = await serveRpc(app, { bindings: bindMailboxService(deps), authenticator: config.authenticator });
  app.ready();
  return { port: server.port, smtpPort: smtp.port };
}
