import type { SourceFile } from '../source-files.ts';

/** What commands of runbooks may name. */
export type Commands = {
  /** The scripts of package.json. */
  scripts: ReadonlySet<string>;
  /** What `npm run mesh --` takes. */
  meshCommands: ReadonlySet<string>;
  /** Workloads as `KIND/NAME`, in small letters. */
  workloads: ReadonlySet<string>;
};

const runbook = /^docs\/runbooks\/.*\.md$/;
const programs: ReadonlySet<string> = new Set(['npm', 'npx', 'kubectl', 'istioctl', 'grpcurl']);
const workload = /\b(?:deployment|statefulset|job)\/[\w-]+/g;
const indented = /^\s{4,}(\S.*)$/;

/** Finds commands of runbooks that do not exist, and workloads that they name and no overlay has. One line for each. */
export function findRunbookProblems(files: readonly SourceFile[], commands: Commands): string[] {
  return files.filter(({ path }) => runbook.test(path)).flatMap((file) => fileProblems(file, commands));
}

function fileProblems({ path, text }: SourceFile, commands: Commands): string[] {
  const lines = text.split('\n');
  const found = lines.flatMap((line, index) =>
    commandsIn(line).map((command) => ({ command, place: `${path}:${index + 1}` })),
  );
  return found.flatMap(({ command, place }) =>
    commandProblems(command, commands).map((problem) => `${place}: ${problem}`),
  );
}

/** An indented line is a command; within prose those that begin like one. */
function commandsIn(line: string): string[] {
  const block = indented.exec(line)?.[1];
  if (block !== undefined) return [block];
  const spans = [...line.matchAll(/`([^`]+)`/g)].map(([, span = '']) => span);
  return spans.filter((span) => programs.has(span.split(' ')[0] ?? '') && span.includes(' '));
}

function commandProblems(command: string, { scripts, meshCommands, workloads }: Commands): string[] {
  const [program = '', ...words] = command.split(/\s+/);
  if (!programs.has(program)) return [`${program} is none of ${[...programs].join(', ')}`];
  if (program === 'npm') return npmProblems(words, scripts, meshCommands);
  const named = command.match(workload) ?? [];
  return named.filter((name) => !workloads.has(name.replace(/-canary$/, ''))).map((name) => `there is no ${name}`);
}

function npmProblems(
  words: readonly string[],
  scripts: ReadonlySet<string>,
  meshCommands: ReadonlySet<string>,
): string[] {
  const [verb, script = '', , meshCommand = ''] = words;
  if (verb !== 'run' || !scripts.has(script)) return [`package.json has no script ${script}`];
  if (script === 'mesh' && !meshCommands.has(meshCommand)) return [`npm run mesh has no command ${meshCommand}`];
  return [];
}
