// `npm run backup`: a base backup of the system that runs on a data folder, while it goes on. Exit code 0 when it is whole, 1 when not, 2 for a
// wrong command line. See docs/backups.md.
//
//   --to DIR     folder for backups; each has a folder of its own in it
//   --data DIR   data folder of the running system (default .outcry)
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { projectDirectory } from '../tool.ts';
import { backUp } from './backup.ts';

try {
  const { values } = parseArgs({ options: { to: { type: 'string' }, data: { type: 'string' } } });
  if (values.to === undefined) throw new TypeError('--to DIR is missing');
  const data = resolve(projectDirectory, values.data ?? '.outcry');
  const { folder, seconds, walArchive } = await backUp({ data, to: resolve(values.to), now: new Date() });
  console.log(`backed up to ${folder} in ${seconds.toFixed(1)} s`);
  if (walArchive === '')
    console.log('The log is not archived: start with --wal-archive DIR to restore to any later moment too.');
} catch (error) {
  console.error(`backup: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = error instanceof TypeError ? 2 : 1;
}
