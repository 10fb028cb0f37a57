import { invalidArgument } from '#platform/errors/outcry-error.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import type {
  CancelCommand,
  ReplaceCommand,
  SubmitCommand,
  SubmitListCommand,
  VoidCommand,
} from '../domain/commands.ts';
import type { ExchangeDeps } from '../exchange-deps.ts';
import { termOfSymbol } from '../exchange-deps.ts';
import type { Parsed } from '../wire/parse-item.ts';
import type { ResultInit } from '../wire/to-result.ts';
import { toResult, toViolationResult } from '../wire/to-result.ts';

type ItemCommand = SubmitCommand | SubmitListCommand | CancelCommand | ReplaceCommand | VoidCommand;

/** Most items of one call. */
export const itemsMax = 500;

/**
 * Carries out the items of a batched call in order, on one shard, and gives a result for each. A malformed item is rejected by
 * itself; too many items, or items of several shards, fail the call.
 */
export async function runItems<I>(options: {
  deps: ExchangeDeps;
  context: CallContext;
  field: string;
  items: readonly I[];
  parse: (item: I) => Parsed<ItemCommand>;
}): Promise<{ results: ResultInit[] }> {
  const { deps, context, field, items, parse } = options;
  if (items.length > itemsMax) throw invalidArgument(field, `has more than ${itemsMax} items`);
  const parsed = items.map(parse);
  const commands = parsed.flatMap(({ violation, ...item }) => ('command' in item && !violation ? [item.command] : []));
  const [first] = commands;
  if (!first) return { results: parsed.map(({ key, violation }) => toViolationResult(key, violation ?? unknownField)) };
  const shard = deps.shards.shardOf(symbolOf(first));
  if (commands.some((command) => deps.shards.shardOf(symbolOf(command)) !== shard)) {
    throw invalidArgument(field, 'has symbols of several shards');
  }
  const term = termOfSymbol(deps, symbolOf(first));
  const { signal, deadlineTimeMs } = context;
  const outcomes = await term.submit(commands, { signal, deadlineTimeMs });
  let next = 0;
  const results = parsed.map((item) => {
    if (item.violation) return toViolationResult(item.key, item.violation);
    const outcome = outcomes[next++];
    if (!outcome) throw new Error('a command has no outcome');
    return toResult(item.key, item.command, outcome, term.listingOf(symbolOf(item.command)));
  });
  return { results };
}

function symbolOf(command: ItemCommand): string {
  return command.kind === 'submitList' ? (command.orders[0]?.symbol ?? '') : command.symbol;
}

const unknownField = { field: '', description: 'is malformed' };
