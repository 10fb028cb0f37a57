/** A processor profile of each Node process during a phase, taken through its inspector. */
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pause } from '#platform/time/pause.ts';
import type { PhaseContext } from './phase-context.ts';

/** Profiles that are being taken. */
export type Profiles = {
  /** Writes one `PHASE-SERVICE.cpuprofile` a process, which the tools of Chromium and speedscope.app show as flame graphs. */
  stop(): Promise<void>;
};

// SIGUSR1 opens the inspector on this port; only one process at a time can have it.
const inspectorPort = 9_229;
const samplingIntervalUs = 500;
const openTimeoutMs = 5_000;

/** Starts the profiler of every service; of none when no folder was asked for. */
export async function startProfiles(context: PhaseContext, phase: string): Promise<Profiles> {
  const { profileDirectory, report, system } = context;
  if (profileDirectory === '') return { stop: async () => {} };
  const directory = resolve(profileDirectory);
  await mkdir(directory, { recursive: true });
  report.figure({ metric: `${phase}.profiled`, value: 'yes: rates are lower', unit: '' });
  const { processes } = system.run();
  for (const { pid } of processes) await evaluateIn(pid, startCode(pid));
  return {
    async stop() {
      for (const { pid, name } of processes) {
        await evaluateIn(pid, stopCode(join(directory, `${phase}-${name}.cpuprofile`)));
      }
    },
  };
}

// Runs inside the service. The session is of the process itself, so that the inspector's port is free for the next one.
function startCode(pid: number): string {
  return `(async () => {
    if (process.pid !== ${pid}) throw new Error('this is process ' + process.pid);
    const inspector = process.getBuiltinModule('node:inspector');
    const session = new inspector.Session();
    session.connect();
    const post = (method, values) => new Promise((done, fail) =>
      session.post(method, values, (error, answer) => error ? fail(error) : done(answer)));
    await post('Profiler.enable');
    await post('Profiler.setSamplingInterval', { interval: ${samplingIntervalUs} });
    await post('Profiler.start');
    globalThis.outcryProfile = { session, post };
    setTimeout(() => inspector.close(), 20);
  })()`;
}

function stopCode(path: string): string {
  return `(async () => {
    const { session, post } = globalThis.outcryProfile;
    const { profile } = await post('Profiler.stop');
    session.disconnect();
    process.getBuiltinModule('node:fs').writeFileSync(${JSON.stringify(path)}, JSON.stringify(profile));
    setTimeout(() => process.getBuiltinModule('node:inspector').close(), 20);
  })()`;
}

async function evaluateIn(pid: number, expression: string): Promise<void> {
  process.kill(pid, 'SIGUSR1');
  const socket = new WebSocket(await findInspector(pid));
  try {
    await new Promise<void>((opened, failed) => {
      socket.addEventListener('open', () => opened());
      socket.addEventListener('error', () => failed(new Error(`the inspector of process ${pid} cannot be reached`)));
    });
    const answered = new Promise<string>((done) =>
      socket.addEventListener('message', ({ data }) => done(String(data))),
    );
    socket.send(JSON.stringify({ id: 1, method: 'Runtime.evaluate', params: { expression, awaitPromise: true } }));
    const answer = JSON.parse(await answered) as { result?: { exceptionDetails?: unknown } };
    if (answer.result === undefined || answer.result.exceptionDetails)
      throw new Error(`process ${pid} could not be profiled: ${JSON.stringify(answer)}`);
  } finally {
    socket.close();
  }
  await untilClosed();
}

async function findInspector(pid: number): Promise<string> {
  for (const deadlineMs = performance.now() + openTimeoutMs; ; await pause(10)) {
    const [target] = await listTargets();
    if (target) return target.webSocketDebuggerUrl;
    if (performance.now() > deadlineMs)
      throw new Error(`process ${pid} does not open its inspector; is port 9229 free?`);
  }
}

async function untilClosed(): Promise<void> {
  for (const deadlineMs = performance.now() + openTimeoutMs; (await listTargets()).length > 0; await pause(10)) {
    if (performance.now() > deadlineMs) throw new Error('an inspector does not close');
  }
}

async function listTargets(): Promise<{ webSocketDebuggerUrl: string }[]> {
  try {
    return (await (await fetch(`http://127.0.0.1:${inspectorPort}/json/list`)).json()) as never;
  } catch {
    return [];
  }
}
