// Run by compile-cache.ts with NODE_COMPILE_CACHE set: loads every process's modules once, runs none of them, and so leaves their
// compiled code in the cache.
import { registerHooks } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { services } from '../plan/services.ts';
import { projectDirectory } from '../project-directory.ts';

const runService = '#platform/lifecycle/run-service.ts';
const idleRunService = 'data:text/javascript,export async function runService() {}';

// The mains find a runService that does nothing; all other modules, and the cache, the real one.
registerHooks({
  resolve(specifier, context, nextResolve) {
    const isMain = context.parentURL?.endsWith('/main.ts') ?? false;
    if (specifier === runService && isMain) return { url: idleRunService, shortCircuit: true };
    return nextResolve(specifier, context);
  },
});

async function load(path: string): Promise<void> {
  try {
    await import(pathToFileURL(join(projectDirectory, path)).href);
  } catch {
    // A service that cannot be loaded says so itself when it is started.
  }
}

await load('platform/lifecycle/run-service.ts');
await load('supervisor/start.ts');
await load('supervisor/demo/seed-demo-users.ts');
for (const service of services) await load(service.main);
process.exit(0);
