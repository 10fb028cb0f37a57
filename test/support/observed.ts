/** What the shared system shows to the outside: its metrics, and a Prometheus that reads them. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPrometheus } from '#platform/local-prometheus/start.ts';
import { freePort } from '#platform/testing/free-port.ts';
import { timeoutSignal } from '#platform/time/within.ts';
import { observabilityDirectory } from '../../scripts/dashboards/index.ts';
import { readRunFile } from '../../supervisor/index.ts';

/** One process, as its admin port shows it. */
export type Scrape = { service: string; text: string };

/** A Prometheus with data; `query` gives the number of series that have a value now, NaN being none. */
export type ObservingPrometheus = AsyncDisposable & {
  query(expression: string): Promise<number>;
  /** Rules that could not be evaluated, each with its error. */
  brokenRules(): Promise<string[]>;
};

const requestMs = 10_000;

/** The metrics of every process of a system. */
export function scrapeAll(dataDirectory: string): Promise<Scrape[]> {
  const processes = readRunFile(dataDirectory)?.processes ?? [];
  return Promise.all(
    processes.map(async ({ name, adminPort }) => {
      const answer = await fetch(`http://127.0.0.1:${adminPort}/metrics`, { signal: timeoutSignal(requestMs) });
      return { service: name, text: await answer.text() };
    }),
  );
}

/** Starts the installed Prometheus, which reads every process of the system once a second, with all rules. */
export async function observe(dataDirectory: string): Promise<ObservingPrometheus> {
  const directory = await mkdtemp(join(tmpdir(), 'outcry-prometheus-'));
  const processes = readRunFile(dataDirectory)?.processes ?? [];
  const prometheus = await startPrometheus({
    directory,
    port: await freePort(),
    targets: processes.map(({ adminPort }) => `127.0.0.1:${adminPort}`),
    ruleFiles: ['service-levels.yaml', 'alerts.yaml'].map((name) => join(observabilityDirectory, 'rules', name)),
    scrapeSeconds: 1,
  });
  const ask = async (path: string): Promise<unknown> => {
    const answer = await fetch(`${prometheus.url}/api/v1/${path}`, { signal: timeoutSignal(requestMs) });
    const { data, error } = (await answer.json()) as { data?: unknown; error?: string };
    if (error !== undefined) throw new Error(error);
    return data;
  };
  return {
    async query(expression) {
      const data = await ask(`query?query=${encodeURIComponent(expression)}`);
      const { result } = data as { result: { value: [number, string] }[] };
      return result.filter(({ value }) => !Number.isNaN(Number(value[1]))).length;
    },
    async brokenRules() {
      const { groups } = (await ask('rules')) as { groups: { rules: { name: string; lastError?: string }[] }[] };
      const rules = groups.flatMap((group) => group.rules);
      return rules.flatMap(({ name, lastError }) => (lastError ? [`${name}: ${lastError}`] : []));
    },
    async [Symbol.asyncDispose]() {
      await prometheus.stop();
      await rm(directory, { recursive: true, maxRetries: 3 });
    },
  };
}
