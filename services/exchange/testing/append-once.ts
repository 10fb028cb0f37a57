/**
 * A leader of shard 0 that writes one group and ends: takes the shard over, matches commands and appends their group, by the statement
 * of the service (`fenced`) or by one without a check (`plain`). Prints `written` or `refused`.
 */
import { openDatabase } from '#platform/postgres/database.ts';
import type { JournalGroup } from '../journal/journal-group.ts';
import { Matcher } from '../replication/matcher.ts';
import { recover } from '../replication/recover.ts';
import { appendGroup } from '../store/append-group.ts';
import { takeOver } from '../store/take-over.ts';
import { freshOrder, silentLogger, testReplica } from './terms.ts';

const [, , url = '', kind] = process.argv;
await using db = openDatabase({ url, applicationName: 'append once', logger: silentLogger });
const { token } = await takeOver(db, 0, testReplica);
const matcher = new Matcher(await recover(db, 0), { shard: 0, token, capture: () => undefined });
const commands = Array.from({ length: 20 }, (_, i) => freshOrder(i));
const { group } = matcher.match(commands, Date.now());
if (!group) throw new Error('the commands had no effect');
const written = kind === 'plain' ? await appendPlainly(group.journal) : await appendGroup(db, group.journal);
process.stdout.write(written ? 'written' : 'refused');

async function appendPlainly(group: JournalGroup): Promise<boolean> {
  const { shard, groupNumber, firstSequence, lastSequence, timeMs, stateHash, checksum } = group;
  const { rowCount } = await db.query(
    `INSERT INTO journal (shard, group_number, first_sequence, last_sequence, time_ms, token, commands, events, state_hash, checksum)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [
      ...[shard, groupNumber, firstSequence, lastSequence, timeMs, group.token, group.commands, group.events],
      ...[stateHash, checksum],
    ],
  );
  return rowCount === 1;
}
