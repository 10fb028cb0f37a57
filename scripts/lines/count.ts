import { isTestFile, type SourceFile } from '../source-files.ts';

/** Lines of code of one part of the project: blank lines, comments and import statements do not count. */
export type PartLines = { part: string; lines: number };

const code = /\.(ts|mjs|sql|css|html)$/;
const production = /^(gateway|platform|supervisor|services)\//;
// What judges or measures the product is no part of it. Until the supervisor had its own folder it stood in scripts/start.
const former = /^scripts\/start\//;
const equipment = /\/(verification|tools|golden|reference|mutants|kill-loop|differential|replay|book)\/|\.biome\.json$/;
const comment = /\/\*[\s\S]*?\*\/|^\s*\/\/.*$|^\s*--.*$|<!--[\s\S]*?-->/gm;
const imports = /^(?:import|export)\b[^;]*?\bfrom '[^']+';$|^import '[^']+';$/gm;

/** The lines of each part, by name; the last row is the sum. */
export function countLines(files: readonly SourceFile[]): PartLines[] {
  const counted = files.filter(({ path }) => isProduction(path));
  const parts = Map.groupBy(counted, ({ path }) => partOf(path));
  const rows = [...parts].map(([part, ofPart]) => ({ part, lines: sum(ofPart.map(({ text }) => codeLines(text))) }));
  const sorted = rows.toSorted((one, other) => (one.part < other.part ? -1 : 1));
  return [...sorted, { part: 'all', lines: sum(rows.map(({ lines }) => lines)) }];
}

function isProduction(path: string): boolean {
  const isPart = production.test(path) || former.test(path);
  return isPart && code.test(path) && !isTestFile(path) && !equipment.test(path);
}

function partOf(path: string): string {
  if (former.test(path)) return 'supervisor';
  const parts = path.split('/');
  return parts[0] === 'services' ? parts.slice(0, 2).join('/') : (parts[0] ?? '');
}

function codeLines(text: string): number {
  return text
    .replaceAll(comment, '')
    .replaceAll(imports, '')
    .split('\n')
    .filter((line) => line.trim() !== '').length;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
