import type { Sql } from '#platform/postgres/sql.ts';

/** Up to where the feeds `<feed>.<shard>` are applied here, by shard. */
export async function readShardPositions(sql: Sql, feed: string): Promise<Map<number, bigint>> {
  const { rows } = await sql.query<{ name: string; sequence: bigint }>(
    'SELECT name, sequence FROM platform.feed_position',
  );
  const positions = rows.flatMap(({ name, sequence }) => {
    const [kind, shard = ''] = name.split('.');
    return kind === feed && /^\d+$/.test(shard) ? [[Number(shard), sequence] as const] : [];
  });
  return new Map(positions);
}
