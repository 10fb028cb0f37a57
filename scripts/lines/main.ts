// `npm run lines -- [COMMIT]`: lines of production code today and at a commit, by part.
import { execFileSync } from 'node:child_process';
import { listSourceFiles, type SourceFile } from '../source-files.ts';
import { projectDirectory } from '../tool.ts';
import { countLines } from './count.ts';

const [commit = 'HEAD'] = process.argv.slice(2);
const before = new Map(countLines(filesAt(commit)).map(({ part, lines }) => [part, lines]));
console.log(`${'part'.padEnd(24)}${commit.slice(0, 10).padStart(12)}${'now'.padStart(10)}${'change'.padStart(10)}`);
for (const { part, lines } of countLines(listSourceFiles(projectDirectory))) {
  const earlier = before.get(part) ?? 0;
  const change = lines - earlier;
  console.log(
    `${part.padEnd(24)}${String(earlier).padStart(12)}${String(lines).padStart(10)}${`${change > 0 ? '+' : ''}${change}`.padStart(10)}`,
  );
}

function filesAt(revision: string): SourceFile[] {
  const git = (...args: string[]) =>
    execFileSync('git', args, { cwd: projectDirectory, encoding: 'utf8', maxBuffer: 256 << 20 });
  const paths = git('ls-tree', '-r', '--name-only', '-z', revision).split('\0');
  return paths
    .filter((path) => /^(gateway|platform|supervisor|services|scripts)\/.*\.(ts|mjs|sql|css|html)$/.test(path))
    .map((path) => ({ path, text: git('show', `${revision}:${path}`) }));
}
