// `npm start`: the whole system from one command. See supervisor/.
import { runScript } from './bootstrap.mjs';

await runScript('supervisor/main.ts', process.argv.slice(2), {
  development: false,
  // The supervisor only watches: a small heap does.
  nodeFlags: ['--max-semi-space-size=1', '--max-old-space-size=128'],
});
