import type { Sql } from '#platform/postgres/sql.ts';
import { JournalTailLostError } from '../journal/errors.ts';
import type { JournalGroup } from '../journal/journal-group.ts';

/**
 * Appends a group if the shard's fencing token still is the group's. The row lock on the shard makes a takeover wait for this statement,
 * or this statement see the takeover; a plain insert or WHERE EXISTS ensures neither. Must not run inside a transaction.
 * Resolves to false when the token has changed; rejects with 23505 when the group's number exists, and with JournalTailLostError when the
 * group before it does not, as after a failover to a server that had not got it: the leader's memory is ahead of the journal then.
 */
export async function appendGroup(db: Sql, group: JournalGroup): Promise<boolean> {
  const { shard, groupNumber, firstSequence, lastSequence, timeMs, token, stateHash, checksum } = group;
  const { rowCount } = await db.query(
    `WITH s AS (SELECT id, token FROM shard WHERE id = $1 AND token = $2 FOR SHARE)
     INSERT INTO journal (shard, group_number, first_sequence, last_sequence, time_ms, token, commands, events,
       state_hash, checksum)
     SELECT s.id, $3::bigint, $4, $5, $6, s.token, $7, $8, $9, $10 FROM s
     WHERE $3::bigint = 1 OR EXISTS (SELECT FROM journal WHERE shard = $1 AND group_number = $3::bigint - 1)`,
    [
      ...[shard, token, groupNumber, firstSequence, lastSequence, timeMs],
      ...[group.commands, group.events, stateHash, checksum],
    ],
  );
  if (rowCount === 1) return true;
  const { rows } = await db.query<{ token: bigint }>('SELECT token FROM shard WHERE id = $1', [shard]);
  if (rows[0]?.token === token) throw new JournalTailLostError(shard, groupNumber - 1);
  return false;
}
