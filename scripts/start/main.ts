import { enableCompileCache } from 'node:module';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

// Before anything else is imported, so that it comes out of the cache from the second start on.
enableCompileCache(fileURLToPath(new URL('../../node_modules/.cache/compile-cache', import.meta.url)));

const [{ startOutcry }, { listenForInterrupts }, { createOutput }, { SERVICES }, { seedDemoUsers }] = await Promise.all(
  [import('./start.ts'), import('./interrupt.ts'), import('./output.ts'), import('./services.ts'), import('./seed.ts')],
);

process.exit(
  await startOutcry({
    args: process.argv.slice(2),
    env: process.env,
    projectDirectory: resolve(fileURLToPath(new URL('../..', import.meta.url))),
    services: SERVICES,
    output: createOutput(),
    interrupt: listenForInterrupts(),
    seed: seedDemoUsers,
  }),
);
