import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A package of which code is in the image. */
export type Licensed = {
  name: string;
  version: string;
  /** As its package.json states it (SPDX); empty when it does not. */
  licence: string;
  /** The text of its licence file; empty without one. */
  text: string;
};

/** What may be in the image: licences that ask for no more than their text. */
const accepted: ReadonlySet<string> = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'ISC',
  'MIT',
  'MIT-0',
]);

const licenceFile = /^(licen[cs]e|copying)(\.(md|txt))?$/i;
const packagePath = /(?:^|\/)node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/g;

/** The folders of the packages to which files belong, relative to the project as the files are; sorted. */
export function packageFolders(files: Iterable<string>): string[] {
  const folders = new Set<string>();
  for (const file of files) {
    const last = [...file.matchAll(packagePath)].at(-1);
    if (last !== undefined) folders.add(file.slice(0, last.index + last[0].length));
  }
  return [...folders].toSorted();
}

/** Reads what a package says of its licence. */
export async function readLicence(folder: string): Promise<Licensed> {
  const { name, version, license = '' } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  const file = (await readdir(folder)).find((entry) => licenceFile.test(entry));
  const text = file === undefined ? '' : (await readFile(join(folder, file), 'utf8')).trim();
  return { name, version, licence: String(license), text };
}

/** Finds packages whose licence is not among the accepted ones. One line for each. */
export function findRefusedLicences(packages: readonly Licensed[]): string[] {
  return packages
    .filter(({ licence }) => !isAccepted(licence))
    .map(({ name, version, licence }) => `${name} ${version} has the licence ${licence || '(none)'}`);
}

// `A AND B` asks for both, `A OR B` lets choose.
function isAccepted(licence: string): boolean {
  const expression = licence.replaceAll(/[()]/g, '');
  return expression.split(' OR ').some((choice) => choice.split(' AND ').every((one) => accepted.has(one)));
}

/** All licences as one text: a line for each package, then the texts. */
export function renderLicences(packages: readonly Licensed[]): string {
  const lines = packages.map(({ name, version, licence }) => `${name} ${version}: ${licence}`);
  const texts = packages.map(({ name, version, text }) => `${name} ${version}\n\n${text || '(no text)'}`);
  return `${lines.join('\n')}\n\n${texts.join(`\n\n${'-'.repeat(80)}\n\n`)}\n`;
}
