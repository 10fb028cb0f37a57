import { posix } from 'node:path';
import type { SourceFile } from './source-files.ts';

const document = /\.md$/;
const knownExtension = /\.(ts|tsx|mjs|js|json|proto|sql|md|ya?ml|sh|html|css|csv|txt)$/;
const pathText = /^(?:\.{1,2}\/)*[\w.@*{},<>-]+(?:\/[\w.@*{},<>-]+)*\/?$/;
const fence = /^```[\s\S]*?^```/gm;

/** A path that a document names. */
export type NamedPath = { text: string; line: number };

/**
 * Finds paths that documents name and that do not exist, relative to the document or to the project. A path is the target of a link, or
 * code that has a slash and begins with a folder of the project or ends like a source file. `*` and `<name>` stand for any name.
 */
export function findDeadPaths(files: readonly SourceFile[], allPaths: readonly string[]): string[] {
  const index = indexPaths(allPaths);
  return files
    .filter(({ path }) => document.test(path))
    .flatMap((file) =>
      findNamedPaths(file, index.topLevel)
        .filter(({ text }) => !exists(file.path, text, index))
        .map(({ text, line }) => `${file.path}:${line} names ${text}, which does not exist`),
    );
}

/** The paths that a document names, in their order. */
export function findNamedPaths({ text }: SourceFile, topLevel: ReadonlySet<string>): NamedPath[] {
  const prose = text.replaceAll(fence, (block) => block.replaceAll(/[^\n]/g, ' '));
  return prose.split('\n').flatMap((line, index) => {
    const links = [...line.matchAll(/\]\(([^)\s#]+)(?:#[^)]*)?\)/g)].map(([, target = '']) => target);
    const spans = [...line.matchAll(/`([^`]+)`/g)]
      .map(([, span = '']) => span)
      .filter((span) => isPath(span, topLevel));
    return [...links.filter((target) => !/^\w+:/.test(target)), ...spans].map((path) => ({
      text: path,
      line: index + 1,
    }));
  });
}

function isPath(span: string, topLevel: ReadonlySet<string>): boolean {
  if (!pathText.test(span) || !span.includes('/')) return false;
  return span.startsWith('.') || topLevel.has(span.split('/')[0] ?? '') || knownExtension.test(span);
}

type PathIndex = { paths: Set<string>; topLevel: Set<string>; list: string[] };

function indexPaths(allPaths: readonly string[]): PathIndex {
  const paths = new Set<string>();
  for (const path of allPaths) {
    const parts = path.split('/');
    for (let length = 1; length <= parts.length; length += 1) paths.add(parts.slice(0, length).join('/'));
  }
  const topLevel = new Set(allPaths.filter((path) => path.includes('/')).map((path) => path.split('/')[0] ?? ''));
  return { paths, topLevel, list: [...paths] };
}

function exists(from: string, named: string, { paths, list }: PathIndex): boolean {
  const candidates = expandBraces(named.replace(/\/$/, '')).flatMap((name) => [
    posix.join(posix.dirname(from), name),
    posix.normalize(name),
  ]);
  return candidates.some((candidate) => {
    if (candidate === '.' || paths.has(candidate)) return true;
    if (!/[*<]/.test(candidate)) return false;
    const pattern = new RegExp(
      `^${candidate
        .split(/\*+|<[^>]*>/)
        .map(escapeText)
        .join('[^/]*')}$`,
    );
    return list.some((path) => pattern.test(path));
  });
}

function escapeText(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** `a/{b,c}` names a/b and a/c; one of them must exist. */
function expandBraces(name: string): string[] {
  const match = /^(.*?)\{([^}]*)\}(.*)$/.exec(name);
  if (match === null) return [name];
  const [, before = '', options = '', after = ''] = match;
  return options.split(',').flatMap((option) => expandBraces(`${before}${option}${after}`));
}
