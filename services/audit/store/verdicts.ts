import { textArray } from '#platform/postgres/columns.ts';
import type { Sql } from '#platform/postgres/sql.ts';
import type { Finding } from '../domain/finding.ts';
import type { Verdict } from '../domain/verdict.ts';

type Detail = Pick<Verdict, 'positions' | 'ledgerSequence' | 'checked' | 'assets' | 'oldestPassingMs'>;
type VerdictRow = {
  verdict_id: string;
  kind: Verdict['kind'];
  start_time: Date;
  duration_ms: bigint;
  clean: boolean;
  findings_count: number;
  failure: string;
  detail: Detail;
};

const columns = 'verdict_id, kind, start_time, duration_ms, clean, findings_count, failure, detail';

/** Stores a verdict with its findings. */
export async function insertVerdict(tx: Sql, verdict: Verdict, findings: readonly Finding[]): Promise<void> {
  const { verdictId, kind, startTimeMs, durationMs, clean, findingsCount, failure, ...detail } = verdict;
  await tx.query(`INSERT INTO verdict (${columns}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8::jsonb)`, [
    verdictId,
    kind,
    new Date(startTimeMs),
    durationMs,
    clean,
    findingsCount,
    failure,
    JSON.stringify(detail),
  ]);
  await tx.query(
    `INSERT INTO finding (verdict_id, number, rule, subject, expected, found)
     SELECT $1, number, rule, subject, expected, found
     FROM unnest($2::text[], $3::text[], $4::text[], $5::text[]) WITH ORDINALITY AS fresh (rule, subject, expected, found, number)`,
    [
      verdictId,
      textArray(findings.map(({ rule }) => rule)),
      textArray(findings.map(({ subject }) => subject)),
      textArray(findings.map(({ expected }) => expected)),
      textArray(findings.map(({ found }) => found)),
    ],
  );
}

/** Verdicts before one, newest first. */
export async function listVerdicts(
  sql: Sql,
  { before, limit, uncleanOnly }: { before: string; limit: number; uncleanOnly: boolean },
): Promise<Verdict[]> {
  const { rows } = await sql.query<VerdictRow>(
    uncleanOnly
      ? `SELECT ${columns} FROM verdict WHERE NOT clean AND verdict_id < $1 ORDER BY verdict_id DESC LIMIT $2`
      : `SELECT ${columns} FROM verdict WHERE verdict_id < $1 ORDER BY verdict_id DESC LIMIT $2`,
    [before, limit],
  );
  return rows.map(toVerdict);
}

/** A verdict; undefined when there is none of this id. */
export async function findVerdict(sql: Sql, verdictId: string): Promise<Verdict | undefined> {
  const { rows } = await sql.query<VerdictRow>(`SELECT ${columns} FROM verdict WHERE verdict_id = $1`, [verdictId]);
  return rows[0] && toVerdict(rows[0]);
}

/** The findings of a verdict. */
export async function readFindings(sql: Sql, verdictId: string): Promise<Finding[]> {
  const { rows } = await sql.query<Finding>(
    'SELECT rule, subject, expected, found FROM finding WHERE verdict_id = $1 ORDER BY number',
    [verdictId],
  );
  return rows;
}

/** Deletes clean verdicts older than 7 days and others older than a year, at most 1,000 of each. */
export async function deleteOldVerdicts(sql: Sql, nowMs: number): Promise<void> {
  const dayMs = 86_400_000;
  for (const [clean, days] of [
    [true, 7],
    [false, 365],
  ] as const) {
    await sql.query(
      `DELETE FROM verdict WHERE verdict_id IN (
         SELECT verdict_id FROM verdict WHERE verdict_id < $1 AND clean = $2 ORDER BY verdict_id LIMIT 1000)`,
      [firstIdAt(nowMs - days * dayMs), clean],
    );
  }
}

/** The least UUID of version 7 of a time. */
function firstIdAt(timeMs: number): string {
  const hex = Math.max(0, Math.floor(timeMs)).toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`;
}

function toVerdict(row: VerdictRow): Verdict {
  return {
    ...row.detail,
    verdictId: row.verdict_id,
    kind: row.kind,
    startTimeMs: row.start_time.getTime(),
    durationMs: Number(row.duration_ms),
    clean: row.clean,
    findingsCount: row.findings_count,
    failure: row.failure,
  };
}
