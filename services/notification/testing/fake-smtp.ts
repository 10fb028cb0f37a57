/** A real SMTP server with behaviour that a test sets. */
import { type AddressInfo, createServer, type Socket } from 'node:net';
import PostalMime, { type Email } from 'postal-mime';
import { SMTPServer } from 'smtp-server';
import { pause } from '#platform/time/pause.ts';

/** A mail as the server received it. */
export type TakenMail = Pick<Email, 'subject' | 'text' | 'messageId'> & { to: string[]; from: string };

/** The server, and how a test controls it. */
export type FakeSmtp = AsyncDisposable & {
  url: string;
  port: number;
  mails: TakenMail[];
  /** The most mails that it was receiving at once. */
  busiest: number;
  /** The code with which it refuses every mail; undefined while it takes them. */
  refuseWith: number | undefined;
  /** How long it takes to receive a mail, in ms. */
  takesMs: number;
};

/** Starts it, on a free port unless one is given. */
export async function startFakeSmtp(port = 0): Promise<FakeSmtp> {
  let busy = 0;
  const server = new SMTPServer({
    logger: false,
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    closeTimeout: 100,
    async onData(stream, session, callback) {
      fake.busiest = Math.max(fake.busiest, ++busy);
      const chunks: Buffer[] = [];
      for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(chunk);
      await pause(fake.takesMs);
      busy -= 1;
      if (fake.refuseWith !== undefined) {
        callback(Object.assign(new Error('not today'), { responseCode: fake.refuseWith }));
        return;
      }
      const { subject, text, messageId } = await PostalMime.parse(Buffer.concat(chunks));
      const { mailFrom, rcptTo } = session.envelope;
      const from = mailFrom === false ? '' : mailFrom.address;
      fake.mails.push({ subject, text, messageId, from, to: rcptTo.map(({ address }) => address) });
      callback();
    },
  });
  server.on('error', () => {});
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const bound = (server.server.address() as AddressInfo).port;
  const fake: FakeSmtp = {
    url: `smtp://127.0.0.1:${bound}`,
    port: bound,
    mails: [],
    busiest: 0,
    refuseWith: undefined,
    takesMs: 0,
    [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(resolve)),
  };
  return fake;
}

/** A server that takes connections and sends nothing. */
export async function startSilentServer(): Promise<AsyncDisposable & { url: string; connections: () => number }> {
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    connections: () => connections,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
