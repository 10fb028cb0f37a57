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

/** At most `limit` deliveries that were given up, newest first, older than the dead letter `cursor` if there is one. */
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
