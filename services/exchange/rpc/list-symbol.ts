import type { MessageInitShape } from '@bufbuild/protobuf';
import type { ListSymbolRequest, ListSymbolResponseSchema } from '#gen/outcry/exchange/v1/exchange_pb.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import { type ExchangeDeps, termOfSymbol } from '../replication/exchange-deps.ts';
import { parseListing } from './messages/parse-listing.ts';
import { runCommand } from './run-command.ts';

/** Opens a book. */
export async function listSymbol(
  deps: ExchangeDeps,
  request: ListSymbolRequest,
  context: CallContext,
): Promise<MessageInitShape<typeof ListSymbolResponseSchema>> {
  const listing = parseListing(request.listing);
  const { symbol } = listing;
  const term = termOfSymbol(deps, symbol);
  const { result } = await runCommand(term, context, { kind: 'list', listing }, { key: symbol, symbol });
  return { result };
}
