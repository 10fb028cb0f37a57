import { cp, readFile, realpath, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A change of one file: a text that is there exactly once, and what takes its place. */
export type Edit = { path: string; find: string; replace: string };

/** What a system runs from. */
const parts = [
  'bench',
  'gateway',
  'gen',
  'platform',
  'proto',
  'scripts',
  'services',
  'supervisor',
  'test',
  'package.json',
];

/**
 * Copies the sources of a checkout into an empty folder, with its installed dependencies linked, and applies the edits.
 *
 * @throws Error when an edit does not apply: the code has changed, and the edit must follow it
 */
export async function copyTree(from: string, to: string, edits: readonly Edit[]): Promise<void> {
  for (const part of parts) await cp(join(from, part), join(to, part), { recursive: true });
  await symlink(await realpath(join(from, 'node_modules')), join(to, 'node_modules'));
  for (const edit of edits) await applyEdit(to, edit);
}

async function applyEdit(folder: string, { path, find, replace }: Edit): Promise<void> {
  const file = join(folder, path);
  await writeFile(file, editText(await readFile(file, 'utf8'), { path, find, replace }));
}

/** The text after an edit. Throws when what it looks for is not there exactly once. */
export function editText(text: string, { path, find, replace }: Edit): string {
  const [before, after, ...more] = text.split(find);
  if (before === undefined || after === undefined || more.length > 0)
    throw new Error(`a deliberate fault does not apply any more: ${path} has not exactly once\n${find}`);
  return `${before}${replace}${after}`;
}
