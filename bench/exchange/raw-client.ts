import type { DescMethod } from '@bufbuild/protobuf';
import { Client, type ClientReadableStream, credentials, Metadata } from '@grpc/grpc-js';
import { serviceTokenKey } from '#platform/auth/claims.ts';
import { pathOf } from '#platform/rpc/method-path.ts';

/** A gRPC client for encoded messages: the generator encodes and decodes nothing while it measures. */
export type RawClient = Disposable & {
  /** Sends one request; rejects with the status when it is not OK. */
  call(method: DescMethod, request: Buffer): Promise<Buffer>;
  /** Opens a stream of responses. */
  stream(method: DescMethod, request: Buffer): ClientReadableStream<Buffer>;
};

const deadlineMs = 30_000;
const options = {
  // A connection of its own: clients of one process would share one.
  'grpc.use_local_subchannel_pool': 1,
  'grpc.max_receive_message_length': 8 * 1_024 * 1_024,
  'grpc.enable_channelz': 0,
  'grpc.service_config_disable_resolution': 1,
};

/** Connects to a service on the loopback interface at the first call, with a service token. */
export function connectRaw(port: number, serviceToken: string): RawClient {
  const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure(), options);
  const metadata = new Metadata();
  metadata.set(serviceTokenKey, serviceToken);
  return {
    call: (method, request) =>
      new Promise((resolve, reject) => {
        const deadline = Date.now() + deadlineMs;
        client.makeUnaryRequest(pathOf(method), asIs, asIs, request, metadata, { deadline }, (error, response) => {
          if (error === null && response !== undefined) resolve(response);
          else reject(error ?? new Error('there is no response'));
        });
      }),
    stream: (method, request) => client.makeServerStreamRequest(pathOf(method), asIs, asIs, request, metadata),
    [Symbol.dispose]: () => client.close(),
  };
}

function asIs(bytes: Buffer): Buffer {
  return bytes;
}
