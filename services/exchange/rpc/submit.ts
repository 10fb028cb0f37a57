import type { SubmitRequest } from '#gen/outcry/exchange/v1/exchange_pb.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import type { EncodedMessage } from '#platform/rpc/implementation.ts';
import type { ExchangeDeps } from '../deps.ts';
import { runItems, runParsed } from '../replication/run-items.ts';
import { parseNewOrder } from './messages/parse-order.ts';
import { PlainSubmit } from './messages/plain-submit.ts';

/** Submits orders; a request that was read without protobuf has its commands already. */
export function submit(deps: ExchangeDeps, request: SubmitRequest, context: CallContext): Promise<EncodedMessage> {
  const call = { deps, context, field: 'orders' };
  if (request instanceof PlainSubmit) return runParsed(call, request.parsed);
  return runItems({ ...call, items: request.orders, parse: parseNewOrder });
}
