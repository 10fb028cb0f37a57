/** Runs a file of commands through a fresh engine and writes every event: `--in FILE --out FILE [--engine reference] [--hash]`. */
import { createReadStream, createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { replayFile } from './replay-file.ts';
import { createEngineReplayer, createReferenceReplayer } from './replayer.ts';

const usage =
  'usage: npm run --silent exchange:replay -- --in commands.csv --out events.csv [--engine reference] [--hash]';

const chunkBytes = 256 * 1024;

async function run(): Promise<void> {
  const { values } = parseArgs({
    options: {
      in: { type: 'string' },
      out: { type: 'string' },
      engine: { type: 'string', default: 'engine' },
      hash: { type: 'boolean', default: false },
    },
  });
  if (!values.in || !values.out) throw new Error(usage);
  if (values.engine !== 'engine' && values.engine !== 'reference') throw new Error(usage);
  const replayer = values.engine === 'reference' ? createReferenceReplayer() : createEngineReplayer();
  const chunks = createReadStream(values.in, { highWaterMark: chunkBytes });
  await pipeline(Readable.from(replayFile(chunks, replayer), { highWaterMark: 2 }), createWriteStream(values.out));
  if (!values.hash) return;
  const hash = replayer.stateHash();
  if (hash === undefined) throw new Error('the reference engine has no state hash');
  process.stdout.write(`${hash}\n`);
}

try {
  await run();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}
