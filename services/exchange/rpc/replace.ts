import type { ReplaceRequest } from '#gen/outcry/exchange/v1/exchange_pb.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import type { EncodedMessage } from '#platform/rpc/implementation.ts';
import type { ExchangeDeps } from '../deps.ts';
import { runItems } from '../replication/run-items.ts';
import { parseReplace } from './messages/parse-item.ts';

/** Changes the terms of single orders. */
export function replace(deps: ExchangeDeps, { items }: ReplaceRequest, context: CallContext): Promise<EncodedMessage> {
  return runItems({ deps, context, field: 'items', items: items, parse: parseReplace });
}
