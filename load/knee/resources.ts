/** What each part of a system on this machine has used: processor, memory and traffic from /proc, disk from PostgreSQL. */
import { readFileSync } from 'node:fs';
import pg from 'pg';
import { listProcesses, partsOf, pssMib } from '../../bench/orders/index.ts';
import { type DatabaseTarget, findDatabaseTargets, type RunFile } from '../../supervisor/index.ts';

/** Of one part; all but memory since its processes or its database began. */
export type Used = {
  /** Processor time, user and system, in seconds. */
  cpuSeconds: number;
  /** Memory at the moment, PSS, in MiB. */
  memoryMib: number;
  /** Size of a service's database, and for `postgres` what was written to the write-ahead log, in bytes. */
  diskBytes: number;
  /** Read and written through files and sockets, in bytes. PostgreSQL's sockets are not in it: it uses calls that are not counted. */
  trafficBytes: number;
};

/** Reads them by part: services (`order`, a second replica `order-1`), `postgres`, `supervisor`. Rejects when a database cannot be asked. */
export async function readUsed(run: RunFile): Promise<Map<string, Used>> {
  // One that was never started, such as the simulator, has no database.
  const started = new Set(run.processes.map(({ name }) => name));
  const targets = findDatabaseTargets({ data: run.dataDirectory }).filter(({ service }) => started.has(service));
  const disk = await readDisk(targets);
  const processes = listProcesses();
  return new Map(
    partsOf(run).map(({ name, pids }) => [
      name,
      {
        cpuSeconds: sum(pids.map((pid) => processes.get(pid)?.cpuSeconds ?? 0)),
        memoryMib: sum(pids.map(pssMib)),
        diskBytes: disk.get(name) ?? 0,
        trafficBytes: sum(pids.map(readTraffic)),
      },
    ]),
  );
}

/** What a part has used from one reading to another; memory is that of the second. */
export function usedSince(before: Used | undefined, after: Used): Used {
  const { cpuSeconds = 0, diskBytes = 0, trafficBytes = 0 } = before ?? {};
  return {
    // A process of PostgreSQL that has ended in between is missing from the second reading.
    cpuSeconds: Math.max(0, after.cpuSeconds - cpuSeconds),
    memoryMib: after.memoryMib,
    diskBytes: Math.max(0, after.diskBytes - diskBytes),
    trafficBytes: Math.max(0, after.trafficBytes - trafficBytes),
  };
}

async function readDisk(targets: readonly DatabaseTarget[]): Promise<Map<string, number>> {
  const sizes = new Map<string, number>();
  for (const { service, url } of targets) {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000, query_timeout: 10_000 });
    // A connection that breaks rejects the query that waits for it.
    client.on('error', () => {});
    await client.connect();
    const { rows } = await client.query<{ size: string; log: string }>(
      `SELECT pg_database_size(current_database()) AS size, pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0') AS log`,
    );
    await client.end();
    sizes.set(service, Number(rows[0]?.size)).set('postgres', Number(rows[0]?.log));
  }
  return sizes;
}

function readTraffic(pid: number): number {
  try {
    const text = readFileSync(`/proc/${pid}/io`, 'utf8');
    return sum([...text.matchAll(/^[rw]char: (\d+)$/gm)].map(([, bytes]) => Number(bytes)));
  } catch {
    // It has ended, or belongs to another person.
    return 0;
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
