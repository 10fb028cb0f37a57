// `npm start` with stubs in place of the services: the same supervisor, the same processes, nothing else.
import { fileURLToPath } from 'node:url';
import { listenForInterrupts } from '../interrupt.ts';
import { createOutput } from '../output.ts';
import type { ServiceDefinition } from '../services.ts';
import { startOutcry } from '../start.ts';

const STUB = {
  main: 'stub-service.ts',
  database: true,
  calls: [],
  settingPrefixes: [],
  replicasMax: 5,
  heapMaxMib: 64,
  semiSpaceMaxMib: 1,
} as const;

const services: readonly ServiceDefinition[] = [
  { ...STUB, name: 'gateway', portBlock: 0, calls: ['middle', 'last'], database: false, stopStage: 1 },
  { ...STUB, name: 'middle', portBlock: 1, calls: ['last'], stopStage: 2 },
  { ...STUB, name: 'last', portBlock: 2, stopStage: 3 },
  { ...STUB, name: 'simulator', portBlock: 11, database: false, stopStage: 1 },
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
  }),
);
