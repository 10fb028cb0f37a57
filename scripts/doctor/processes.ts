/** What the processes of a running system look like from outside. */
import { readFileSync } from 'node:fs';
import { isRunning, type RunFile } from '../../supervisor/index.ts';
import type { Finding } from './finding.ts';

const probeTimeoutMs = 2_000;

/** Findings of its processes: missing, failing, frozen, not ready. */
export async function judgeProcesses(run: RunFile): Promise<Finding[]> {
  const servers = [
    ...(run.postgres === undefined ? [] : [{ ...run.postgres, name: 'postgres' }]),
    ...(run.rabbitmq?.processes.slice(0, 1) ?? []).map((identity) => ({ ...identity, name: 'rabbitmq' })),
  ];
  const replicas = await Promise.all(run.processes.map(judgeReplica));
  return [
    ...servers.flatMap(({ name, ...identity }) => {
      if (!isRunning(identity)) return [finding('process-missing', name, 'it does not run')];
      return isStopped(identity.pid) ? [finding('process-frozen', name, `pid ${identity.pid} is stopped`)] : [];
    }),
    ...replicas.flat(),
    ...judgeMissing(run),
    ...run.failing.map(({ name, endCount, lastEnd }) =>
      finding('process-failing', name, `it has ended ${endCount} times in a row: ${lastEnd}`),
    ),
  ];
}

function judgeMissing({ processes, replicas }: RunFile): Finding[] {
  return Object.entries(replicas).flatMap(([name, expected]) => {
    const found = processes.filter((process) => process.name === name).length;
    return found >= expected ? [] : [finding('process-missing', name, `${found} of ${expected} run`)];
  });
}

async function judgeReplica({ name, replica, pid, adminPort }: RunFile['processes'][number]): Promise<Finding[]> {
  const subject = `${name}-${replica}`;
  if (isStopped(pid)) return [finding('process-frozen', subject, `pid ${pid} is stopped`)];
  const url = `http://127.0.0.1:${adminPort}/readyz`;
  const status = await fetch(url, { signal: AbortSignal.timeout(probeTimeoutMs) }).then(
    async (answer) => {
      await answer.arrayBuffer();
      return answer.ok ? '' : `/readyz answers ${answer.status}`;
    },
    () => `/readyz does not answer within ${probeTimeoutMs / 1_000} s`,
  );
  return status === '' ? [] : [finding('process-not-ready', subject, status)];
}

// Of Linux; elsewhere a stopped process is one that does not answer.
function isStopped(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return /^\s*[Tt]/.test(stat.slice(stat.lastIndexOf(')') + 1));
  } catch {
    return false;
  }
}

function finding(code: Finding['code'], subject: string, detail: string): Finding {
  return { code, subject, detail };
}
