import { posix } from 'node:path';
import type { SourceFile } from '../source-files.ts';

/** An import of a source file. */
export type Import = {
  /** As it is written. */
  specifier: string;
  /** The project's file that it names, or undefined for a package. */
  target: string | undefined;
};

const importStatement =
  /(?:^|\n)\s*(?:import|export)\b[^'"`;=]*?\bfrom\s*['"]([^'"\n]+)['"]|(?:^|\n)\s*import\s*['"]([^'"\n]+)['"]|\bimport\(\s*['"]([^'"\n]+)['"]/g;
const subpath = /^#(gen|platform)\//;

/** The imports of a file, types included; relative ones and the subpaths `#gen` and `#platform` are resolved. */
export function findImports({ path, text }: SourceFile): Import[] {
  return [...text.matchAll(importStatement)].map((match) => {
    const specifier = match[1] ?? match[2] ?? match[3] ?? '';
    return { specifier, target: resolveTarget(path, specifier) };
  });
}

function resolveTarget(path: string, specifier: string): string | undefined {
  if (subpath.test(specifier)) return specifier.slice(1);
  if (specifier.startsWith('.')) return posix.join(posix.dirname(path), specifier);
  return undefined;
}
