/** Runs a file of commands through a fresh engine and writes every event: `--in FILE --out FILE` and the options of `usage`. */
import { parseArgs } from 'node:util';
import { runReplay } from './run-replay.ts';

const usage =
  'usage: npm run --silent exchange:replay -- --in commands.csv --out events.csv [--engine reference] [--hash] [--strict]';

async function run(): Promise<void> {
  const { values } = parseArgs({
    options: {
      in: { type: 'string' },
      out: { type: 'string' },
      engine: { type: 'string', default: 'engine' },
      hash: { type: 'boolean', default: false },
      strict: { type: 'boolean', default: false },
    },
  });
  const { in: inPath, out, engine, hash, strict } = values;
  if (!inPath || !out) throw new Error(usage);
  if (engine !== 'engine' && engine !== 'reference') throw new Error(usage);
  const { malformed, stateHash } = await runReplay({ in: inPath, out, engine, isStrict: strict });
  const problem = malformed.describe();
  if (malformed.endRun) throw new Error(problem);
  if (problem !== undefined) process.stderr.write(`${problem}\n`);
  if (!hash) return;
  if (stateHash === undefined) throw new Error('the reference engine has no state hash');
  process.stdout.write(`${stateHash}\n`);
}

try {
  await run();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}
