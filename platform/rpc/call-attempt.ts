/** One attempt of a call, straight on a grpc-js channel: bytes out, bytes in, a status at the end. */
import type { ChannelInterface, Metadata, StatusObject } from '@grpc/grpc-js';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { Code } from '#platform/errors/code.ts';
import { abortError, OutcryError } from '#platform/errors/outcry-error.ts';
import { errorFromStatus } from './client-status.ts';

/** What an attempt needs. `deadlineTimeMs` is Unix time, Infinity for none. */
export type Attempt = {
  channel: ChannelInterface;
  path: string;
  metadata: Metadata;
  deadlineTimeMs: number;
  signal: AbortSignal | undefined;
};

/** Serialised requests: one, or a stream of them. */
export type Requests = Buffer | AsyncIterable<Buffer>;

type Call = ReturnType<ChannelInterface['createCall']>;
type Listener = { onMessage: (message: Buffer) => void; onEnd: (error: OutcryError | undefined) => void };

/** The response of a unary or client streaming call. */
export function callForOne(attempt: Attempt, requests: Requests): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    let response: Buffer | undefined;
    const call = open(attempt, {
      onMessage: (message) => {
        response = message;
      },
      onEnd: (error) => {
        if (error !== undefined) reject(error);
        else if (response !== undefined) resolve(response);
        else reject(new OutcryError(Code.INTERNAL, ErrorReason.INTERNAL, 'the service sent no response'));
      },
    });
    call.startRead();
    send(call, requests, reject);
  });
}

/** The responses of a server or bidi streaming call, pulled one at a time. The call ends when the reader stops. */
export async function* callForMany(attempt: Attempt, requests: Requests): AsyncGenerator<Buffer, void> {
  const received: Buffer[] = [];
  let end: { error: unknown } | undefined;
  let wake: (() => void) | undefined;
  const finish = (error: unknown) => {
    end ??= { error };
    wake?.();
  };
  const call = open(attempt, {
    onMessage: (message) => {
      received.push(message);
      wake?.();
    },
    onEnd: finish,
  });
  send(call, requests, finish);
  try {
    while (true) {
      const message = received.shift();
      if (message !== undefined) yield message;
      else if (end === undefined) {
        await new Promise<void>((resolve) => {
          wake = resolve;
          call.startRead();
        });
      } else if (end.error === undefined) return;
      else throw end.error;
    }
  } finally {
    if (end === undefined) call.cancelWithStatus(Code.CANCELLED, 'the reader stopped');
  }
}

function open({ channel, path, metadata, deadlineTimeMs, signal }: Attempt, listener: Listener): Call {
  if (signal?.aborted) throw abortError(signal);
  const call = createCall(channel, path, deadlineTimeMs);
  const cancel = () => call.cancelWithStatus(Code.CANCELLED, 'cancelled by the caller');
  const errorOf = (status: StatusObject) =>
    signal?.aborted && status.code === Code.CANCELLED ? abortError(signal) : errorFromStatus(status);
  signal?.addEventListener('abort', cancel, { once: true });
  call.start(metadata, {
    onReceiveMetadata: () => {},
    onReceiveMessage: listener.onMessage,
    onReceiveStatus: (status) => {
      signal?.removeEventListener('abort', cancel);
      listener.onEnd(status.code === Code.OK ? undefined : errorOf(status));
    },
  });
  return call;
}

function send(call: Call, requests: Requests, onFault: (error: unknown) => void): void {
  if (Buffer.isBuffer(requests)) {
    call.sendMessageWithContext({}, requests);
    call.halfClose();
    return;
  }
  sendEach(call, requests).catch((error: unknown) => {
    onFault(error);
    call.cancelWithStatus(Code.CANCELLED, 'the requests ended in an error');
  });
}

async function sendEach(call: Call, requests: AsyncIterable<Buffer>): Promise<void> {
  for await (const message of requests) {
    // The next request waits until this one is taken: the channel buffers one, and the peer may be slow.
    await new Promise<void>((resolve) => call.sendMessageWithContext({ callback: () => resolve() }, message));
  }
  call.halfClose();
}

/** CANCELLED when the client was closed, and not repeated: its process ends, or does not need it any more. */
function createCall(channel: ChannelInterface, path: string, deadlineTimeMs: number): Call {
  try {
    return channel.createCall(path, deadlineTimeMs, null, null, null);
  } catch (error) {
    const message = 'the client was closed';
    throw new OutcryError(Code.CANCELLED, ErrorReason.SHUTTING_DOWN, message, { cause: error });
  }
}
