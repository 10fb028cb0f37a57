import { invalidArgument } from '#platform/errors/outcry-error.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import { EncodedMessage } from '#platform/rpc/implementation.ts';
import type { ExchangeDeps } from '../deps.ts';
import type {
  CancelCommand,
  Command,
  ReplaceCommand,
  SubmitCommand,
  SubmitListCommand,
  VoidCommand,
} from '../engine/model/commands.ts';
import { encodeResults } from '../rpc/messages/encode-results.ts';
import { itemsMax, type Parsed } from '../rpc/messages/parse-item.ts';
import { termOfSymbol } from './find-term.ts';

type ItemCommand = SubmitCommand | SubmitListCommand | CancelCommand | ReplaceCommand | VoidCommand;

/** A batched call; `field` names its items. */
type ItemsCall = { deps: ExchangeDeps; context: CallContext; field: string };

/**
 * Carries out the items of a batched call in order, on one shard, and returns a result for each. A malformed item is rejected alone; too
 * many items, or items of several shards, fail the call.
 */
export async function runItems<I>(
  call: ItemsCall & {
    items: readonly I[];
    parse: (item: I) => Parsed<ItemCommand>;
  },
): Promise<EncodedMessage> {
  const { field, items, parse } = call;
  if (items.length > itemsMax) throw invalidArgument(field, `has more than ${itemsMax} items`);
  return runParsed(call, items.map(parse));
}

/** The same for at most `itemsMax` items that are parsed already. */
export async function runParsed(
  { deps, context, field }: ItemsCall,
  parsed: readonly Parsed<ItemCommand>[],
): Promise<EncodedMessage> {
  const commands: ItemCommand[] = [];
  for (const item of parsed) if (!item.violation) commands.push(item.command);
  const [first] = commands;
  if (!first) return new EncodedMessage(encodeResults(parsed, [], () => undefined));
  const symbol = symbolOf(first);
  const shard = deps.shards.shardOf(symbol);
  for (const command of commands) {
    const other = symbolOf(command);
    if (other !== symbol && deps.shards.shardOf(other) !== shard) {
      throw invalidArgument(field, 'has symbols of several shards');
    }
  }
  const term = termOfSymbol(deps, symbol);
  const outcomes = await term.submit(commands, context);
  return new EncodedMessage(encodeResults(parsed, outcomes, (command) => term.listingOf(symbolOf(command))));
}

function symbolOf(command: Command): string {
  if (command.kind === 'submitList') return command.orders[0]?.symbol ?? '';
  return 'symbol' in command ? command.symbol : '';
}
