/** The memory of an exchange for tests, and how states of its books change. */
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { CommandOutcome, type Listing } from '#gen/outcry/exchange/v1/exchange_pb.ts';
import { type FeedEvent, FeedEventSchema } from '#gen/outcry/exchange/v1/feed_pb.ts';
import type { Side, TradingState } from '#gen/outcry/trading/v1/trading_pb.ts';

type EventInit = MessageInitShape<typeof FeedEventSchema>['event'];

/** A change of state that was sent. */
export type StateCommand = { commandId: string; symbol: string; state: TradingState };

/** What is known. */
export type Memory = {
  epoch: string;
  events: FeedEvent[];
  first: bigint;
  sequence: bigint;
  books: Map<string, FakeBook>;
  /** Outcomes of changes of state by command id. */
  outcomes: Map<string, { symbol: string; state: TradingState; feedSequence: bigint }>;
};

/** A book. */
export type FakeBook = {
  listing: Listing;
  state: TradingState;
  /** When the circuit breaker changes the state next, Unix ms; 0: it is not at work. */
  breakerDueMs: number;
  last: bigint;
  levels: Map<string, FakeLevel>;
};
type FakeLevel = { side: Side; priceTicks: bigint; quantityLots: bigint; orderCount: number };

/** All of an exchange. */
export type State = { memory: Memory; commands: StateCommand[]; wakes: Set<() => void> };

/** Carries out a change of state once for each command id. */
export function changeState(state: State, command: StateCommand) {
  const { commandId: key, symbol } = command;
  const { outcomes, books } = state.memory;
  const rejected = (reason: ErrorReason) => ({ result: { key, outcome: CommandOutcome.REJECTED, reason } });
  const known = outcomes.get(key);
  if (known !== undefined && (known.symbol !== symbol || known.state !== command.state)) {
    return rejected(ErrorReason.KEY_REUSED);
  }
  const book = books.get(symbol);
  if (book === undefined) return rejected(ErrorReason.SYMBOL_UNKNOWN);
  let feedSequence = known?.feedSequence ?? 0n;
  if (known === undefined) {
    state.commands.push(command);
    if (book.state !== command.state) {
      book.state = command.state;
      book.breakerDueMs = 0;
      append(state, symbol, { case: 'stateChanged', value: { state: command.state } });
      feedSequence = state.memory.sequence;
    }
    outcomes.set(key, { ...command, feedSequence });
  }
  return { result: { key, outcome: CommandOutcome.ACCEPTED, feedSequence } };
}

/** Appends an event to the feed. */
export function append({ memory, wakes }: State, symbol: string, event: EventInit, timeMs = Date.now()): void {
  memory.sequence += 1n;
  const { sequence } = memory;
  memory.events.push(create(FeedEventSchema, { sequence, timeMs: BigInt(timeMs), symbol, event }));
  for (const wake of wakes) wake();
}
