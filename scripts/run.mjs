// `node scripts/run.mjs FILE.ts ...`: any other script of the project, on Node 24, with the dependencies installed first.
import { runScript } from './bootstrap.mjs';

const [script, ...args] = process.argv.slice(2);
await runScript(script, args, { development: true });
