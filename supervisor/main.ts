// `npm start`. It only runs: Node 24.0 has no import.meta.main, so a module that is also loaded must not be this one.
import { fillCompileCache } from './compile-cache/compile-cache.ts';
import { seedDemoUsers } from './demo/seed-demo-users.ts';
import { services } from './plan/services.ts';
import { projectDirectory } from './project-directory.ts';
import { startOutcry } from './start.ts';
import { listenForInterrupts } from './terminal/interrupt.ts';
import { createOutput } from './terminal/output.ts';

process.exit(
  await startOutcry({
    args: process.argv.slice(2),
    env: process.env,
    projectDirectory,
    services,
    output: createOutput(),
    interrupt: listenForInterrupts(),
    compile: (signal) => fillCompileCache(projectDirectory, process.env, signal),
    seed: seedDemoUsers,
  }),
);
