import type { SubmitListRequest } from '#gen/outcry/exchange/v1/exchange_pb.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import type { EncodedMessage } from '#platform/rpc/implementation.ts';
import type { ExchangeDeps } from '../deps.ts';
import { runItems } from '../replication/run-items.ts';
import { parseOrderList } from './messages/parse-order.ts';

/** Submits lists of orders, each all or none. */
export function submitList(
  deps: ExchangeDeps,
  { lists }: SubmitListRequest,
  context: CallContext,
): Promise<EncodedMessage> {
  return runItems({ deps, context, field: 'lists', items: lists, parse: parseOrderList });
}
