/** `--observe`: Prometheus and Grafana where this machine has them, and a store of traces, all of it in the data folder. */

import { join } from 'node:path';
import { findGrafana, grafanaMissing, startGrafana } from '#platform/local-grafana/start.ts';
import type { LocalProgram } from '#platform/local-programs/start-http-program.ts';
import { findPrometheus, prometheusMissing, startPrometheus } from '#platform/local-prometheus/start.ts';
import { startOtlpReceiver } from '#platform/telemetry/collector/otlp-receiver.ts';
import type { DataPaths } from '../data/data-directory.ts';
import type { Secrets } from '../data/secrets.ts';
import { adminPorts, loopbackHost } from '../plan/launch-plan.ts';
import { observePorts } from '../plan/ports.ts';
import type { ServiceDefinition } from '../plan/services.ts';
import { type ManagedProgram, type ManagedProgramOptions, manageProgram } from '../processes/managed-program.ts';
import type { RestartLimits } from '../processes/restart-policy.ts';
import type { RunRecorder } from '../run-recorder.ts';
import type { StartFlags } from '../terminal/flags.ts';
import { elapsedSince, type Output } from '../terminal/output.ts';
import { serveTraces } from './trace-page.ts';
import { createTraceStore } from './trace-store.ts';

/** What the start knows. */
export type ObserveStart = {
  flags: StartFlags;
  running: readonly ServiceDefinition[];
  paths: DataPaths;
  projectDirectory: string;
  secrets: Secrets;
  restartLimits: RestartLimits;
  startTimeMs: number;
  output: Output;
  record: RunRecorder;
  /** What it has started is ended with. */
  cleanup: AsyncDisposableStack;
};

/** What watches the system. */
export type Observing = { kill(): void };

/** Grafana's user who may change things; the password is the operator's. */
const grafanaUser = 'operator';

/** With `--observe`, starts the store of traces, which takes them from then on; the programs follow by themselves, and stop nothing when they do not start. */
export async function startObserving(start: ObserveStart): Promise<Observing> {
  if (!start.flags.observe) return { kill: () => {} };
  const ports = observePorts(start.flags.port);
  const store = createTraceStore();
  const receiver = await startOtlpReceiver({
    host: loopbackHost,
    port: ports.traces,
    onSpans: (spans) => store.add(spans),
    other: serveTraces(store),
  });
  start.record.observe({ name: 'traces', url: `http://${loopbackHost}:${ports.traces}/traces` });
  const programs: ManagedProgram[] = [];
  const starting = startPrograms(start, programs);
  start.cleanup.defer(async () => {
    await starting;
    await Promise.all(programs.map((program) => program.stop()));
    await receiver[Symbol.asyncDispose]();
  });
  return {
    kill() {
      for (const program of programs) program.kill();
    },
  };
}

/** The environment from which services get the address of the collector: the store of traces, unless another one is named. */
export function tracedEnvironment({ observe, port }: StartFlags, env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  if (!observe || env.OTEL_EXPORTER_OTLP_ENDPOINT) return env;
  return { ...env, OTEL_EXPORTER_OTLP_ENDPOINT: `http://${loopbackHost}:${observePorts(port).traces}` };
}

async function startPrograms(start: ObserveStart, programs: ManagedProgram[]): Promise<void> {
  const { flags, running, paths, projectDirectory, secrets } = start;
  const ports = observePorts(flags.port);
  const files = join(projectDirectory, 'k8s', 'observability');
  const prometheusUrl = `http://${loopbackHost}:${ports.prometheus}`;
  const add = async (name: string, url: string, program: Program) => {
    const added = await startProgram(start, { name, url, ...program });
    if (added !== undefined) programs.push(added);
  };
  await add('prometheus', prometheusUrl, {
    missing: findPrometheus() === undefined ? prometheusMissing : undefined,
    start: (onLog) =>
      startPrometheus({
        directory: join(paths.observe, 'prometheus'),
        port: ports.prometheus,
        targets: adminPorts(running, flags).map((port) => `${loopbackHost}:${port}`),
        ruleFiles: ['service-levels.yaml', 'alerts.yaml'].map((name) => join(files, 'rules', name)),
        onLog,
      }),
  });
  await add('grafana', `http://${loopbackHost}:${ports.grafana}`, {
    missing: findGrafana() === undefined ? grafanaMissing : undefined,
    start: (onLog) =>
      startGrafana({
        directory: join(paths.observe, 'grafana'),
        port: ports.grafana,
        provisioning: join(files, 'grafana'),
        dashboards: join(files, 'dashboards'),
        prometheusUrl,
        admin: { user: grafanaUser, password: secrets.operatorPassword },
        onLog,
      }),
  });
}

type Program = { missing: string | undefined; start: ManagedProgramOptions<LocalProgram>['start'] };

/** Undefined when it is missing or does not start, which a line on the terminal states. */
async function startProgram(
  { paths, restartLimits, startTimeMs, output, record }: ObserveStart,
  { name, url, missing, start }: Program & { name: string; url: string },
): Promise<ManagedProgram | undefined> {
  if (missing !== undefined) {
    output.line(`  ${name.padEnd(16)}absent: ${missing}`);
    return undefined;
  }
  const onStart: ManagedProgramOptions<LocalProgram>['onStart'] = (_program, [process]) => {
    if (process !== undefined) record.observe({ name, url, process });
  };
  try {
    const logPath = join(paths.logs, `${name}.log`);
    const program = await manageProgram({
      name,
      logPath,
      start,
      onStart,
      restartLimits,
      output,
      onFailing: record.failing,
    });
    output.progress(name, `${elapsedSince(startTimeMs)}   ${url}`);
    return program;
  } catch (error) {
    output.line(`  ${name} did not start: ${(error as Error).message.split('\n', 1)[0]}`);
    return undefined;
  }
}
