/** The alert rules of k8s/observability, evaluated by a Prometheus on what a system measures of itself. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { stringify } from 'yaml';
import { freePort } from '#platform/testing/free-port.ts';
import { projectDirectory } from '../../scripts/tool.ts';

/** An alert as Prometheus has it. */
export type Alert = { name: string; severity: string; state: 'pending' | 'firing'; labels: Record<string, string> };

/** A running Prometheus. */
export type Prometheus = AsyncDisposable & {
  /** Alerts that are pending or firing. */
  alerts(): Promise<Alert[]>;
  /** How many of the processes answered the last scrape. */
  upCount(): Promise<number>;
};

const rules = join(projectDirectory, 'k8s', 'observability', 'rules');
const everySeconds = 2;
const startTimeoutMs = 30_000;
const requestTimeoutMs = 5_000;

/** Starts the Prometheus of this machine on an empty store. Rejects with code ENOENT when it is not installed. */
export async function startPrometheus(adminPorts: readonly number[]): Promise<Prometheus> {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'outcry-drill-'));
  stack.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 3 }));
  await mkdir(join(folder, 'rules'));
  for (const name of ['alerts.yaml', 'service-levels.yaml']) await cp(join(rules, name), join(folder, 'rules', name));
  await writeFile(join(folder, 'prometheus.yaml'), stringify(configuration(adminPorts)));
  const port = await freePort();
  const child = spawn(
    'prometheus',
    [
      ...['--config.file=prometheus.yaml', '--storage.tsdb.path=data', '--log.level=error'],
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    // A group of its own is not reached by the terminal's Ctrl-C.
    { cwd: folder, stdio: 'ignore', detached: true },
  );
  await once(child, 'spawn');
  stack.defer(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    await ended;
  });
  const url = `http://127.0.0.1:${port}`;
  await untilReady(url);
  const started = stack.move();
  return {
    alerts: () => readAlerts(url),
    upCount: () => readUpCount(url),
    [Symbol.asyncDispose]: () => started.disposeAsync(),
  };
}

function configuration(adminPorts: readonly number[]) {
  const interval = `${everySeconds}s`;
  return {
    global: { scrape_interval: interval, scrape_timeout: interval, evaluation_interval: interval },
    rule_files: ['rules/*.yaml'],
    scrape_configs: [
      { job_name: 'outcry', static_configs: [{ targets: adminPorts.map((port) => `127.0.0.1:${port}`) }] },
    ],
  };
}

async function untilReady(url: string): Promise<void> {
  for (const deadlineMs = performance.now() + startTimeoutMs; ; await sleep(100)) {
    const ready = await fetch(`${url}/-/ready`, { signal: AbortSignal.timeout(requestTimeoutMs) }).then(
      ({ ok }) => ok,
      () => false,
    );
    if (ready) return;
    if (performance.now() > deadlineMs) throw new Error(`Prometheus is not ready after ${startTimeoutMs / 1_000} s`);
  }
}

async function readAlerts(url: string): Promise<Alert[]> {
  type Answer = { data: { alerts: { labels: Record<string, string>; state: Alert['state'] }[] } };
  const { data } = await ask<Answer>(`${url}/api/v1/alerts`);
  return data.alerts.map(({ labels, state }) => ({
    ...{ name: labels.alertname ?? '', severity: labels.severity ?? '' },
    ...{ labels, state },
  }));
}

async function readUpCount(url: string): Promise<number> {
  type Answer = { data: { result: { value: [number, string] }[] } };
  const { data } = await ask<Answer>(`${url}/api/v1/query?query=${encodeURIComponent('sum(up{job="outcry"})')}`);
  return Number(data.result[0]?.value[1] ?? 0);
}

async function ask<T>(url: string): Promise<T> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(requestTimeoutMs) });
  if (!answer.ok) throw new Error(`Prometheus answers ${answer.status}`);
  return (await answer.json()) as T;
}
