// `npm start`: the whole system from one command. See start/main.ts.
import { runScript } from './bootstrap.mjs';

await runScript('scripts/start/main.ts', process.argv.slice(2), {
  development: false,
  // The supervisor only watches: a small heap does.
  nodeFlags: ['--max-semi-space-size=1', '--max-old-space-size=128'],
});
