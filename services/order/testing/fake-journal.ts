import { create, type MessageInitShape } from '@bufbuild/protobuf';
import type { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { CommandOutcome, type CommandResult, CommandResultSchema } from '#gen/outcry/exchange/v1/exchange_pb.ts';
import { type FeedEvent, FeedEventSchema } from '#gen/outcry/exchange/v1/feed_pb.ts';

/** What an exchange in memory has decided: its feed, and one outcome for each key. */
export class FakeJournal {
  readonly feed: FeedEvent[] = [];
  readonly #outcomes = new Map<string, CommandResult>();
  readonly #onChange: () => void;

  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  /** Whether the key has an outcome. */
  has(key: string): boolean {
    return this.#outcomes.has(key);
  }

  /** Runs a command; a repeat of its key gets the first outcome. */
  once(key: string, run: () => CommandResult): CommandResult {
    const outcome = this.#outcomes.get(key) ?? run();
    this.#outcomes.set(key, outcome);
    this.#onChange();
    return outcome;
  }

  /** Adds an event to the feed. */
  emit(symbol: string, event: MessageInitShape<typeof FeedEventSchema>['event']): void {
    const sequence = BigInt(this.feed.length + 1);
    this.feed.push(create(FeedEventSchema, { sequence, timeMs: BigInt(Date.now()), symbol, event }));
  }

  /** The result of a command whose events are on the feed; without a reason it was accepted. */
  result(key: string, reason?: ErrorReason): CommandResult {
    const at = { feedSequence: BigInt(this.feed.length), timeMs: this.feed.at(-1)?.timeMs ?? 0n };
    if (reason !== undefined) return { ...ineffective(key, reason), ...at };
    return create(CommandResultSchema, { key, outcome: CommandOutcome.ACCEPTED, revision: 1, ...at });
  }
}

/** A refusal without an event. */
export function ineffective(key: string, reason: ErrorReason): CommandResult {
  return create(CommandResultSchema, { key, outcome: CommandOutcome.REJECTED, reason });
}
