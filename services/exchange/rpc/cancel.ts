import type { CancelRequest } from '#gen/outcry/exchange/v1/exchange_pb.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import type { EncodedMessage } from '#platform/rpc/implementation.ts';
import type { ExchangeDeps } from '../replication/exchange-deps.ts';
import { parseCancel } from './messages/parse-item.ts';
import { runItems } from './run-items.ts';

/** Cancels single orders. */
export function cancel(deps: ExchangeDeps, { items }: CancelRequest, context: CallContext): Promise<EncodedMessage> {
  return runItems({ deps, context, field: 'items', items: items, parse: parseCancel });
}
