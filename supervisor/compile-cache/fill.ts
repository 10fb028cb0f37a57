// Run by compile-cache.ts with NODE_COMPILE_CACHE set: loads every process's modules once, runs none of them, and so leaves their
// compiled code in the cache.
import { registerHooks } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { SERVICES } from './services.ts';

const RUN_SERVICE = '#platform/lifecycle/run-service.ts';
const IDLE_RUN_SERVICE = 'data:text/javascript,export async function runService() {}';

const projectDirectory = fileURLToPath(new URL('../..', import.meta.url));

// The mains find a runService that does nothing; everybody else, and the cache, the real one.
registerHooks({
  resolve(specifier, context, nextResolve) {
    const isMain = context.parentURL?.endsWith('/main.ts') ?? false;
    if (specifier === RUN_SERVICE && isMain) return { url: IDLE_RUN_SERVICE, shortCircuit: true };
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
await load('scripts/start/main.ts');
for (const service of SERVICES) await load(service.main);
process.exit(0);
