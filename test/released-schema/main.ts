// `npm run sql:release`: makes the statements that the services send now, and the columns that they find, the ones on which the schemas of
// later releases are tried. Run it when a release is made, and commit what it writes.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { startPostgresOf } from '../../bench/orders/index.ts';
import { recordSystem } from '../support/plans/record-system.ts';
import { type ReleasedSchema, readColumns, snapshotUrl } from './released-schema.ts';

const dataDirectory = await mkdtemp(join(tmpdir(), 'outcry-release-'));
try {
  const recorded = await recordSystem(dataDirectory);
  const server = await startPostgresOf(dataDirectory);
  try {
    await mkdir(dirname(fileURLToPath(snapshotUrl('any'))), { recursive: true });
    for (const [database, statements] of recorded) {
      const columns = await columnsOf(server.urlFor(database));
      const texts = statements.map(({ text }) => text).toSorted();
      await write(database.replace('outcry_', ''), { columns, statements: texts });
    }
  } finally {
    await server.stop();
  }
} finally {
  await rm(dataDirectory, { recursive: true, force: true });
}

async function columnsOf(url: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await readColumns(client)).map(({ name }) => name);
  } finally {
    await client.end();
  }
}

async function write(name: string, snapshot: ReleasedSchema): Promise<void> {
  await writeFile(snapshotUrl(name), `${JSON.stringify(snapshot, null, 1)}\n`);
  console.log(`${name}: ${snapshot.statements.length} statements, ${snapshot.columns.length} columns`);
}
