// `npm run restore`: makes a data folder from a backup and the archived log. Exit code 0 when done, 1 when that failed, 2 for a wrong command
// line. See docs/backups.md.
//
//   --from DIR       folder of the backup
//   --data DIR       data folder to make; it must not be there, or be empty
//   --wal DIR        folder of the archived log (default: the one that the backup names)
//   --to-time TIME   the moment to restore to, RFC 3339 (default: the end of the archived log)
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { restore } from '../backup/index.ts';

function readArguments() {
  const { values } = parseArgs({
    options: {
      from: { type: 'string' },
      data: { type: 'string' },
      wal: { type: 'string' },
      'to-time': { type: 'string' },
    },
  });
  const { from, data, wal, 'to-time': time } = values;
  if (from === undefined || data === undefined) throw new TypeError('--from DIR and --data DIR are needed');
  const toTime = time === undefined ? undefined : new Date(time);
  if (Number.isNaN(toTime?.getTime())) throw new TypeError('--to-time takes a time as 2026-03-06T09:29:00Z');
  return { from: resolve(from), data: resolve(data), wal: wal === undefined ? undefined : resolve(wal), toTime };
}

try {
  const options = readArguments();
  const { seconds, lastCommitTime } = await restore(options);
  console.log(`restored to ${options.data} in ${seconds.toFixed(1)} s`);
  if (lastCommitTime !== undefined) {
    const wanted = options.toTime ?? new Date();
    const lostSeconds = Math.max(0, (wanted.getTime() - lastCommitTime.getTime()) / 1_000);
    console.log(`the last transaction in it is of ${lastCommitTime.toISOString()}, ${lostSeconds.toFixed(1)} s before`);
  }
  console.log(`start it: npm start -- --data ${options.data}`);
} catch (error) {
  console.error(`restore: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = error instanceof TypeError ? 2 : 1;
}
