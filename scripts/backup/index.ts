/** What tests and `npm run restore` use of backups. */
export { backUp } from './backup.ts';
export { restore } from './restore.ts';
