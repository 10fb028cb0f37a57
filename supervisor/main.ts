// `npm start`. It only runs; what others import is in index.ts.
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
