import type { CancelRequest } from '#gen/outcry/exchange/v1/exchange_pb.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import type { EncodedMessage } from '#platform/rpc/implementation.ts';
import type { ExchangeDeps } from '../deps.ts';
import { runItems } from '../replication/run-items.ts';
import { parseCancel } from './messages/parse-item.ts';

/** Cancels single orders. */
export function cancel(deps: ExchangeDeps, { items }: CancelRequest, context: CallContext): Promise<EncodedMessage> {
  return runItems({ deps, context, field: 'items', items: items, parse: parseCancel });
}
