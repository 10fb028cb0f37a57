import { isTestFile, type SourceFile } from '../source-files.ts';
import { findImports, type Import } from './imports.ts';

// The layers: services -> platform -> gen. The gateway counts as a service. Everything outside (scripts, supervisor, bench, test,
// examples) may use platform and gen as a whole, and enters a service and each other's folders by an index.ts; nothing below may use
// what is outside.
const serviceFolder = /^(services\/[^/]+|gateway)\//;
const domainFolder = /^(services\/[^/]+|gateway)\/domain\//;
const outsideFolder = /^(bench|test|scripts|supervisor|examples)\//;
const enteredFolder = /^(bench|test|scripts|supervisor|examples|services|gateway)\//;
const entrances = [
  /^((services\/[^/]+|gateway|supervisor)(\/testing)?|(scripts|bench|test)\/[^/]+)\/index\.ts$/,
  // What a service needs decides what the supervisor, the mesh and Kubernetes give it.
  /^(services\/[^/]+|gateway)\/needs\.ts$/,
  // Runs the project's own tools.
  /^scripts\/tool\.ts$/,
];
// Importers of the inside of the exchange until it has an index.ts: the list may only shrink.
const exchangeFolder = /^services\/exchange\//;
const exchangeImporters = /^(bench\/(matching|recovery)|scripts\/book)\/|^test\/simulated-day\/house-market\.ts$/;
const codeFile = /\.(ts|tsx|mjs)$/;

// Runs in the browser, where these rules have no meaning.
const browserCode = /^gateway\/web\//;

// Beside the composition roots: what runs them all, and what passes its own environment on to a child process.
const environmentReaders = /(^|\/)(main|config)\.ts$|^platform\/(lifecycle\/run-service\.ts$|embedded-postgres\/)/;

const domainTestTools = /^(vitest|fast-check|node:.*)$/;

/** Libraries that read no clock, file or network unless their caller gives them one. */
const pureLibraries: ReadonlySet<string> = new Set(['croner', '@zxcvbn-ts/core', '@zxcvbn-ts/language-common']);

/** Finds imports against the layers, and readers of the environment that are no composition root. One line for each. */
export function findBoundaryProblems(files: readonly SourceFile[]): string[] {
  const code = files.filter(({ path }) => codeFile.test(path) && !browserCode.test(path));
  return code.flatMap((file) => [
    ...findImports(file).flatMap((imported) => {
      const rule = brokenRule(file.path, imported);
      return rule === undefined ? [] : [`${file.path} imports ${imported.specifier}: ${rule}`];
    }),
    ...environmentProblems(file),
  ]);
}

function brokenRule(path: string, { specifier, target }: Import): string | undefined {
  if (domainFolder.test(path)) return brokenDomainRule(path, specifier, target);
  if (target === undefined) return undefined;
  if (path.startsWith('gen/') && !target.startsWith('gen/')) return 'gen imports nothing of ours';
  if (path.startsWith('platform/') && !/^(platform|gen)\//.test(target)) return 'platform imports only gen';
  const service = serviceFolder.exec(path)?.[1];
  if (service === undefined) return brokenOutsideRule(path, target);
  const other = serviceFolder.exec(target)?.[1];
  if (other !== undefined) return other === service ? undefined : 'a service is entered through its contract only';
  return /^(platform|gen)\//.test(target) ? undefined : 'a service imports itself, platform and gen';
}

function brokenOutsideRule(path: string, target: string): string | undefined {
  const from = outsideFolder.exec(path)?.[1];
  const to = enteredFolder.exec(target)?.[1];
  if (from === undefined || to === undefined || to === from) return undefined;
  if (from === 'supervisor' && !target.endsWith('/needs.ts')) {
    return 'the supervisor imports itself, platform, gen and the needs.ts of services';
  }
  if (entrances.some((entrance) => entrance.test(target))) return undefined;
  if (exchangeFolder.test(target) && exchangeImporters.test(path)) return undefined;
  return 'another folder is entered through an index.ts';
}

function brokenDomainRule(path: string, specifier: string, target: string | undefined): string | undefined {
  const own = domainFolder.exec(path)?.[0] ?? '';
  if (target?.startsWith(own) || target?.startsWith('platform/money/')) return undefined;
  if (target === undefined && pureLibraries.has(specifier)) return undefined;
  if (isTestFile(path) && target === undefined && domainTestTools.test(specifier)) return undefined;
  return 'domain imports only #platform/money, itself and libraries without I/O';
}

function environmentProblems({ path, text }: SourceFile): string[] {
  if (!serviceFolder.test(path) && !path.startsWith('platform/')) return [];
  if (isTestFile(path) || environmentReaders.test(path) || !/\bprocess\.env\b/.test(withoutComments(text))) return [];
  return [`${path} reads process.env: only main.ts and config.ts do`];
}

function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm, '');
}
