import { findDeadPaths } from './doc-paths.ts';
import type { SourceFile } from './source-files.ts';

const serviceReadme = /^(services\/[^/]+|gateway)\/README\.md$/;
const headings = ['Owns', 'Calls', 'Emits', 'Promises', 'Bounds', 'Configuration'];
const testEvidence = /`([^`]+\.test\.ts|[^`]*\/(?:verification|testing)\/[^`]*|npm (?:run|test)[^`]*)`/;

/** Finds services without a README, READMEs whose headings differ, and promises that no existing test shows. */
export function findReadmeProblems(files: readonly SourceFile[], allPaths: readonly string[]): string[] {
  const readmes = files.filter(({ path }) => serviceReadme.test(path));
  const documented = new Set(readmes.map(({ path }) => path.replace('/README.md', '')));
  const services = new Set(files.flatMap(({ path }) => /^services\/[^/]+(?=\/main\.ts$)/.exec(path)?.[0] ?? []));
  return [
    ...[...services].filter((folder) => !documented.has(folder)).map((folder) => `${folder} has no README.md`),
    ...readmes.flatMap((readme) => [...headingProblems(readme), ...promiseProblems(readme, allPaths)]),
  ];
}

function headingProblems({ path, text }: SourceFile): string[] {
  const found = [...text.matchAll(/^## (.+)$/gm)].map(([, title = '']) => title);
  const first = found.slice(0, headings.length);
  if (first.join() === headings.join()) return [];
  return [`${path} has the headings ${first.join(', ')}; the first ones of every service are ${headings.join(', ')}`];
}

function promiseProblems({ path, text }: SourceFile, allPaths: readonly string[]): string[] {
  const section = /^## Promises\n([\s\S]*?)(?=^## |(?![\s\S]))/m.exec(text)?.[1] ?? '';
  const [table = ''] = /(?:^\|.*\n?)+/m.exec(section) ?? [];
  const rows = table.trim().split('\n').slice(2);
  if (rows.length === 0) return [`${path} promises nothing`];
  return rows.flatMap((row) => {
    const [, promise = '', evidence = ''] = row.split(/(?<!\\)\|/).map((cell) => cell.trim());
    if (!testEvidence.test(evidence)) return [`${path} names no test for: ${promise}`];
    return findDeadPaths([{ path, text: withFolders(evidence, path) }], allPaths).map(
      (problem) => `${problem} (promise: ${promise})`,
    );
  });
}

/** A test beside the README may be named without a folder; with one it is looked up like any other path. */
function withFolders(evidence: string, readme: string): string {
  const folder = readme.replace('/README.md', '');
  return evidence.replaceAll(/`([^`/]+\.test\.ts)`/g, `\`${folder}/$1\``);
}
