import type { MessageInitShape } from '@bufbuild/protobuf';
import type { ListSymbolRequest, ListSymbolResponseSchema } from '#gen/outcry/exchange/v1/exchange_pb.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import type { ExchangeDeps } from '../deps.ts';
import { termOfSymbol } from '../replication/find-term.ts';
import { runCommand } from '../replication/run-command.ts';
import { parseListing } from './messages/parse-listing.ts';

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
