import type { Sql } from '#platform/postgres/sql.ts';
import type { MessageKind } from '../domain/kinds.ts';
import type { DeadLetter } from '../domain/message.ts';

type Row = {
  dead_letter_id: string;
  account_id: string;
  kind: MessageKind;
  subject: string;
  attempts: number;
  last_failure: string;
  end_time: Date;
};

/** At most `limit` deliveries that were given up, newest first, older than the dead letter `cursor` where one is given. */
export async function listDeadLetters(
  sql: Sql,
  options: { cursor: string | undefined; limit: number },
): Promise<DeadLetter[]> {
  const { rows } = await sql.query<Row>(
    `SELECT dead_letter_id, account_id, kind, subject, attempts, last_failure, end_time FROM delivery
     WHERE dead_letter_id IS NOT NULL AND ($1::uuid IS NULL OR dead_letter_id < $1)
     ORDER BY dead_letter_id DESC LIMIT $2`,
    [options.cursor, options.limit],
  );
  return rows.map((row) => ({
    deadLetterId: row.dead_letter_id,
    accountId: row.account_id,
    kind: row.kind,
    subject: row.subject,
    attempts: row.attempts,
    lastFailure: row.last_failure,
    giveUpTimeMs: row.end_time.getTime(),
  }));
}

/** Lets the named dead letters be tried again, at once and with all tries; returns how many there were. */
export async function redriveDeadLetters(sql: Sql, deadLetterIds: string[], nowMs: number): Promise<number> {
  const { rowCount } = await sql.query(
    `UPDATE delivery SET state = 'waiting', dead_letter_id = NULL, end_time = NULL, attempts = 0, next_attempt_time = $2
     WHERE dead_letter_id = ANY ($1::uuid[])`,
    [deadLetterIds, new Date(nowMs)],
  );
  return rowCount;
}
