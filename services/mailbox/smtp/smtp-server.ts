/** An SMTP server for one machine or one cluster, hence without TLS and authentication. */
import { type AddressInfo, isIPv6 } from 'node:net';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import type { Logger } from '#platform/telemetry/logger.ts';
import type { Metrics } from '#platform/telemetry/metrics.ts';
import { corkReplies } from './cork-replies.ts';

/** A mail as it was received. */
export type ReceivedMail = { sender: string; recipients: string[]; bytes: Buffer };

/** Where to listen, and the consumer of the mails. */
export type SmtpServerOptions = {
  host: string;
  /** 0 takes any free one. */
  port: number;
  /** Resolves when the mail is stored; it is acknowledged to the sender only then. */
  receive: (mail: ReceivedMail) => Promise<void>;
  logger: Logger;
  metrics?: Metrics;
};

/** The running server. Disposing it ends its connections within 2 s. */
export type SmtpServer = AsyncDisposable & { port: number };

const sizeBytesMax = 256 * 1024;
const recipientsMax = 50;
const clientsMax = 50;
const socketTimeoutMs = 30_000;
const closeTimeoutMs = 2_000;

/** Starts to listen. Refuses mails over 256 KiB (552), receivers after the 50th (452) and clients after the 50th (421). */
export async function startSmtpServer(options: SmtpServerOptions): Promise<SmtpServer> {
  const { host, port, logger } = options;
  const received = options.metrics?.counter({
    name: 'outcry_mailbox_mails_total',
    help: 'Mails by outcome.',
    labels: ['outcome'],
  });
  const server = new SMTPServer({
    name: 'mailbox',
    logger: false,
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    size: sizeBytesMax,
    maxClients: clientsMax,
    socketTimeout: socketTimeoutMs,
    closeTimeout: closeTimeoutMs,
    onRcptTo: (_address, session, callback) => callback(refuseRecipient(session)),
    onData(stream, session, callback) {
      takeMail(stream, session, options).then(
        () => {
          received?.inc({ outcome: 'kept' });
          callback(null, 'kept');
        },
        (error) => {
          const refusal = asRefusal(error, logger);
          received?.inc({ outcome: String(refusal.responseCode) });
          callback(refusal);
        },
      );
    },
  });
  // Without a listener, the error of a broken connection would end the process.
  server.on('error', (error) => logger.debug({ error }, 'an SMTP connection failed'));
  corkReplies(server.server);
  await listen(server, port, host);
  const address = server.server.address() as AddressInfo;
  logger.info({ host: isIPv6(host) ? `[${host}]` : host, port: address.port }, 'taking mail');
  return {
    port: address.port,
    [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(resolve)),
  };
}

class SmtpRefusal extends Error {
  override readonly name = 'SmtpRefusal';
  readonly responseCode: number;

  constructor(responseCode: number, message: string) {
    super(message);
    this.responseCode = responseCode;
  }
}

function refuseRecipient({ envelope }: SMTPServerSession): SmtpRefusal | null {
  return envelope.rcptTo.length >= recipientsMax ? new SmtpRefusal(452, 'too many recipients') : null;
}

async function takeMail(stream: SMTPServerDataStream, session: SMTPServerSession, options: SmtpServerOptions) {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  // What exceeds the bound is read and dropped: a sender reads the answer only after it has sent everything.
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    sizeBytes += chunk.length;
    if (sizeBytes <= sizeBytesMax) chunks.push(chunk);
  }
  if (sizeBytes > sizeBytesMax || stream.sizeExceeded) throw new SmtpRefusal(552, 'the mail is too large');
  const { mailFrom, rcptTo } = session.envelope;
  await options.receive({
    sender: mailFrom === false ? '' : mailFrom.address,
    recipients: rcptTo.map(({ address }) => address),
    bytes: Buffer.concat(chunks),
  });
}

// 451 asks the sender to try again later: no mail is lost while the database is unavailable.
function asRefusal(error: unknown, logger: Logger): SmtpRefusal {
  if (error instanceof SmtpRefusal) return error;
  logger.warn({ error }, 'a mail could not be stored');
  return new SmtpRefusal(451, 'the mail cannot be kept at the moment');
}

function listen(server: SMTPServer, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.server.once('error', reject);
    server.listen(port, host, () => {
      server.server.off('error', reject);
      resolve();
    });
  });
}
