import type { Database } from '#platform/postgres/database.ts';
import { publishSettlementHalted } from '../events/published.ts';
import { type Halt, saveHalt } from '../store/shards.ts';

/** Stops settlement of a shard before an event, and raises the alarm once. Only an operator lifts it. */
export async function haltShard(db: Database, shard: number, halt: Halt): Promise<void> {
  await db.transaction(async (tx) => {
    if (await saveHalt(tx, shard, halt)) await publishSettlementHalted(tx, shard, halt.sequence);
  });
}
