/**
 * Brings calls to the process that serves their shard. A handler that asks for a shard which is not served here throws
 * ShardElsewhereError; then the call goes to the process that took the shard last, or waits for one, within its deadline. It works
 * for every RPC whose handler asks for a term, and asks nothing of it. A call that another process has passed on is not passed on
 * again: it waits only where it is about to be served.
 */
import type { DescMessage, DescMethod, MessageShape } from '@bufbuild/protobuf';
import { MethodOptions_IdempotencyLevel as Level } from '@bufbuild/protobuf/wkt';
import { Code } from '#platform/errors/code.ts';
import { OutcryError } from '#platform/errors/outcry-error.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import type { ServiceBinding, UntypedHandler } from '#platform/rpc/implementation.ts';
import type { Place } from '../store/read-owner.ts';
import { type ExchangeDeps, serviceName } from './exchange-deps.ts';
import type { IncomingCall } from './peers.ts';
import { itemsOf } from './pending-calls.ts';
import { ShardElsewhereError } from './shard-elsewhere-error.ts';
import type { StayWatch } from './shard-locator.ts';
import type { ShardHolder } from './shard-replica.ts';

type Request = MessageShape<DescMessage>;

// A stream has no deadline; a follower that hears nothing for so long begins again.
const streamWaitMsMax = 10_000;

/** The same services, with calls passed on where their shard is served elsewhere. */
export function routeCalls(bindings: readonly ServiceBinding[], deps: ExchangeDeps): ServiceBinding[] {
  return bindings.map(({ service, handlers, readers }) => {
    const routed = new Map<DescMethod, UntypedHandler>();
    for (const [method, handler] of handlers) {
      const route = method.methodKind === 'unary' ? routeOne : routeMany;
      routed.set(method, (request, context) => route({ method, request: request as Request, context }, handler, deps));
    }
    return { service, handlers: routed, readers };
  });
}

async function routeOne(call: IncomingCall, handler: UntypedHandler, deps: ExchangeDeps): Promise<unknown> {
  for (;;) {
    try {
      return await handler(call.request, call.context);
    } catch (error) {
      const target = await nextTarget(error, call, deps);
      if (!target) continue;
      using stay = target.holder.whereabouts.watchStay(target.place);
      try {
        return await deps.peers.forwardOne(target.place.address, call, isRepeatable(call) ? stay.signal : undefined);
      } catch (failure) {
        onPeerFailure(failure, call, target, stay);
      }
    }
  }
}

async function* routeMany(call: IncomingCall, handler: UntypedHandler, deps: ExchangeDeps): AsyncGenerator<unknown> {
  const waiting = { ...call, context: withDeadline(call.context, Date.now() + streamWaitMsMax) };
  for (;;) {
    try {
      yield* handler(call.request, call.context) as AsyncIterable<unknown>;
      return;
    } catch (error) {
      const target = await nextTarget(error, waiting, deps);
      if (!target) continue;
      let sent = 0;
      using stay = target.holder.whereabouts.watchStay(target.place);
      try {
        for await (const message of deps.peers.forwardMany(target.place.address, call, stay.signal)) {
          sent++;
          yield message;
        }
        return;
      } catch (failure) {
        onPeerFailure(failure, call, target, stay);
        // What was sent cannot be sent again. The follower begins where it stopped.
        if (sent > 0) return;
      }
    }
  }
}

type Target = { holder: ShardHolder; place: Place };

/** Where a call goes whose handler has failed; undefined: try here again. Rejects when it goes nowhere. */
async function nextTarget(error: unknown, call: IncomingCall, deps: ExchangeDeps): Promise<Target | undefined> {
  if (!(error instanceof ShardElsewhereError)) throw error;
  const holder = deps.holders.get(error.shard);
  if (!holder) throw error;
  // A database that does not answer tells nothing: the call waits.
  const place = await holder.whereabouts.find().catch(() => undefined);
  const isHere = place?.holder === deps.claimant.holder;
  if (call.context.caller.service === serviceName) {
    if (!isHere) throw error;
  } else if (place && !isHere) return { holder, place };
  const { signal, deadlineTimeMs } = call.context;
  await deps.waitingRoom.wait(holder, itemsOf(call.method, call.request), { signal, deadlineTimeMs });
  return undefined;
}

/** Lets the call go on when the peer is gone, or serves the shard no more, and a repeat does no harm. */
function onPeerFailure(failure: unknown, call: IncomingCall, { holder, place }: Target, stay: StayWatch): void {
  const isGone = stay.signal.aborted || (failure instanceof OutcryError && failure.code === Code.UNAVAILABLE);
  if (!isGone || !isRepeatable(call) || call.context.signal.aborted) throw failure;
  holder.whereabouts.avoid(place);
  holder.whereabouts.forget();
}

function isRepeatable({ method }: IncomingCall): boolean {
  return method.idempotency === Level.NO_SIDE_EFFECTS || method.idempotency === Level.IDEMPOTENT;
}

function withDeadline(context: CallContext, deadlineTimeMs: number): CallContext {
  const { caller, signal, requestId, logger, method } = context;
  return { caller, signal, requestId, logger, method, deadlineTimeMs };
}
