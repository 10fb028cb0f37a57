/** A real mailbox on free ports with a database of its own, and clients for it. */
import { createTransport } from 'nodemailer';
import { MailboxService } from '#gen/outcry/mailbox/v1/mailbox_pb.ts';
import { openDatabase } from '#platform/postgres/database.ts';
import type { Database } from '#platform/postgres/sql.ts';
import { createRpcClient, type RpcClient } from '#platform/rpc/client.ts';
import { silentLogger } from '#platform/testing/database.ts';
import { createTestDatabase } from '#platform/testing/postgres.ts';
import { openTestApp } from '#platform/testing/service-app.ts';
import { createTestIdentity, type TestIdentity } from '#platform/testing/tokens.ts';
import { needs } from '../needs.ts';
import { createMailboxService } from '../server.ts';

/** A mail to send. */
export type TestMail = { to: string | string[]; subject?: string; text?: string; messageId?: string };

/** The mailbox and its clients. */
export type TestMailbox = AsyncDisposable & {
  mailbox: RpcClient<typeof MailboxService>;
  identity: TestIdentity;
  smtpPort: number;
  db: Database;
  send(mail: TestMail): Promise<void>;
  /** A token of the person with that address. */
  tokenOf(email: string): Promise<string>;
};

/** Starts it. */
export async function startTestMailbox(): Promise<TestMailbox> {
  const database = await createTestDatabase();
  const identity = await createTestIdentity();
  const app = await openTestApp(needs, { databaseUrl: database.url, authenticator: identity.authenticator });
  const { port, smtpPort } = await createMailboxService(app, { smtpPort: 0 }, { cutEveryMs: 50 });
  const mailbox = createRpcClient(MailboxService, { address: `ipv4:127.0.0.1:${port}`, serviceToken: undefined });
  const db = openDatabase({ url: database.url, applicationName: 'test', poolMax: 1, logger: silentLogger });
  const transport = createTransport({ host: '127.0.0.1', port: smtpPort, pool: true, maxConnections: 4 });
  return {
    mailbox,
    identity,
    smtpPort,
    db,
    async send({ to, subject = 'Hello', text = 'Text', messageId }) {
      await transport.sendMail({ from: 'sender@example.com', to, subject, text, messageId });
    },
    tokenOf: (email) => identity.userToken({ email }),
    async [Symbol.asyncDispose]() {
      transport.close();
      await mailbox[Symbol.asyncDispose]();
      await db[Symbol.asyncDispose]();
      await app.shutdown();
      await database.drop();
    },
  };
}
