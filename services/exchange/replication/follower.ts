import { OutcryError } from '#platform/errors/outcry-error.ts';
import type { Database } from '#platform/postgres/sql.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import { backoffMs, pause } from '#platform/time/pause.ts';
import { JournalDamagedError, RulesUnknownError } from '../journal/errors.ts';
import { catchUp, type Recovered, recover } from './recover.ts';

/** A fault of the journal that ends this process's replica for good. */
export type ShardFault = JournalDamagedError | RulesUnknownError;

/** Whether an error says that the journal cannot be trusted, or cannot be read by this release. */
export function isShardFault(error: unknown): error is ShardFault {
  return error instanceof JournalDamagedError || error instanceof RulesUnknownError;
}

/** Position of an engine: the last group that it carried out, that group's last event, and the state hash after it. */
export type Progress = { groupNumber: number; sequence: number; stateHash: string };

/** How to follow. */
export type FollowerOptions = {
  db: Database;
  shard: number;
  /** Longest time between two reads of the journal, default 20 ms: the lag of a standby. */
  pollMs?: number;
  /** Runs when the engine reaches the head for the first time since `start`. */
  onBuilt: () => void;
  /** Runs when the journal cannot be followed; the follower has stopped. */
  onFault: (fault: ShardFault) => void;
  logger: Logger;
};

/**
 * The engine of a shard that another process serves. It follows the journal (rebuilding -> following) until it is taken to serve.
 * Each group is compared as in a recovery, so a standby that would decide otherwise is found before it is needed.
 */
export class Follower implements AsyncDisposable {
  readonly #options: FollowerOptions;
  #recovered: Recovered | undefined;
  #isBuilt = false;
  #isRunning = false;
  #built = Promise.withResolvers<void>();
  #stop = new AbortController();
  #running = Promise.resolve();
  #pollNow = () => {};

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

  /** Position of the engine; zeros while there is none. */
  progress(): Progress {
    if (!this.#recovered) return { groupNumber: 0, sequence: 0, stateHash: '' };
    const { groupNumber, engine } = this.#recovered;
    return { groupNumber, sequence: engine.state.sequence, stateHash: engine.stateHash() };
  }

  /** Starts to follow with an engine at any position of the journal; rebuilds one when none is given. */
  start(from?: Recovered): void {
    this.#stop = new AbortController();
    this.#recovered = from;
    this.#isBuilt = false;
    this.#built = Promise.withResolvers();
    this.#built.promise.catch(() => {});
    this.#isRunning = true;
    this.#running = this.#run(this.#stop.signal).finally(() => {
      this.#isRunning = false;
    });
  }

  /** Reads the journal now instead of after the poll interval. */
  pollNow(): void {
    this.#pollNow();
  }

  /** Stops following and returns the engine once it is built. Rejects with the fault when it cannot be built. */
  async take(): Promise<Recovered> {
    await this.#built.promise;
    await this.#halt();
    const recovered = this.#recovered;
    this.#recovered = undefined;
    if (!recovered) throw new Error('the follower has no engine');
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
    this.#pollNow();
    await this.#running;
  }

  async #run(signal: AbortSignal): Promise<void> {
    const { shard, pollMs = 20, logger, onFault } = this.#options;
    for (let failures = 0; !signal.aborted; ) {
      try {
        const groups = await this.#advance(signal);
        failures = 0;
        // After new groups more are likely.
        await this.#idle(groups > 0 ? pollMs / 4 : pollMs);
      } catch (error) {
        if (signal.aborted) return;
        // Unless the database did not answer, the engine may have stopped inside a group.
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

  /** Catches up with the head; resolves to the number of groups carried out. */
  async #advance(signal: AbortSignal): Promise<number> {
    const { db, shard, onBuilt } = this.#options;
    let groups = 0;
    if (this.#recovered) groups = await catchUp(db, shard, this.#recovered, signal);
    else this.#recovered = await this.#rebuild(signal);
    // A read that ends after the engine was taken must not mark the follower as built: its next start would never report that it is.
    signal.throwIfAborted();
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
    const end = new AbortController();
    this.#pollNow = () => end.abort();
    return pause(durationMs, end.signal);
  }
}
