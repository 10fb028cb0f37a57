// `npm start` with stubs in place of the services: the same supervisor, the same processes, nothing else. STABLE_AFTER_MS sets how
// long a stub must be ready to count as well.
import { fileURLToPath } from 'node:url';
import type { ServiceDefinition } from '../plan/services.ts';
import { standardRestartLimits } from '../processes/restart-policy.ts';
import { startOutcry } from '../start.ts';
import { listenForInterrupts } from '../terminal/interrupt.ts';
import { createOutput } from '../terminal/output.ts';

const stub = {
  main: 'stub-service.ts',
  database: true,
  migrations: undefined,
  secret: false,
  bus: false,
  calls: [],
  settingPrefixes: [],
  replicasMax: 5,
  heapMaxMib: 64,
  semiSpaceMaxMib: 1,
  engineThreads: 1,
  niceness: 0,
} as const;

const services: readonly ServiceDefinition[] = [
  { ...stub, name: 'gateway', portBlock: 0, calls: ['middle', 'last'], database: false, stopStage: 1 },
  { ...stub, name: 'middle', portBlock: 1, bus: true, calls: ['last'], stopStage: 2 },
  { ...stub, name: 'last', portBlock: 2, stopStage: 3 },
  { ...stub, name: 'simulator', portBlock: 11, database: false, stopStage: 1 },
];

process.exit(
  await startOutcry({
    args: process.argv.slice(2),
    env: process.env,
    projectDirectory: fileURLToPath(new URL('.', import.meta.url)),
    services,
    output: createOutput(),
    interrupt: listenForInterrupts(),
    compile: async () => false,
    seed: async () => {},
    restartLimits: {
      ...standardRestartLimits,
      stableAfterMs: Number(process.env.STABLE_AFTER_MS ?? standardRestartLimits.stableAfterMs),
    },
  }),
);
