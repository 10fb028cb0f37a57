/** Commands that documents show, run as they stand there. */
import { spawn } from 'node:child_process';
import { mkdtempDisposable, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const projectUrl = new URL('../../', import.meta.url);

/** The blocks of a document that are marked `sh NAME`, in their order. */
export async function readBlocks(path: string, name: string): Promise<string[]> {
  const text = await readFile(new URL(path, projectUrl), 'utf8');
  return [...text.matchAll(/^```sh (\w+)\n([\s\S]*?)^```$/gm)]
    .filter(([, of]) => of === name)
    .map(([, , block = '']) => block);
}

/** Runs a script in the project's folder; the session that the command line client stores there is no person's, and is removed. */
export async function runBash(script: string): Promise<{ code: number; output: string }> {
  await using state = await mkdtempDisposable(join(tmpdir(), 'outcry-blocks-'));
  const env = { ...process.env, XDG_STATE_HOME: state.path };
  const child = spawn('bash', ['-c', `set -euo pipefail\n${script}`], { cwd: projectUrl, env });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)));
  const code = await new Promise<number>((resolve) => child.once('close', (ended) => resolve(ended ?? 1)));
  return { code, output };
}
