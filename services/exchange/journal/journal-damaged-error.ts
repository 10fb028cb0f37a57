/** A row of the journal is missing, altered, or does not lead to what it says. The shard must not be served from it. */
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
