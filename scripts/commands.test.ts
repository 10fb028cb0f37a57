import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { listSourceFiles } from './source-files.ts';
import { projectDirectory } from './tool.ts';

const packageJson = JSON.parse(readFileSync(join(projectDirectory, 'package.json'), 'utf8'));
const scripts = Object.keys(packageJson.scripts);
const documents = listSourceFiles(projectDirectory).filter(({ path }) => path.endsWith('.md'));

/** Names of the npm scripts that a text calls: `npm start`, `npm test` and `npm run NAME`. */
function calledScripts(text: string): string[] {
  return [...text.matchAll(/\bnpm (?:(start|test)\b|run (?:-\S+ )*([a-z][\w:-]*))/g)].map(
    ([, short, name]) => short ?? name ?? '',
  );
}

describe('the scripts of package.json', () => {
  it('each have their row in the README of scripts, which has no other', () => {
    const readme = documents.find(({ path }) => path === 'scripts/README.md')?.text ?? '';
    const rows = [...readme.matchAll(/^\| `(npm [^`]+)`/gm)].flatMap(([, command = '']) => calledScripts(command));
    // A script with subcommands has a row for each.
    expect([...new Set(rows)].toSorted()).toEqual(scripts.toSorted());
  });

  it('are all that documents call', () => {
    const calls = documents.flatMap(({ path, text }) => calledScripts(text).map((name) => `${name} in ${path}`));
    expect(calls.length).toBeGreaterThan(scripts.length);
    expect(calls.filter((call) => !scripts.includes(call.split(' ')[0] ?? ''))).toEqual([]);
  });
});
