import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One text file of the project. */
export type SourceFile = {
  /** Relative to the project's folder, with forward slashes. */
  path: string;
  text: string;
};

const textFile = /\.(ts|tsx|mjs|js|json|proto|sql|md|ya?ml|sh|html|css|toml)$|(^|\/)(Dockerfile|run|[A-Z]+)$/;
const generatedFile = /^gen\/|^package-lock\.json$/;

/** All text files that are or would be committed; generated ones are left out. */
export function listSourceFiles(directory: string): SourceFile[] {
  const listing = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: directory,
    encoding: 'utf8',
    maxBuffer: 64 << 20,
  });
  return [...new Set(listing.split('\0'))]
    .filter((path) => textFile.test(path) && !generatedFile.test(path) && existsSync(join(directory, path)))
    .toSorted()
    .map((path) => ({ path, text: readFileSync(join(directory, path), 'utf8') }));
}

/** Whether the file holds tests, or serves nothing but tests. */
export function isTestFile(path: string): boolean {
  return /\.test\.tsx?$|^test\/|\/testing\//.test(path);
}
