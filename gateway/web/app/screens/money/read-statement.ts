/** Reads all of a statement's period, at one moment of the account. */
import { create } from '@bufbuild/protobuf';
import { type Timestamp, TimestampSchema } from '@bufbuild/protobuf/wkt';
import type { StatementEntry } from '#gen/outcry/ledger/v1/ledger_pb.ts';
import { notDone } from '../../acting/not-done.ts';
import { timestampOf } from '../../figures/time-text.ts';
import { ledger } from '../../rpc/clients.ts';
import { type Statement, statementOf } from './statement-values.ts';

const pagesMax = 50;
const triesMax = 5;

/** A timestamp of these milliseconds; undefined for none. */
export function protoTime(millis: number | undefined): Timestamp | undefined {
  return millis === undefined ? undefined : create(TimestampSchema, timestampOf(millis));
}

/** The statement of a period. Rejects where it has more than 10,000 movements, or cash goes on moving while it is read. */
export async function readStatement(fromMs: number | undefined, untilMs: number): Promise<Statement> {
  for (let count = 0; count < triesMax; count++) {
    const before = await ledger.getBalances({});
    const entries = await readEntries(fromMs);
    const after = await ledger.getBalances({});
    if (before.cash?.total !== after.cash?.total) continue;
    return statementOf({ entries, cashNow: after.cash?.total ?? '0', currency: after.cash?.asset ?? 'USD', untilMs });
  }
  throw notDone('cash moves all the time; try again in a moment');
}

async function readEntries(fromMs: number | undefined): Promise<StatementEntry[]> {
  const entries: StatementEntry[] = [];
  const fromTime = protoTime(fromMs);
  let pageToken = '';
  for (let page = 0; page < pagesMax; page++) {
    const answer = await ledger.listStatement({ pageSize: 200, pageToken, ...(fromTime && { fromTime }) });
    entries.push(...answer.entries);
    pageToken = answer.nextPageToken;
    if (pageToken === '') return entries;
  }
  throw notDone('more than 10,000 movements: choose a shorter period, or the CSV');
}
