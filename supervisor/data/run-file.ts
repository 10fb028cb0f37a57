import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ProcessIdentity } from '../processes/process-identity.ts';
import type { FailingProcess } from '../processes/restarts.ts';

/** One running replica of a service. */
export type RunningReplica = ProcessIdentity & {
  name: string;
  replica: number;
  /** gRPC port; the public port of a gateway. */
  port: number;
  adminPort: number;
  stopStage: 1 | 2 | 3;
};

/** What watches the system: Prometheus, Grafana, or the store of traces. */
export type Watcher = { name: string; url: string; process?: ProcessIdentity };

/** What runs, for other scripts (audit, bench, tests) and for the next start if this one is killed. */
export type RunFile = {
  version: 1;
  state: 'starting' | 'ready' | 'stopping';
  supervisor: ProcessIdentity;
  dataDirectory: string;
  /** RFC 3339. */
  startTime: string;
  /** From the start of the supervisor to the last service's readiness. */
  readyAfterMs?: number;
  /** Base URL of the first gateway. */
  gatewayUrl: string;
  /** Base URLs of all gateways. */
  gatewayUrls: string[];
  /** Replicas to run, by service. */
  replicas: Record<string, number>;
  seed: number;
  simulator: boolean;
  /** Absent when DATABASE_URL replaces it. */
  postgres?: ProcessIdentity & { port: number; dataDirectory: string };
  /** Folder that gets the log of the embedded database; absent: none does. */
  walArchive?: string;
  /** The RabbitMQ that `--rabbitmq` started: the server first, then what serves it; absent without it. */
  rabbitmq?: { processes: ProcessIdentity[]; amqpUrl: string; managementUrl: string };
  /** What `--observe` started, each with its page, and its process where it has one; absent without it. */
  observing?: Watcher[];
  /** Port of the local mailbox's SMTP server; absent when SMTP_URL replaces it. */
  smtpPort?: number;
  /** The replicas that run at the moment; one that ended is absent until it is started again. */
  processes: RunningReplica[];
  /** Replicas, `postgres` and `rabbitmq`, when they end again and again and are restarted with a growing delay; empty when all is well. */
  failing: FailingProcess[];
};

/** Path of the run file in a data folder. */
export function runFilePath(dataDirectory: string): string {
  return join(dataDirectory, 'run.json');
}

/** Replaces the run file as a whole: a reader sees the old one or the new one. */
export function writeRunFile(run: RunFile): void {
  const path = runFilePath(run.dataDirectory);
  writeFileSync(`${path}.new`, `${JSON.stringify(run, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${path}.new`, path);
}

/** The run file of a data folder; undefined when there is none or it is not readable as one. */
export function readRunFile(dataDirectory: string): RunFile | undefined {
  try {
    const run: unknown = JSON.parse(readFileSync(runFilePath(dataDirectory), 'utf8'));
    return isRunFile(run) ? run : undefined;
  } catch {
    return undefined;
  }
}

/** Removes the run file. */
export function removeRunFile(dataDirectory: string): void {
  rmSync(runFilePath(dataDirectory), { force: true });
}

function isRunFile(value: unknown): value is RunFile {
  return (
    typeof value === 'object' && value !== null && 'version' in value && value.version === 1 && 'processes' in value
  );
}
