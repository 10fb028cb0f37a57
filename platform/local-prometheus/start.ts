/** Starts the Prometheus that is installed on this machine, in a folder of its own. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findProgram, pathFolders } from '#platform/local-programs/find-program.ts';
import { type LocalProgram, startHttpProgram } from '#platform/local-programs/start-http-program.ts';

/** A running Prometheus; `url` is its page and its API. */
export type LocalPrometheus = LocalProgram & { url: string };

/** What it reads, and where it stores that. */
export type PrometheusSettings = {
  /** Its data, at most 256 MB and a week, and its configuration. */
  directory: string;
  /** It listens on 127.0.0.1. */
  port: number;
  /** Admin ports of the processes, as `HOST:PORT`. */
  targets: readonly string[];
  /** Absolute paths of rule files. */
  ruleFiles: readonly string[];
  /** From one scrape of a process to the next, in seconds; default 5. */
  scrapeSeconds?: number;
  onLog?: (line: string) => void;
};

/** Words for a machine without Prometheus. */
export const prometheusMissing = 'Prometheus is not installed (on Debian: apt-get install prometheus)';

const host = '127.0.0.1';
const defaultScrapeSeconds = 5;
/** A process with more series than this is not read: its labels have no bound. */
const seriesMax = 10_000;

/** The path of an installed `prometheus`; undefined when there is none. */
export function findPrometheus(env: NodeJS.ProcessEnv = process.env): string | undefined {
  return findProgram('prometheus', pathFolders(env));
}

/** Starts it and resolves when it answers. Throws an error with what it printed, or when it is not installed. */
export async function startPrometheus(settings: PrometheusSettings): Promise<LocalPrometheus> {
  const program = findPrometheus();
  if (program === undefined) throw new Error(prometheusMissing);
  const { directory, port, onLog } = settings;
  mkdirSync(directory, { recursive: true });
  const configFile = join(directory, 'prometheus.yaml');
  writeFileSync(configFile, prometheusConfig(settings));
  const url = `http://${host}:${port}`;
  const args = [
    `--config.file=${configFile}`,
    `--storage.tsdb.path=${join(directory, 'data')}`,
    '--storage.tsdb.retention.size=256MB',
    '--storage.tsdb.retention.time=7d',
    `--web.listen-address=${host}:${port}`,
  ];
  const running = await startHttpProgram({ program, args, env: {}, readyUrl: `${url}/-/ready`, onLog });
  return { ...running, url };
}

/** The configuration, in JSON, which is YAML: every process is scraped under the job `outcry`, and the rules are evaluated. */
export function prometheusConfig({ targets, ruleFiles, scrapeSeconds = defaultScrapeSeconds }: PrometheusSettings) {
  return JSON.stringify({
    global: { scrape_interval: `${scrapeSeconds}s`, evaluation_interval: `${scrapeSeconds}s` },
    rule_files: ruleFiles,
    scrape_configs: [{ job_name: 'outcry', sample_limit: seriesMax, static_configs: [{ targets }] }],
  });
}
