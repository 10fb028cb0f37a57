/** Handlers that pass a call on to the service that owns it. They are derived from descriptors: no RPC is written down here. */

import { isIP } from 'node:net';
import type { DescMethod, DescService } from '@bufbuild/protobuf';
import type { HandlerContext } from '@connectrpc/connect';
import { clientAddressKey } from '#platform/auth/claims.ts';
import { Code } from '#platform/errors/code.ts';
import { toOutcryError } from '#platform/errors/details.ts';
import { deadlineExceeded } from '#platform/errors/outcry-error.ts';
import { recordServerCall } from '#platform/rpc/call-span.ts';
import type { CallOptions } from '#platform/rpc/client.ts';
import { runWithTrace } from '#platform/telemetry/trace-context.ts';
import { deadlineKey } from '../call/call-deadline.ts';
import { refusalOf } from '../call/connect-error.ts';
import { callerKey, remoteAddressKey, traceKey } from '../call/context-keys.ts';
import { PlannedEnd } from './planned-end.ts';
import type { WatchKey } from './watch-key.ts';

/** The typed client of a service, seen without its types. */
export type AnyClient = { [method: string]: (request: unknown, options: CallOptions) => unknown };

/** The longest deadline of a unary call, in ms. */
export const unaryTimeoutMsMax = 30_000;
/** The deadline, in ms, of a unary call whose caller gives none. */
export const unaryTimeoutMsDefault = 10_000;

/**
 * An implementation of `service` that forwards every RPC to `client`. Only unary and server-streaming RPCs are public. At `drain`
 * streams end without an error, with a last message that has what to resume from, so that their readers go on at another replica; unary
 * calls are left to finish. A stream ends with the
 * refusal of the API key that opened it.
 */
export function forwardService(service: DescService, client: AnyClient, ends: StreamEnds): Record<string, unknown> {
  return Object.fromEntries(service.methods.map((method) => [method.localName, forwardMethod(method, client, ends)]));
}

/** What ends streams beside their two ends. */
export type StreamEnds = { drain: AbortSignal; watchKey: WatchKey };

function forwardMethod(method: DescMethod, client: AnyClient, ends: StreamEnds) {
  const call = client[method.localName];
  if (call === undefined) throw new TypeError(`${method.parent.typeName}.${method.name} has no client`);
  switch (method.methodKind) {
    case 'unary':
      return (request: unknown, context: HandlerContext) => forwardUnary(call, request, context);
    case 'server_streaming':
      return (request: unknown, context: HandlerContext) =>
        forwardStream(call, request, context, { ...ends, planned: new PlannedEnd(method, request) });
    default:
      throw new TypeError(`${method.parent.typeName}.${method.name} cannot be offered to browsers`);
  }
}

type ClientCall = AnyClient[string];

async function forwardUnary(call: ClientCall, request: unknown, context: HandlerContext): Promise<object> {
  const timeoutMs = Math.min(leftMs(context) ?? unaryTimeoutMsDefault, unaryTimeoutMsMax);
  const record = recorderOf(context);
  try {
    const response = await runWithTrace(context.values.get(traceKey), () => {
      return call(request, callOptions(context, timeoutMs)) as Promise<object>;
    });
    record();
    return response;
  } catch (error) {
    record(error);
    throw refusalOf(context, error);
  }
}

async function* forwardStream(
  call: ClientCall,
  request: unknown,
  context: HandlerContext,
  { drain, watchKey, planned }: StreamEnds & { planned: PlannedEnd },
): AsyncGenerator<object> {
  using key = watchKey(context);
  const signal = AbortSignal.any([context.signal, drain, ...(key === undefined ? [] : [key.signal])]);
  const options = { ...callOptions(context, leftMs(context)), signal };
  const messages = (call(request, options) as AsyncIterable<object>)[Symbol.asyncIterator]();
  const record = recorderOf(context);
  let failure: unknown;
  try {
    for (;;) {
      // The call is made at the first pull, which must happen inside the trace that it carries on.
      const { done, value } = await runWithTrace(context.values.get(traceKey), () => messages.next());
      if (done) return;
      planned.see(value);
      yield value;
    }
  } catch (error) {
    if (!signal.aborted) failure = error;
    if (key?.refusal !== undefined) throw refusalOf(context, key.refusal);
    const isOver = context.values.get(deadlineKey).signal.aborted;
    // Which clock sees it first is chance: the caller's own deadline is one refusal.
    const isLate = leftMs(context) !== undefined && toOutcryError(error).code === Code.DEADLINE_EXCEEDED;
    if (isOver || !signal.aborted) throw refusalOf(context, isLate ? deadlineExceeded() : error);
    const last = drain.aborted && !context.signal.aborted ? planned.message() : undefined;
    if (last !== undefined) yield last;
  } finally {
    record(failure);
    await messages.return?.();
  }
}

/** Records the span of a call when it has ended, with its failure if it has one. */
function recorderOf({ method, values }: HandlerContext): (error?: unknown) => void {
  const startTimeMs = performance.now();
  return (failure) => {
    const error = failure === undefined ? undefined : toOutcryError(failure);
    recordServerCall(values.get(traceKey), { method, startTimeMs, code: error?.code ?? Code.OK, error });
  };
}

function leftMs({ values }: HandlerContext): number | undefined {
  const { timeMs } = values.get(deadlineKey);
  return timeMs === Number.POSITIVE_INFINITY ? undefined : timeMs - Date.now();
}

function callOptions(context: HandlerContext, timeoutMs: number | undefined): CallOptions {
  const options: CallOptions = { signal: context.signal };
  const token = context.values.get(callerKey).user?.token;
  if (timeoutMs !== undefined) options.timeoutMs = timeoutMs;
  if (token !== undefined) options.userToken = token;
  // Services believe it from the gateway alone; what the client itself sent under this name is not among the metadata.
  const address = context.values.get(remoteAddressKey);
  if (isIP(address) !== 0) options.metadata = { [clientAddressKey]: address };
  return options;
}
