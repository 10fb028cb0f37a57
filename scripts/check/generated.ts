import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { projectDirectory, runTool } from '../tool.ts';

/** Generates into a temporary folder and compares it with gen/. One line for each file that differs. */
export async function findStaleGeneratedFiles(): Promise<string[]> {
  const directory = await mkdtemp(join(tmpdir(), 'outcry-generated-'));
  try {
    const { code, output } = await runTool('buf', ['generate', '-o', directory]);
    if (code !== 0) return [output];
    return await compareTrees(join(directory, 'gen'), join(projectDirectory, 'gen'));
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** Compares two folders, file by file. */
export async function compareTrees(fresh: string, committed: string): Promise<string[]> {
  const [freshFiles, committedFiles] = await Promise.all([readTree(fresh), readTree(committed)]);
  const advice = '`npm run proto:generate` renews it';
  const paths = [...new Set([...freshFiles.keys(), ...committedFiles.keys()])].toSorted();
  return paths.flatMap((path) => {
    const [wanted, found] = [freshFiles.get(path), committedFiles.get(path)];
    if (wanted === undefined) return [`gen/${path} is made by no contract; ${advice}`];
    if (found === undefined) return [`gen/${path} is missing; ${advice}`];
    return wanted.equals(found) ? [] : [`gen/${path} is not what the contracts make; ${advice}`];
  });
}

async function readTree(directory: string): Promise<Map<string, Buffer>> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const contents = await Promise.all(
    files.map(async (path) => [relative(directory, path), await readFile(path)] as const),
  );
  return new Map(contents);
}
