/** Calls to the other processes of the exchange. */
import { type DescMessage, type DescMethod, type MessageShape, toBinary } from '@bufbuild/protobuf';
import { Metadata } from '@grpc/grpc-js';
import { ExchangeStandbyService } from '#gen/outcry/exchange/v1/standby_pb.ts';
import { serviceTokenKey, userTokenKey } from '#platform/auth/claims.ts';
import type { ServiceTokenSource } from '#platform/auth/service-token.ts';
import { type Attempt, callForMany, callForOne } from '#platform/rpc/call-attempt.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import { type ChannelShare, shareChannel } from '#platform/rpc/channel-pool.ts';
import { createRpcClient, type RpcClient } from '#platform/rpc/client.ts';
import { EncodedMessage } from '#platform/rpc/implementation.ts';
import { pathOf } from '#platform/rpc/method-path.ts';
import { asBuffer, requestIdKey } from '#platform/rpc/status-metadata.ts';
import { traceparentOf } from '#platform/telemetry/trace-context.ts';

/** A call as it was received. */
export type IncomingCall = { method: DescMethod; request: MessageShape<DescMessage>; context: CallContext };

// Channels that stay open between calls; every restarted process has a new address.
const channelsMax = 8;

/** Forwards calls with the same message, user, trace and deadline, under this service's own name. */
export class Peers implements AsyncDisposable {
  readonly #serviceToken: ServiceTokenSource;
  /** Open channels by address, the most recently used last. */
  readonly #channels = new Map<string, ChannelShare>();

  constructor(serviceToken: ServiceTokenSource) {
    this.#serviceToken = serviceToken;
  }

  /** The encoded answer of a unary call. Rejects with the peer's error, or when `left` aborts. */
  async forwardOne(address: string, call: IncomingCall, left?: AbortSignal): Promise<EncodedMessage> {
    using channel = this.#channelTo(address);
    const attempt = await this.#attemptOf(channel, call, left);
    return new EncodedMessage(await callForOne(attempt, requestBytes(call)));
  }

  /** The encoded messages of a server streaming call. */
  async *forwardMany(address: string, call: IncomingCall, left?: AbortSignal): AsyncGenerator<EncodedMessage, void> {
    using channel = this.#channelTo(address);
    const attempt = await this.#attemptOf(channel, call, left);
    for await (const bytes of callForMany(attempt, requestBytes(call))) yield new EncodedMessage(bytes);
  }

  /** A client of a peer's standby service; dispose it after use. */
  standbyClient(address: string): RpcClient<typeof ExchangeStandbyService> {
    this.#channelTo(address)[Symbol.dispose]();
    return createRpcClient(ExchangeStandbyService, { address, serviceToken: this.#serviceToken });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const share of this.#channels.values()) share.release();
    this.#channels.clear();
  }

  // Each call has a share of its own, so that the channel is not closed during the call.
  #channelTo(address: string): ChannelShare & Disposable {
    const channel = this.#channels.get(address) ?? shareChannel(address);
    this.#channels.delete(address);
    this.#channels.set(address, channel);
    for (const [oldest, share] of this.#channels) {
      if (this.#channels.size <= channelsMax) break;
      this.#channels.delete(oldest);
      share.release();
    }
    const own = shareChannel(address);
    return { ...own, [Symbol.dispose]: () => own.release() };
  }

  async #attemptOf({ channel }: ChannelShare, call: IncomingCall, left?: AbortSignal): Promise<Attempt> {
    const { method, context } = call;
    const metadata = new Metadata();
    metadata.set('traceparent', traceparentOf());
    metadata.set(requestIdKey, context.requestId);
    metadata.set(serviceTokenKey, await this.#serviceToken());
    const { user } = context.caller;
    if (user) metadata.set(userTokenKey, `Bearer ${user.token}`);
    const { deadlineTimeMs } = context;
    const signal = left ? AbortSignal.any([context.signal, left]) : context.signal;
    return { channel, path: pathOf(method), metadata, deadlineTimeMs, signal };
  }
}

function requestBytes({ method, request }: IncomingCall): Buffer {
  return asBuffer(toBinary(method.input, request));
}
