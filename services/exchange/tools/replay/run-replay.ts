import { createWriteStream } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { MalformedLines } from './malformed-lines.ts';
import { replayFile } from './replay-file.ts';
import { createEngineReplayer, createReferenceReplayer } from './replayer.ts';

const chunkBytes = 256 * 1024;

/** Which files to read and write, and how. */
export type ReplayOptions = {
  in: string;
  out: string;
  engine: 'engine' | 'reference';
  /** Whether the first malformed line ends the run. */
  isStrict: boolean;
};

/** What a run led to beside its event file. `stateHash`: undefined where the engine has none. */
export type ReplayResult = { malformed: MalformedLines; stateHash: string | undefined };

/**
 * Carries a command file out and writes its event file, up to the line that ended a strict run. The event file is opened, and
 * emptied, once the columns of the command file are known. Rejects without touching it when both are one file under any names, or
 * when the command file cannot be read or its first line does not name columns.
 */
export async function runReplay(options: ReplayOptions): Promise<ReplayResult> {
  await using input = await open(options.in);
  await refuseSameFile(input, options);
  const replayer = options.engine === 'reference' ? createReferenceReplayer() : createEngineReplayer();
  const malformed = new MalformedLines(options);
  const texts = replayFile(input.createReadStream({ highWaterMark: chunkBytes }), replayer, malformed);
  const first = await texts.next();
  const output = createWriteStream(options.out);
  await pipeline(Readable.from(startingWith(first, texts), { highWaterMark: 2 }), output);
  return { malformed, stateHash: replayer.stateHash() };
}

async function* startingWith(first: IteratorResult<string>, rest: AsyncIterable<string>): AsyncGenerator<string> {
  if (!first.done) yield first.value;
  yield* rest;
}

// By what the names lead to: links and other spellings of a path are the same file. Pipes and terminals may be read and written.
async function refuseSameFile(input: FileHandle, { in: inPath, out: outPath }: ReplayOptions): Promise<void> {
  const [from, to] = await Promise.all([input.stat({ bigint: true }), statIfThere(outPath)]);
  if (!to || !from.isFile() || from.dev !== to.dev || from.ino !== to.ino) return;
  throw new Error(`--in ${inPath} and --out ${outPath} are the same file`);
}

async function statIfThere(path: string) {
  try {
    return await stat(path, { bigint: true });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
