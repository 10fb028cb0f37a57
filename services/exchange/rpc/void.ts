import type { VoidRequest } from '#gen/outcry/exchange/v1/exchange_pb.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import type { EncodedMessage } from '#platform/rpc/implementation.ts';
import type { ExchangeDeps } from '../deps.ts';
import { runItems } from '../replication/run-items.ts';
import { parseVoid } from './messages/parse-item.ts';

/** Makes order ids unusable, whether their orders arrived or not. */
export function voidOrders(deps: ExchangeDeps, { items }: VoidRequest, context: CallContext): Promise<EncodedMessage> {
  return runItems({ deps, context, field: 'items', items: items, parse: parseVoid });
}
