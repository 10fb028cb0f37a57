/** The exchange's journal: one history, written by one holder at a time, with the trades that were settled. */
import { fromBinary } from '@bufbuild/protobuf';
import { FollowResponseSchema } from '#gen/outcry/exchange/v1/feed_pb.ts';
import { compareSets } from './check-orders.ts';
import type { Finding } from './finding.ts';
import type { Stores } from './stores.ts';

type GroupRow = {
  shard: number;
  group_number: string;
  first_sequence: string;
  last_sequence: string;
  token: string;
  events: Buffer;
};

const groupsOfPage = 2_000;

/** Reads the whole journal. */
export async function checkJournal(stores: Stores): Promise<Finding[]> {
  const found: Finding[] = [];
  const trades = new Set<string>();
  let before: GroupRow | undefined;
  for (;;) {
    const rows: GroupRow[] = await stores.read<GroupRow>(
      'exchange',
      `SELECT shard, group_number, first_sequence, last_sequence, token, events FROM journal
       WHERE (shard, group_number) > ($1, $2) ORDER BY shard, group_number LIMIT $3`,
      [before?.shard ?? -1, before?.group_number ?? 0, groupsOfPage],
    );
    for (const row of rows) {
      found.push(...checkGroup(row, before?.shard === row.shard ? before : undefined, trades));
      before = row;
    }
    if (rows.length < groupsOfPage) break;
  }
  const entries = await stores.read<{ reference: string }>(
    'ledger',
    `SELECT reference FROM entry WHERE kind = 'trade'`,
  );
  const settled = new Set(entries.map(({ reference }) => reference));
  const sets = { expected: trades, found: settled, expectedBy: 'the journal', foundBy: 'the ledger' };
  return [...found, ...compareSets('journalled-trade-is-settled', sets)];
}

function checkGroup(row: GroupRow, before: GroupRow | undefined, trades: Set<string>): Finding[] {
  const subject = `group ${row.group_number} of shard ${row.shard}`;
  const found: Finding[] = [];
  const note = (rule: string, detail: string) => found.push({ rule, subject, detail });
  if (before !== undefined) {
    const [number, token] = [BigInt(before.group_number), BigInt(before.token)];
    if (BigInt(row.group_number) !== number + 1n) note('journal-without-gap', `follows group ${number}`);
    if (BigInt(row.first_sequence) !== BigInt(before.last_sequence) + 1n)
      note('journal-without-gap', `begins at ${row.first_sequence} after ${before.last_sequence}`);
    // A holder that was replaced wrote after its successor.
    if (BigInt(row.token) < token) note('fenced-writer', `token ${row.token} after ${token}`);
  }
  const { events } = fromBinary(FollowResponseSchema, row.events);
  for (const { event } of events) {
    if (event.case !== 'traded') continue;
    const { tradeId } = event.value;
    if (trades.has(tradeId)) note('trade-happens-once', tradeId);
    trades.add(tradeId);
  }
  return found;
}
