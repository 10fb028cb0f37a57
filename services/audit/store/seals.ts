import { plainArray, textArray } from '#platform/postgres/columns.ts';
import type { Sql } from '#platform/postgres/sql.ts';
import type { Seal } from '../domain/seal.ts';

/** A seal and the block that it is of. */
export type BlockSeal = Seal & { block: string };

/** The seals of a block. */
export async function readSeals(sql: Sql, place: string, block: string): Promise<Seal[]> {
  const { rows } = await sql.query<Seal>('SELECT rows, digest, content FROM seal WHERE place = $1 AND block = $2', [
    place,
    block,
  ]);
  return rows;
}

/** Number and digest of all rows that were sealed, by block. */
export async function readSealTotals(sql: Sql, place: string): Promise<Map<string, { rows: bigint; digest: bigint }>> {
  const { rows } = await sql.query<{ block: string; rows: bigint; digest: bigint }>(
    'SELECT block, sum(rows)::bigint AS rows, bit_xor(digest) AS digest FROM seal WHERE place = $1 GROUP BY block',
    [place],
  );
  return new Map(rows.map(({ block, ...total }) => [block, total]));
}

/** Adds seals of a table. */
export async function addSeals(tx: Sql, place: string, seals: readonly BlockSeal[]): Promise<void> {
  if (seals.length === 0) return;
  await tx.query(
    `INSERT INTO seal (place, block, rows, digest, content)
     SELECT $1, * FROM unnest($2::text[], $3::integer[], $4::bigint[], $5::text[])`,
    [
      place,
      textArray(seals.map(({ block }) => block)),
      plainArray(seals.map(({ rows }) => rows)),
      plainArray(seals.map(({ digest }) => digest)),
      textArray(seals.map(({ content }) => content)),
    ],
  );
}

/** Removes the seals of blocks that retention has taken. */
export async function deleteSeals(tx: Sql, place: string, blocks: readonly string[]): Promise<void> {
  if (blocks.length === 0) return;
  await tx.query('DELETE FROM seal WHERE place = $1 AND block = ANY($2::text[])', [place, textArray(blocks)]);
}
