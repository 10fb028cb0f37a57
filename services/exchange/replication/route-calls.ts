/**
 * Routes calls to the process that serves their shard. A handler that needs a shard which is not served here throws
 * ShardElsewhereError; then the call is forwarded to the process that took the shard last, or parked until there is one, within its
 * deadline. Applies to every RPC that calls `termOf`; needs no code for a single RPC. A forwarded call is not forwarded again: it is
 * parked only where the shard is about to be served.
 */
import type { DescMessage, DescMethod, MessageShape } from '@bufbuild/protobuf';
import { MethodOptions_IdempotencyLevel as Level } from '@bufbuild/protobuf/wkt';
import { Code } from '#platform/errors/code.ts';
import { OutcryError } from '#platform/errors/outcry-error.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import type { ServiceBinding, UntypedHandler } from '#platform/rpc/implementation.ts';
import type { ExchangeDeps } from '../deps.ts';
import { needs } from '../needs.ts';
import type { ShardOwner } from '../store/read-owner.ts';
import { ShardElsewhereError } from './errors.ts';
import type { IncomingCall } from './peers.ts';
import { itemsOf } from './pending-calls.ts';
import type { OwnershipWatch } from './shard-locator.ts';
import type { ShardReplica } from './shard-replica.ts';

type Request = MessageShape<DescMessage>;

// A stream has no deadline; a follower that receives nothing for this long starts anew.
const streamWaitMsMax = 10_000;

/** The same services, with calls forwarded where their shard is served by another process. */
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
      using watch = target.replica.locator.watchOwner(target.owner);
      try {
        return await deps.peers.forwardOne(target.owner.address, call, isRepeatable(call) ? watch.signal : undefined);
      } catch (failure) {
        onPeerFailure(failure, call, target, watch);
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
      using watch = target.replica.locator.watchOwner(target.owner);
      try {
        for await (const message of deps.peers.forwardMany(target.owner.address, call, watch.signal)) {
          sent++;
          yield message;
        }
        return;
      } catch (failure) {
        onPeerFailure(failure, call, target, watch);
        // Messages that were sent cannot be sent again. The follower resumes after the last one.
        if (sent > 0) return;
      }
    }
  }
}

type Target = { replica: ShardReplica; owner: ShardOwner };

/** The process to which a failed call is forwarded; undefined: try here again. Rejects when the call has failed for good. */
async function nextTarget(error: unknown, call: IncomingCall, deps: ExchangeDeps): Promise<Target | undefined> {
  if (!(error instanceof ShardElsewhereError)) throw error;
  const replica = deps.replicas.get(error.shard);
  if (!replica) throw error;
  // While the database does not answer the owner is unknown: the call is parked.
  const owner = await replica.locator.find().catch(() => undefined);
  const isHere = owner?.name === deps.self.name;
  if (call.context.caller.service === needs.name) {
    if (!isHere) throw error;
  } else if (owner && !isHere) return { replica, owner };
  const { signal, deadlineTimeMs } = call.context;
  await deps.pendingCalls.wait(replica, itemsOf(call.method, call.request), { signal, deadlineTimeMs });
  return undefined;
}

/** Returns, so that the call is retried, when the peer is gone or lost the shard and the call is repeatable; else throws the failure. */
function onPeerFailure(failure: unknown, call: IncomingCall, { replica, owner }: Target, watch: OwnershipWatch): void {
  const isGone = watch.signal.aborted || (failure instanceof OutcryError && failure.code === Code.UNAVAILABLE);
  if (!isGone || !isRepeatable(call) || call.context.signal.aborted) throw failure;
  replica.locator.markUnreachable(owner);
  replica.locator.invalidate();
}

function isRepeatable({ method }: IncomingCall): boolean {
  return method.idempotency === Level.NO_SIDE_EFFECTS || method.idempotency === Level.IDEMPOTENT;
}

function withDeadline(context: CallContext, deadlineTimeMs: number): CallContext {
  const { caller, signal, requestId, logger, method } = context;
  return { caller, signal, requestId, logger, method, deadlineTimeMs };
}
