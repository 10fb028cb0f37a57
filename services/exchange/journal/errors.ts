/** A row of the journal is missing, altered, or inconsistent with its commands. The shard must not be served from it. */
export class JournalDamagedError extends Error {
  override name = 'JournalDamagedError';
  readonly shard: number;
  readonly groupNumber: number;

  constructor(shard: number, groupNumber: number, problem: string, cause?: unknown) {
    super(`journal row (shard ${shard}, group ${groupNumber}) ${problem}`, { cause });
    this.shard = shard;
    this.groupNumber = groupNumber;
  }
}

/** The group before the one to append is gone: the database has lost the end of the journal, which was answered and sent to followers. */
export class JournalTailLostError extends Error {
  override name = 'JournalTailLostError';

  constructor(shard: number, groupNumber: number) {
    super(`the journal of shard ${shard} has lost its end: group ${groupNumber}, which was committed, is not there`);
  }
}

/** A row was written under rules that only a later release knows. This release must not serve the shard. */
export class RulesUnknownError extends Error {
  override name = 'RulesUnknownError';

  constructor(row: string, version: number, knownVersion: number) {
    super(`${row} is of rule version ${version}; this release knows version ${knownVersion}: start a later release`);
  }
}

/** A group that an engine needs next was deleted, as followers have confirmed it and there are newer snapshots: one of these leads on. */
export class JournalTrimmedError extends Error {
  override name = 'JournalTrimmedError';

  constructor(shard: number, groupNumber: number) {
    super(`journal row (shard ${shard}, group ${groupNumber}) was deleted as it was no longer needed`);
  }
}
