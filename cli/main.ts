// `outcry`: the command line of people and scripts. See README.md.
import { runCommandLine } from './run.ts';
import { readSecret } from './terminal.ts';

// The reader of the output may have had enough of it, as `head` has.
const readerGone = new AbortController();
process.stdout.on('error', () => readerGone.abort());

process.exitCode = await runCommandLine({
  args: process.argv.slice(2),
  env: process.env,
  writeOut(text) {
    if (!readerGone.signal.aborted) process.stdout.write(text);
  },
  writeError: (text) => process.stderr.write(text),
  readSecret: (question) => readSecret(process.stdin, (text) => process.stderr.write(text), question),
  signal: readerGone.signal,
});
