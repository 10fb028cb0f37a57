import type { SourceFile } from '../source-files.ts';

const code = /\.(ts|tsx|mjs)$/;
const contract = /^proto\/outcry\/.*\.proto$/;
const comment = /\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm;
const stringText = /'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`/g;
const identifier = /[A-Za-z_$][\w$]*/g;

/** Words that name nothing in trading, gRPC or databases, with what to write instead. */
const identifierWords: ReadonlyMap<string, string> = new Map([
  ['tell', 'notify, emit, report'],
  ['tells', 'notifies, emits'],
  ['told', 'notified, emitted, reported'],
  ['nobody', 'none'],
  ['whoever', 'caller, client'],
  ['keep', 'ensure, save, refresh'],
  ['kept', 'stored, saved'],
  ['passing', 'pending'],
  ['surprise', 'unexpected event'],
  ['surprises', 'unexpected events'],
  ['whereabouts', 'location'],
  ['wish', 'request'],
  ['hurry', 'trigger'],
  ['salvage', 'release'],
  ['desk', 'service, batcher'],
]);
const standardNames = /^keep_?(?:session_?)?alive|keepalive|^keepFeatures$/i;

const commentWords: readonly [RegExp, string][] = [
  [/\b(?:tells?|told|telling)\b/i, 'say what it returns, emits or reports'],
  [/\bnobody\b/i, 'say which caller or process does not'],
  [/\bwhoever\b/i, 'name the caller, the client or the owner'],
  [/\bwish(?:es|ed)?\b/i, 'say request'],
  [/\bhurr(?:y|ies)\b/i, 'say what is triggered'],
  [/\bfor ever\b/i, 'say without limit, or until when'],
  [/\bwhat (?:became|becomes) of\b/i, 'say outcome or state'],
  [/\bpassing (?:state|order)s?\b/i, 'say pending'],
];

/** Finds words of a private dialect in identifiers, and in the comments of code and contracts. One line for each, with its place. */
export function findPrivateWords(files: readonly SourceFile[]): string[] {
  const contractNames = new Set(files.filter(({ path }) => contract.test(path)).flatMap(({ text }) => namesOf(text)));
  return files.flatMap((file) => {
    if (contract.test(file.path)) return commentProblems(file, /\/\/.*$/gm);
    if (!code.test(file.path) || file.path.startsWith('scripts/check/')) return [];
    return [...commentProblems(file, comment), ...identifierProblems(file, contractNames)];
  });
}

function commentProblems({ path, text }: SourceFile, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].flatMap((match) =>
    match[0].split('\n').flatMap((line, index) =>
      commentWords.flatMap(([word, advice]) => {
        const found = word.exec(line)?.[0];
        return found === undefined
          ? []
          : [`${path}:${lineAt(text, match.index) + index} comment has '${found}': ${advice}`];
      }),
    ),
  );
}

/** The fields of a contract, as code names them: a released name cannot change. */
function namesOf(proto: string): string[] {
  const fields = [...proto.matchAll(/^\s*(?:repeated |optional )?[\w.<>, ]+ (\w+) = \d+/gm)];
  return fields.map(([, name = '']) => name.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase()));
}

function identifierProblems({ path, text }: SourceFile, contractNames: ReadonlySet<string>): string[] {
  const blank = (found: string) => found.replaceAll(/[^\n]/g, ' ');
  const bare = text.replaceAll(comment, blank).replaceAll(stringText, blank);
  const seen = new Set<string>();
  return [...bare.matchAll(identifier)].flatMap(({ 0: name, index }) => {
    if (seen.has(name) || standardNames.test(name) || contractNames.has(name)) return [];
    seen.add(name);
    const words = name.split(/_|(?<=[a-z0-9])(?=[A-Z])/).map((word) => word.toLowerCase());
    const found = words.find((word) => identifierWords.has(word));
    return found === undefined
      ? []
      : [`${path}:${lineAt(text, index)} ${name} has '${found}': ${identifierWords.get(found)}`];
  });
}

function lineAt(text: string, index: number): number {
  return text.slice(0, index).split('\n').length;
}
