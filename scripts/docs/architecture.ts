/** The part of ARCHITECTURE.md that is generated: the table of all arrows between services. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { services } from '../../supervisor/index.ts';
import { listSourceFiles } from '../check/source-files.ts';
import { projectDirectory } from '../tool.ts';
import { type Edge, edgeTable, findEdges } from './edges.ts';

const path = join(projectDirectory, 'ARCHITECTURE.md');
const block = /(<!-- arrows: .* -->\n\n)[\s\S]*?(\n\n<!-- end of arrows -->)/;
const picture = /## Bird's eye\n\n([\s\S]*?)\n\n(?! )/;

/** Writes the table into the document. Throws when the document has no place for it. */
export async function writeArchitecture(): Promise<void> {
  const text = await readFile(path, 'utf8');
  if (!block.test(text)) throw new Error('ARCHITECTURE.md has no place for the table of arrows');
  await writeFile(path, text.replace(block, `$1${edgeTable(currentEdges())}$2`));
}

/** Finds a table that is not what the code says, and services that the picture does not show. One line for each. */
export async function findStaleArchitecture(): Promise<string[]> {
  return architectureProblems(await readFile(path, 'utf8'), currentEdges());
}

/** As findStaleArchitecture, for a text and arrows. */
export function architectureProblems(text: string, edges: readonly Edge[]): string[] {
  const shown = picture.exec(text)?.[1] ?? '';
  const names = new Set(edges.flatMap(({ from, to }) => [from, to]));
  const missing = [...names].filter((name) => !new RegExp(`\\b${name}\\b`).test(shown));
  const isCurrent = text.includes(`\n${edgeTable(edges)}\n`);
  return [
    ...missing.map((name) => `ARCHITECTURE.md: the picture does not show ${name}`),
    ...(isCurrent
      ? []
      : ['ARCHITECTURE.md: the table of arrows is not what the code says; `npm run docs:generate` renews it']),
  ];
}

function currentEdges(): Edge[] {
  return findEdges(listSourceFiles(projectDirectory), services);
}
