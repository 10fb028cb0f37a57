import type { Sql } from '#platform/postgres/sql.ts';

/** Up to where something was proved, and what else must be known to go on from there. */
export type Checkpoint = { position: bigint; detail: string };

/** Another process has moved the checkpoint meanwhile; the pass begins again. */
export class CheckpointMovedError extends Error {
  override name = 'CheckpointMovedError';
}

/** The checkpoint of a name; 0 before the first. */
export async function readCheckpoint(sql: Sql, name: string): Promise<Checkpoint> {
  const { rows } = await sql.query<Checkpoint>('SELECT position, detail FROM checkpoint WHERE name = $1', [name]);
  return rows[0] ?? { position: 0n, detail: '' };
}

/** Moves a checkpoint. Throws CheckpointMovedError when it is not at `from` any more. */
export async function moveCheckpoint(tx: Sql, name: string, from: bigint, to: Checkpoint): Promise<void> {
  const { rowCount } = await tx.query(
    `INSERT INTO checkpoint AS stored (name, position, detail) VALUES ($1, $2, $3)
     ON CONFLICT (name) DO UPDATE SET position = $2, detail = $3 WHERE stored.position = $4`,
    [name, to.position, to.detail, from],
  );
  if (rowCount !== 1) throw new CheckpointMovedError(`checkpoint ${name} is not at ${from} any more`);
}
