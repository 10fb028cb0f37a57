import type { SourceFile } from './source-files.ts';

type Rule = { pattern: RegExp; why: string };

// Written in two parts where this file would otherwise find itself.
const RULES: readonly Rule[] = [
  { pattern: /\b(?:TO[D]O|FIX[M]E|X[X]X)\b/, why: 'is unfinished work; do it or open an issue' },
  { pattern: /(?<![\w.$}/-])\/(?:work|root|home)\/\w/, why: "is a path of somebody's machine" },
  { pattern: /registry\.npmjs[.]org|pypi[.]org|deb\.debian[.]org|art[i]factory/i, why: 'is the host of a registry' },
  { pattern: /@ts-(?:ignore|nocheck)\b/, why: 'turns the type check off' },
  { pattern: /\bas [a]ny\b/, why: 'turns the type check off' },
  { pattern: /\bimport\.meta\.m[a]in\b/, why: 'is unknown to Node 24.0, on which Apple silicon may run it' },
  { pattern: /biome-ignore(?![^\n]*: \S.{10})/, why: 'needs its reason after the colon' },
];

/** Finds words that must not be in the project's files. One line for each, with its place. */
export function findForbiddenWords(files: readonly SourceFile[]): string[] {
  return files.flatMap(({ path, text }) =>
    text.split('\n').flatMap((line, index) =>
      RULES.flatMap(({ pattern, why }) => {
        const found = pattern.exec(line)?.[0];
        return found === undefined ? [] : [`${path}:${index + 1} '${found}' ${why}`];
      }),
    ),
  );
}
