/** Passes the bytes of unary calls on to the service that owns the RPC: for handlers that need not know what is in them. */
import { isIP } from 'node:net';
import type { DescMethod } from '@bufbuild/protobuf';
import type { Status } from '#gen/google/rpc/status_pb.ts';
import { type Caller, clientAddressKey } from '#platform/auth/claims.ts';
import { bytesCallerOf, type CallOptions } from '#platform/rpc/client.ts';
import { asBuffer } from '#platform/rpc/status-metadata.ts';
import { runWithTrace, type Trace } from '#platform/telemetry/trace-context.ts';

/** A call that was admitted. */
export type BytesContext = {
  readonly caller: Caller;
  readonly trace: Trace;
  readonly remoteAddress: string;
  /** Unix milliseconds, at most 30 s from its start. */
  readonly deadlineTimeMs: number;
  /** Whether its caller has left or was answered. */
  readonly isOver: boolean;
  /** Runs once when its caller leaves or its time ends before the answer. */
  onAbandoned: (() => void) | undefined;
};

// Made once: an abort without a reason makes an error each time.
const abandoned = new Error('the caller has left');

/** The protobuf bytes of the response, or the refusal. */
export type Outcome = { response: Uint8Array } | { refusal: Status };

/** Passes the protobuf bytes of a valid request on; rejects with OutcryError. */
export type Upstream = (request: Uint8Array, context: BytesContext) => Promise<Outcome>;

/** Passes a unary RPC on by a call of its own, as `forwardService` does. */
export function forwardBytes(client: AsyncDisposable, method: DescMethod): Upstream {
  const { one } = bytesCallerOf(client, method);
  return async (request, context) => {
    const options = optionsOf(context);
    return { response: await runWithTrace(context.trace, one, asBuffer(request), options) };
  };
}

/** The options of the call that passes on the call of the context. */
export function optionsOf(context: BytesContext): CallOptions {
  const left = new AbortController();
  context.onAbandoned = () => left.abort(abandoned);
  const options: CallOptions = { signal: left.signal, timeoutMs: context.deadlineTimeMs - Date.now() };
  const token = context.caller.user?.token;
  if (token !== undefined) options.userToken = token;
  // Services believe it from the gateway alone; what the client itself sent under this name is not among the metadata.
  if (isIP(context.remoteAddress) !== 0) options.metadata = { [clientAddressKey]: context.remoteAddress };
  return options;
}
