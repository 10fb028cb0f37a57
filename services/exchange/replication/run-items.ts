import { invalidArgument } from '#platform/errors/outcry-error.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import { EncodedMessage } from '#platform/rpc/implementation.ts';
import type { ExchangeDeps } from '../deps.ts';
import { Reason } from '../engine/model/codes.ts';
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
import { termOf } from './find-term.ts';

type ItemCommand = SubmitCommand | SubmitListCommand | CancelCommand | ReplaceCommand | VoidCommand;

/** A batched call; `field` names its items. */
type ItemsCall = { deps: ExchangeDeps; context: CallContext; field: string };

/**
 * Carries out the items of a batched call in order, on one shard, and returns a result for each. Malformed items, and items of other shards
 * than most, are rejected alone; too many items fail the call.
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
  { deps, context }: Omit<ItemsCall, 'field'>,
  parsed: readonly Parsed<ItemCommand>[],
): Promise<EncodedMessage> {
  const shard = shardOfMost(deps, parsed);
  if (shard === undefined)
    return new EncodedMessage(encodeResults(refuseOthers(deps, undefined, parsed), [], noListing));
  const term = termOf(deps, shard);
  const items = refuseOthers(deps, shard, parsed);
  const commands: ItemCommand[] = [];
  for (const item of items) if (!item.violation) commands.push(item.command);
  const outcomes = await term.submit(commands, context);
  return new EncodedMessage(encodeResults(items, outcomes, (command) => term.listingOf(symbolOf(command))));
}

const noListing = () => undefined;

/** The shard of the most items, the lowest of several; undefined if no item belongs to one. */
function shardOfMost({ shards }: ExchangeDeps, parsed: readonly Parsed<ItemCommand>[]): number | undefined {
  const counts = new Map<number, number>();
  for (const item of parsed) {
    const shard = item.violation ? undefined : shards.shardOf(symbolOf(item.command));
    if (shard !== undefined) counts.set(shard, (counts.get(shard) ?? 0) + 1);
  }
  let most: number | undefined;
  for (const shard of [...counts.keys()].sort((a, b) => a - b)) {
    if ((counts.get(shard) ?? 0) > (counts.get(most ?? -1) ?? 0)) most = shard;
  }
  return most;
}

/** The items with a rejection for each whose symbol is not the shard's. It is no outcome: the item was not carried out anywhere. */
function refuseOthers(
  { shards }: ExchangeDeps,
  shard: number | undefined,
  parsed: readonly Parsed<ItemCommand>[],
): readonly Parsed<ItemCommand>[] {
  const isOther = (item: Parsed<ItemCommand>) =>
    !item.violation && (shard === undefined || shards.shardOf(symbolOf(item.command)) !== shard);
  if (!parsed.some(isOther)) return parsed;
  const violation = {
    reason: Reason.NOT_THE_SHARD_HOLDER,
    ...{ field: 'symbol', description: 'is not of the shard of the other items' },
  };
  return parsed.map((item) => (isOther(item) ? { key: item.key, violation } : item));
}

function symbolOf(command: Command): string {
  if (command.kind === 'submitList') return command.orders[0]?.symbol ?? '';
  return 'symbol' in command ? command.symbol : '';
}
