/** docs/parity.md: each row held against the descriptors, and the counts at its top. */
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Registry } from '@bufbuild/protobuf';
import { projectDirectory } from '../../tool.ts';
import { findContractName, loadRegistry, type NamedKind, parseContractName } from './contract-names.ts';
import { countTable, type ParityRow, parityStates, parseParity } from './rows.ts';

const document = 'docs/parity.md';
const path = join(projectDirectory, document);
const block = /(<!-- counts: .* -->\n\n)[\s\S]*?(\n\n<!-- end of counts -->)/;

/** Writes the counts into the document. Throws when it has no place for them. */
export async function writeParityCounts(): Promise<void> {
  const text = await readFile(path, 'utf8');
  if (!block.test(text)) throw new Error(`${document} has no place for the counts`);
  await writeFile(path, text.replace(block, `$1${countTable(parseParity(text))}$2`));
}

/** Finds rows of the document that the contracts do not bear out, and counts that are old. One line for each. */
export async function findParityProblems(): Promise<string[]> {
  const isThere = (file: string) => existsSync(join(projectDirectory, file));
  return parityProblems(await readFile(path, 'utf8'), await loadRegistry(), isThere);
}

/** As findParityProblems, for a text, descriptors and files. */
export function parityProblems(text: string, registry: Registry, isThere: (file: string) => boolean): string[] {
  const rows = parseParity(text);
  const wrong = rows.flatMap((row) => rowProblems(row, registry, isThere).map((problem) => at(row, problem)));
  const isCounted = block.exec(text)?.[0].includes(`\n${countTable(rows)}\n`) ?? false;
  const old = `${document}: the counts are not those of its rows; \`npm run docs:generate\` renews them`;
  return [
    ...(rows.length === 0 ? [`${document} has no rows`] : []),
    ...wrong,
    ...doubled(rows),
    ...(isCounted ? [] : [old]),
  ];
}

function rowProblems(row: ParityRow, registry: Registry, isThere: (file: string) => boolean): string[] {
  const { items, state, shown, lacking } = row;
  if (row.cells !== 4) return [`has ${row.cells} cells, not 4`];
  if (items.length === 0) return ['is about nothing'];
  if (!parityStates.some((known) => known === state)) return [`has the state '${state}', which is none`];
  const kinds = codeSpans(shown).map((span) => [span, kindOf(span, registry, isThere)] as const);
  const unknown = kinds.flatMap(([span, kind]) =>
    typeof kind === 'object' ? [`names ${kind.unknown} in \`${span}\``] : [],
  );
  const come = codeSpans(lacking).filter((span) => exists(span, registry));
  return [
    ...unknown.map((problem) => `${problem}, which does not exist`),
    ...come.map((span) => `calls \`${span}\` lacking, which exists`),
    ...evidenceProblems(
      state,
      kinds.map(([, kind]) => kind),
    ),
    ...(state !== 'have' && lacking === '' ? [`is ${state} without a word why`] : []),
  ];
}

/** What has to be shown: a call of people for what we have, one of services for what only the exchange has, else nothing. */
function evidenceProblems(state: string, kinds: readonly (NamedKind | 'file')[]): string[] {
  if (state === 'missing' || state === 'n/a') return kinds.length === 0 ? [] : [`is ${state} and names where it is`];
  if (state === 'missing (E)') {
    const others = kinds.filter((kind) => kind === 'people' || kind === 'file');
    if (others.length > 0) return ['is missing and names what people may call'];
    return kinds.includes('services') ? [] : ['does not name what the exchange has'];
  }
  if (kinds.includes('services')) return ['names a call that people may not make'];
  return kinds.includes('people') || kinds.includes('file') ? [] : [`is ${state} and names no call and no file`];
}

function kindOf(span: string, registry: Registry, isThere: (file: string) => boolean): NamedKind | 'file' {
  const name = parseContractName(span);
  if (name !== undefined) return findContractName(name, registry);
  return span.includes('/') && isThere(span) ? 'file' : { unknown: 'nothing of the contracts and no file' };
}

function exists(span: string, registry: Registry): boolean {
  const name = parseContractName(span);
  return name !== undefined && typeof findContractName(name, registry) !== 'object';
}

function doubled(rows: readonly ParityRow[]): string[] {
  const seen = new Set<string>();
  return rows.flatMap((row) =>
    row.items.flatMap((item) => {
      const key = `${row.section} ${item}`;
      if (seen.has(key)) return [at(row, `counts '${item}' a second time`)];
      seen.add(key);
      return [];
    }),
  );
}

function at({ line }: ParityRow, problem: string): string {
  return `${document}:${line} ${problem}`;
}

function codeSpans(cell: string): string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, span = '']) => span);
}
