import type { PreviewSubmitRequest } from '#gen/outcry/exchange/v1/exchange_pb.ts';
import { invalidArgument } from '#platform/errors/outcry-error.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import { EncodedMessage } from '#platform/rpc/implementation.ts';
import type { ExchangeDeps } from '../deps.ts';
import { termOfSymbol } from '../replication/find-term.ts';
import { encodeResults } from './messages/encode-results.ts';
import { parseNewOrder } from './messages/parse-order.ts';

/** How Submit would answer an order now: whether it would be refused, and why. Nothing is journalled. */
export async function previewSubmit(
  deps: ExchangeDeps,
  { order }: PreviewSubmitRequest,
  context: CallContext,
): Promise<EncodedMessage> {
  if (!order) throw invalidArgument('order', 'is missing');
  const parsed = parseNewOrder(order);
  if (parsed.violation) return new EncodedMessage(encodeResults([parsed], [], () => undefined));
  const term = termOfSymbol(deps, order.symbol);
  const outcome = await term.preview(parsed.command, context);
  // A response with one result is one of a batch with one item.
  return new EncodedMessage(encodeResults([parsed], [outcome], () => term.listingOf(order.symbol)));
}
