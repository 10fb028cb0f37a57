import { OutcryError } from '#platform/errors/outcry-error.ts';
import { backoffMs, pause } from '#platform/postgres/backoff.ts';
import type { Database } from '#platform/postgres/sql.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import { JournalDamagedError } from '../journal/journal-damaged-error.ts';
import { RulesUnknownError } from '../journal/rules-unknown-error.ts';
import { catchUp, type Recovered, recover } from './recover.ts';

/** What ends a shard's part of this process for good. */
export type ShardFault = JournalDamagedError | RulesUnknownError;

/** Whether the journal cannot be trusted, or not be read by this release. */
export function isShardFault(error: unknown): error is ShardFault {
  return error instanceof JournalDamagedError || error instanceof RulesUnknownError;
}

/** Where an engine stands: the last group that it has carried out, the last event of it, and the hash of its state after it. */
export type Progress = { groupNumber: number; sequence: number; stateHash: string };

/** How to follow. */
export type FollowerOptions = {
  db: Database;
  shard: number;
  /** Longest time between two looks at the journal, default 20 ms: how far a standby is behind. */
  pollMs?: number;
  /** Runs when the engine has reached the head for the first time since `start`. */
  onBuilt: () => void;
  /** Runs when the journal cannot be followed; the follower has stopped. */
  onFault: (fault: ShardFault) => void;
  logger: Logger;
};

/**
 * The engine of a shard that another process serves, kept close behind it by the journal: rebuilding -> following, until it is
 * taken to serve. Each group is compared as in a recovery, so a standby that would decide otherwise is found before it is needed.
 */
export class Follower implements AsyncDisposable {
  readonly #options: FollowerOptions;
  #recovered: Recovered | undefined;
  #isBuilt = false;
  #isRunning = false;
  #built = Promise.withResolvers<void>();
  #stop = new AbortController();
  #running = Promise.resolve();
  #hurry = () => {};

  constructor(options: FollowerOptions) {
    this.#options = options;
  }

  /** Whether the engine has reached the head since the start. */
  get isBuilt(): boolean {
    return this.#isBuilt;
  }

  /** Whether it follows or rebuilds: from `start` until the engine is taken, or a fault. */
  get isRunning(): boolean {
    return this.#isRunning;
  }

  /** Where the engine stands; zeroes while it is being rebuilt, or taken. */
  progress(): Progress {
    if (!this.#recovered) return { groupNumber: 0, sequence: 0, stateHash: '' };
    const { groupNumber, engine } = this.#recovered;
    return { groupNumber, sequence: engine.state.sequence, stateHash: engine.stateHash() };
  }

  /** Begins to follow with an engine that stands anywhere in the journal; rebuilds one when none is given. */
  start(from?: Recovered): void {
    this.#stop = new AbortController();
    this.#recovered = from;
    this.#built = Promise.withResolvers();
    this.#built.promise.catch(() => {});
    this.#isRunning = true;
    this.#running = this.#run(this.#stop.signal).finally(() => {
      this.#isRunning = false;
    });
  }

  /** Looks at the journal now. */
  hurry(): void {
    this.#hurry();
  }

  /** Stops following and gives the engine away, once it is built. Rejects with the fault when it cannot be. */
  async take(): Promise<Recovered> {
    await this.#built.promise;
    await this.#halt();
    const recovered = this.#recovered;
    this.#recovered = undefined;
    if (!recovered) throw new Error('the engine is not here');
    return recovered;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#built.reject(new Error('the follower was stopped'));
    await this.#halt();
    this.#recovered = undefined;
  }

  async #halt(): Promise<void> {
    this.#isBuilt = false;
    this.#stop.abort();
    this.#hurry();
    await this.#running;
  }

  async #run(signal: AbortSignal): Promise<void> {
    const { shard, pollMs = 20, logger, onFault } = this.#options;
    for (let failures = 0; !signal.aborted; ) {
      try {
        const groups = await this.#advance(signal);
        failures = 0;
        // Where something came, more is on its way.
        await this.#idle(groups > 0 ? pollMs / 4 : pollMs);
      } catch (error) {
        if (signal.aborted) return;
        // Unless it was the database that did not answer, the engine may have stopped inside a group.
        if (!(error instanceof OutcryError)) this.#recovered = undefined;
        if (isShardFault(error)) {
          this.#isBuilt = false;
          this.#built.reject(error);
          onFault(error);
          return;
        }
        logger.warn({ error, shard }, 'the journal cannot be followed yet');
        await pause(backoffMs(failures++, 50, 1_000), signal);
      }
    }
  }

  /** Goes to the head; resolves to the count of groups that were carried out on the way. */
  async #advance(signal: AbortSignal): Promise<number> {
    const { db, shard, onBuilt } = this.#options;
    let groups = 0;
    if (this.#recovered) groups = await catchUp(db, shard, this.#recovered, signal);
    else this.#recovered = await this.#rebuild(signal);
    if (this.#isBuilt) return groups;
    this.#isBuilt = true;
    this.#built.resolve();
    onBuilt();
    return groups;
  }

  async #rebuild(signal: AbortSignal): Promise<Recovered> {
    const { db, shard, logger } = this.#options;
    const startTimeMs = performance.now();
    const recovered = await recover(db, shard, { signal, logger });
    const { engine, groupNumber, commandCount, snapshotGroup } = recovered;
    const seconds = (performance.now() - startTimeMs) / 1_000;
    const groups = groupNumber - snapshotGroup;
    const { sequence, restingCount } = engine.state;
    logger.info(
      { shard, sequence, restingCount, snapshotGroup, groups, commandCount, seconds },
      'rebuilt the books from snapshot and journal',
    );
    return recovered;
  }

  #idle(durationMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, durationMs);
      this.#hurry = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
