import type { SnapshotKey } from './snapshot-header.ts';

/** A snapshot cannot be trusted or read. An older one, or the journal from its start, leads to the same state. */
export class SnapshotRefusedError extends Error {
  override name = 'SnapshotRefusedError';

  constructor({ shard, groupNumber, token }: SnapshotKey, problem: string, cause?: unknown) {
    super(`snapshot row (shard ${shard}, group ${groupNumber}, token ${token}) ${problem}`, { cause });
  }
}
