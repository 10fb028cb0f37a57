import type { MessageInitShape } from '@bufbuild/protobuf';
import type { KeepAliveRequest, KeepAliveResponseSchema } from '#gen/outcry/exchange/v1/exchange_pb.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import type { ExchangeDeps } from '../deps.ts';
import type { KeepAliveCommand } from '../engine/model/commands.ts';
import { termOf } from '../replication/find-term.ts';
import { runCommand } from '../replication/run-command.ts';
import { isAccount, isSession, requireFields } from './messages/fields.ts';
import { isWithin } from './messages/order-terms.ts';

/** Bounds of the time to live of a session, in milliseconds. */
export const [ttlMsMin, ttlMsMax] = [1_000, 3_600_000];

/** Opens a session or renews it. */
export async function keepAlive(
  deps: ExchangeDeps,
  { shard, sessionId, accountId, ttlMs: ttl }: KeepAliveRequest,
  context: CallContext,
): Promise<MessageInitShape<typeof KeepAliveResponseSchema>> {
  const ttlMs = Number(ttl);
  requireFields([
    isSession(sessionId),
    isAccount(accountId),
    [isWithin(ttlMs, ttlMsMin, ttlMsMax), 'ttl_ms', `must be ${ttlMsMin} to ${ttlMsMax}`],
  ]);
  const command: KeepAliveCommand = { kind: 'keepAlive', sessionId, accountId, ttlMs };
  const { result } = await runCommand(termOf(deps, shard), context, command, { key: sessionId, symbol: '' });
  return { result };
}
