/** Commands that documents show, run as they stand there. */
import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
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

/** Runs a script in the project's folder; the session that the command line client stores there is no person's. */
export function runBash(script: string): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    const env = { ...process.env, XDG_STATE_HOME: mkdtempSync(join(tmpdir(), 'outcry-blocks-')) };
    const child = spawn('bash', ['-c', `set -euo pipefail\n${script}`], { cwd: projectUrl, env });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)));
    child.once('close', (code) => resolve({ code: code ?? 1, output }));
  });
}
