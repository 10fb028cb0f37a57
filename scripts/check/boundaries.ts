import { isTestFile, type SourceFile } from '../source-files.ts';
import { findImports, type Import } from './imports.ts';

// The layers: services -> platform -> gen. The gateway counts as a service. Everything outside (scripts, supervisor, cli, bench,
// test, examples) may use platform and gen as a whole, and enters a service and each other's folders by an index.ts; nothing below may use
// what is outside.
const serviceFolder = /^(services\/[^/]+|gateway)\//;
const pureFolder = /^(?:services\/[^/]+|gateway)\/(domain|engine)\//;
// They run beside their service: they use it, never the other way round, and tools use what is outside.
const besideFolder = /^services\/[^/]+\/(tools|verification)\//;
const toolFolder = /^services\/[^/]+\/tools\//;
const outsideFolder = /^(bench|cli|load|test|scripts|supervisor|examples)\//;
const enteredFolder = /^(bench|cli|load|test|scripts|supervisor|examples|services|gateway)\//;
const entrances = [
  /^((services\/[^/]+|gateway|supervisor|cli)(\/testing)?|(scripts|bench|test)\/[^/]+)\/index\.ts$/,
  // What a service needs decides what the supervisor, the mesh and Kubernetes give it.
  /^(services\/[^/]+|gateway)\/needs\.ts$/,
  // Runs the project's own tools.
  /^scripts\/tool\.ts$/,
];
const codeFile = /\.(ts|tsx|mjs)$/;

// Runs in the browser, where these rules have no meaning.
const browserCode = /^gateway\/web\//;

// Beside the composition roots: what runs them all, and what passes its own environment on to a child process.
const environmentReaders =
  /(^|\/)(main|config)\.ts$|^platform\/(lifecycle\/run-service\.ts$|embedded-postgres\/|local-[a-z]+\/)/;

const pureTestTools = /^(vitest|fast-check|node:.*)$/;

/** Libraries that read no clock, file or network unless their caller gives them one. */
const purePlatform = /^platform\/(money\/|time\/zone-clock\.ts$)/;
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
  if (pureFolder.test(path)) return brokenPureRule(path, specifier, target);
  if (target === undefined) return undefined;
  if (path.startsWith('gen/') && !target.startsWith('gen/')) return 'gen imports nothing of ours';
  if (path.startsWith('platform/') && !/^(platform|gen)\//.test(target)) return 'platform imports only gen';
  const service = serviceFolder.exec(path)?.[1];
  if (service === undefined) return brokenOutsideRule(path, target);
  const other = serviceFolder.exec(target)?.[1];
  if (other !== undefined && other !== service) return 'a service is entered through its contract only';
  if (other !== undefined) return brokenSideRule(path, target);
  if (toolFolder.test(path) && /^(scripts|supervisor)\//.test(target)) return brokenEntranceRule(target);
  return /^(platform|gen)\//.test(target) ? undefined : 'a service imports itself, platform and gen';
}

function brokenOutsideRule(path: string, target: string): string | undefined {
  const from = outsideFolder.exec(path)?.[1];
  const to = enteredFolder.exec(target)?.[1];
  if (from === undefined || to === undefined || to === from) return undefined;
  if (from === 'supervisor' && !target.endsWith('/needs.ts')) {
    return 'the supervisor imports itself, platform, gen and the needs.ts of services';
  }
  return brokenEntranceRule(target);
}

function brokenEntranceRule(target: string): string | undefined {
  if (entrances.some((entrance) => entrance.test(target))) return undefined;
  return 'another folder is entered through an index.ts';
}

function brokenSideRule(path: string, target: string): string | undefined {
  if (!besideFolder.test(target) || besideFolder.test(path) || isTestFile(path)) return undefined;
  return 'only tools, verification and tests import tools and verification';
}

function brokenPureRule(path: string, specifier: string, target: string | undefined): string | undefined {
  const [own = '', folder = ''] = pureFolder.exec(path) ?? [];
  if (target?.startsWith(own) || purePlatform.test(target ?? '')) return undefined;
  if (target === undefined && pureLibraries.has(specifier)) return undefined;
  if (isTestFile(path) && target === undefined && pureTestTools.test(specifier)) return undefined;
  return `${folder} imports only #platform/money, the clocks of time zones, itself and libraries without I/O`;
}

function environmentProblems({ path, text }: SourceFile): string[] {
  if (!serviceFolder.test(path) && !path.startsWith('platform/')) return [];
  if (isTestFile(path) || environmentReaders.test(path) || !/\bprocess\.env\b/.test(withoutComments(text))) return [];
  return [`${path} reads process.env: only main.ts and config.ts do`];
}

function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm, '');
}
