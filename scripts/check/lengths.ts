import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectDirectory, runTool } from '../tool.ts';
import { isTestFile, type SourceFile } from './source-files.ts';

/** Files and functions that may be longer than the bound, each with its exact length; it only shrinks. */
export type LengthExceptions = {
  /** Lines by path. */
  files: Record<string, number>;
  /** Lines of code of the longest function, by path. */
  functions: Record<string, number>;
};

const FILE_LINES_MAX = 250;
const FUNCTION_LINES_MAX = 80;
const CODE = /\.(ts|tsx|mjs|css|sql|sh)$/;
const EXCEPTIONS_PATH = 'scripts/check/length-exceptions.json';

/** Finds files and functions over their bound, and exceptions that are not exact. One line for each. */
export async function findLengthProblems(files: readonly SourceFile[]): Promise<string[]> {
  const exceptions = parseExceptions(readFileSync(join(projectDirectory, EXCEPTIONS_PATH), 'utf8'));
  const code = files.filter(({ path }) => CODE.test(path));
  return [
    ...compareLengths('lines', fileLengths(code), exceptions.files, FILE_LINES_MAX),
    ...compareLengths('lines in one function', await functionLengths(code), exceptions.functions, FUNCTION_LINES_MAX),
    ...findGrowth(exceptions, committedExceptions()),
  ];
}

/** Lengths over the bound that are no exception, and exceptions that are longer than what they except. */
export function compareLengths(
  unit: string,
  lengths: ReadonlyMap<string, number>,
  exceptions: Readonly<Record<string, number>>,
  max: number,
): string[] {
  const tooLong = [...lengths].flatMap(([path, length]) => {
    const allowed = exceptions[path] ?? max;
    return length > allowed ? [`${path} has ${length} ${unit}, ${allowed} are allowed`] : [];
  });
  const slack = Object.entries(exceptions).flatMap(([path, allowed]) => {
    const length = lengths.get(path) ?? 0;
    if (length > max && length >= allowed) return [];
    const advice = length > max ? `write ${length}` : 'remove its line';
    return [`${path} needs no exception for ${allowed} ${unit} any more: ${advice} in ${EXCEPTIONS_PATH}`];
  });
  return [...tooLong, ...slack];
}

/** Exceptions that are new or longer than the committed ones. */
export function findGrowth(current: LengthExceptions, committed: LengthExceptions | undefined): string[] {
  if (committed === undefined) return [];
  return (['files', 'functions'] as const).flatMap((kind) =>
    Object.entries(current[kind]).flatMap(([path, length]) =>
      length > (committed[kind][path] ?? 0) ? [`${EXCEPTIONS_PATH} may only shrink: ${path} (${length})`] : [],
    ),
  );
}

function fileLengths(files: readonly SourceFile[]): Map<string, number> {
  return new Map(files.map(({ path, text }) => [path, text.split('\n').length - (text.endsWith('\n') ? 1 : 0)]));
}

// Biome counts the lines of code of each function; what it reports over the bound is all that is needed. The body of a
// `describe` is a function too, so tests are not asked.
async function functionLengths(files: readonly SourceFile[]): Promise<Map<string, number>> {
  const paths = files.map(({ path }) => path).filter((path) => /\.(ts|tsx|mjs)$/.test(path) && !isTestFile(path));
  const config = [
    '--config-path=scripts/check/function-lengths.biome.json',
    '--reporter=json',
    '--max-diagnostics=none',
  ];
  const { output } = await runTool('biome', ['lint', ...config, ...paths]);
  const json = output.split('\n').find((line) => line.startsWith('{"summary"'));
  if (json === undefined) throw new Error(`biome did not report lengths: ${output.slice(0, 500)}`);
  const { diagnostics } = JSON.parse(json) as { diagnostics: { message: string; location: { path: string } }[] };
  const lengths = new Map<string, number>();
  for (const { message, location } of diagnostics) {
    const length = Number(/too many lines \((\d+)\)/.exec(message)?.[1] ?? 0);
    lengths.set(location.path, Math.max(length, lengths.get(location.path) ?? 0));
  }
  return lengths;
}

function committedExceptions(): LengthExceptions | undefined {
  const { status, stdout } = spawnSync('git', ['show', `HEAD:${EXCEPTIONS_PATH}`], {
    cwd: projectDirectory,
    encoding: 'utf8',
  });
  return status === 0 ? parseExceptions(stdout) : undefined;
}

function parseExceptions(text: string): LengthExceptions {
  return JSON.parse(text);
}
