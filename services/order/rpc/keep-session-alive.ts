import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import type { KeepSessionAliveRequest, KeepSessionAliveResponseSchema } from '#gen/outcry/order/v1/order_pb.ts';
import { requireUser } from '#platform/auth/ownership.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import type { OrderDeps } from '../deps.ts';
import { fromSession } from './messages/session-message.ts';

/** KeepSessionAlive: opens or renews a session of the caller. */
export async function keepSessionAlive(
  { sessions }: OrderDeps,
  request: KeepSessionAliveRequest,
  context: CallContext,
): Promise<MessageInitShape<typeof KeepSessionAliveResponseSchema>> {
  const { userId } = requireUser(context);
  return { expireTime: timestampFromMs(await sessions.keepAlive(fromSession(userId, request))) };
}
