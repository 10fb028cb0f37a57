/** The engine and its position in the journal: turns commands into the next group, ahead of the commits. */
import type { Command, Listing, Outcome } from '../engine/model/commands.ts';
import { eventWords } from '../engine/model/event-buffer.ts';
import type { EngineState } from '../engine/state/engine-state.ts';
import type { StateImage } from '../engine/state-image.ts';
import { encodeCommands } from '../journal/command-codec.ts';
import { encodeEvents } from '../journal/event-encoder.ts';
import { checksumOf, type JournalGroup } from '../journal/journal-group.ts';
import type { Recovered } from './recover.ts';

/** A matched group whose commit is pending. */
export type MatchedGroup = {
  journal: JournalGroup;
  /** Words of its events, for the public books. */
  words: Int32Array;
  restingCount: number;
  /** The state after the group, if a snapshot of it is due. */
  image: StateImage | undefined;
};

/** Outcomes of commands, and the group that must be committed before they are answered; no group if nothing changed. */
export type Matched = { outcomes: Outcome[]; group?: MatchedGroup };

/** Matches commands in the order in which they are passed. */
export class Matcher {
  readonly engine: Recovered['engine'];
  readonly #shard: number;
  readonly #token: bigint;
  readonly #capture: (state: EngineState) => StateImage | undefined;
  #groupNumber: number;
  #checksum: number;

  /** `capture` copies the state when a snapshot is due. */
  constructor(
    recovered: Recovered,
    {
      shard,
      token,
      capture,
    }: { shard: number; token: bigint; capture: (state: EngineState) => StateImage | undefined },
  ) {
    this.engine = recovered.engine;
    this.#groupNumber = recovered.groupNumber;
    this.#checksum = recovered.checksum;
    this.#shard = shard;
    this.#token = token;
    this.#capture = capture;
  }

  /** Number and checksum of the last group that was matched. */
  position(): { groupNumber: number; checksum: number } {
    return { groupNumber: this.#groupNumber, checksum: this.#checksum };
  }

  /** The terms of a listed book. */
  listingOf(symbol: string): Listing | undefined {
    const { books, bookOf } = this.engine.state;
    return books[bookOf.get(symbol) ?? -1]?.listing;
  }

  /** When something falls due without a command, Unix milliseconds; Infinity: never. */
  get nextDueMs(): number {
    return this.engine.nextDueMs;
  }

  /** Carries out commands as one group at `timeMs` (Unix milliseconds), after everything that is due by then. */
  match(commands: readonly Command[], timeMs: number): Matched {
    const { engine } = this;
    const { state } = engine;
    engine.beginGroup(timeMs);
    if (engine.nextDueMs <= timeMs) engine.apply({ kind: 'time' });
    const outcomes = commands.map((command) => engine.apply(command));
    if (engine.effective.length === 0) {
      engine.endGroup();
      return { outcomes };
    }
    const firstSequence = state.sequenceBefore + 1;
    const events = encodeEvents(state, engine.effective, this.#shard);
    const words = state.events.words.slice(0, state.events.count * eventWords);
    engine.endGroup();
    const unsigned = {
      shard: this.#shard,
      groupNumber: this.#groupNumber + 1,
      firstSequence,
      lastSequence: state.sequence,
      timeMs: state.nowMs,
      token: this.#token,
      commands: encodeCommands(engine.effective),
      events,
      stateHash: engine.stateHash(),
    };
    const journal = { ...unsigned, checksum: checksumOf(unsigned, this.#checksum) };
    this.#groupNumber = journal.groupNumber;
    this.#checksum = journal.checksum;
    const { restingCount } = state;
    return { outcomes, group: { journal, words, restingCount, image: this.#capture(state) } };
  }
}
