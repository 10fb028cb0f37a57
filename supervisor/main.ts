import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fillCompileCache } from './compile-cache.ts';
import { listenForInterrupts } from './interrupt.ts';
import { createOutput } from './output.ts';
import { seedDemoUsers } from './seed.ts';
import { SERVICES } from './services.ts';
import { startOutcry } from './start.ts';

// Not when it is only loaded to be compiled; see fill-compile-cache.ts.
if (import.meta.main) {
  const projectDirectory = resolve(fileURLToPath(new URL('../..', import.meta.url)));
  process.exit(
    await startOutcry({
      args: process.argv.slice(2),
      env: process.env,
      projectDirectory,
      services: SERVICES,
      output: createOutput(),
      interrupt: listenForInterrupts(),
      compile: (signal) => fillCompileCache(projectDirectory, process.env, signal),
      seed: seedDemoUsers,
    }),
  );
}
