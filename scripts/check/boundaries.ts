import { findImports, type Import } from './imports.ts';
import { isTestFile, type SourceFile } from './source-files.ts';

// The layers: services -> platform -> gen. The gateway counts as a service. Everything outside (scripts, supervisor, bench, test) may
// use all of them, and none of them may use what is outside. The supervisor itself stands on platform and is entered by its index. A
// service's `tools` and `verification` run beside it: they use the service, never the other way round, and tools use what is outside.
const SERVICE = /^(services\/[^/]+|gateway)\//;
const PURE = /^(?:services\/[^/]+|gateway)\/(domain|engine)\//;
const BESIDE = /^services\/[^/]+\/(tools|verification)\//;
const TOOL = /^services\/[^/]+\/tools\//;
const SUPERVISOR = /^supervisor\//;
const NEEDS = /^(services\/[^/]+|gateway)\/needs\.ts$/;
const SUPERVISOR_ENTRANCE = /^supervisor\/(testing\/)?index\.ts$/;
const CODE = /\.(ts|tsx|mjs)$/;

// Runs in the browser, where these rules have no meaning.
const BROWSER = /^gateway\/web\//;

// Beside the composition roots: what runs them all, and what passes its own environment on to a child process.
const ENVIRONMENT_READERS = /(^|\/)(main|config)\.ts$|^platform\/(lifecycle\/run-service\.ts$|embedded-postgres\/)/;

const PURE_TEST_TOOLS = /^(vitest|fast-check|node:.*)$/;

/** Libraries that read no clock, file or network unless their caller gives them one. */
const PURE_LIBRARIES: ReadonlySet<string> = new Set(['croner', '@zxcvbn-ts/core', '@zxcvbn-ts/language-common']);

/** Finds imports against the layers, and readers of the environment that are no composition root. One line for each. */
export function findBoundaryProblems(files: readonly SourceFile[]): string[] {
  const code = files.filter(({ path }) => CODE.test(path) && !BROWSER.test(path));
  return code.flatMap((file) => [
    ...findImports(file).flatMap((imported) => {
      const rule = brokenRule(file.path, imported);
      return rule === undefined ? [] : [`${file.path} imports ${imported.specifier}: ${rule}`];
    }),
    ...environmentProblems(file),
  ]);
}

function brokenRule(path: string, { specifier, target }: Import): string | undefined {
  if (PURE.test(path)) return brokenPureRule(path, specifier, target);
  if (target === undefined) return undefined;
  if (path.startsWith('gen/') && !target.startsWith('gen/')) return 'gen imports nothing of ours';
  if (path.startsWith('platform/') && !/^(platform|gen)\//.test(target)) return 'platform imports only gen';
  const service = SERVICE.exec(path)?.[1];
  if (service === undefined) return brokenSupervisorRule(path, target);
  const other = SERVICE.exec(target)?.[1];
  if (other !== undefined && other !== service) return 'a service is entered through its contract only';
  if (other !== undefined) return brokenSideRule(path, target);
  if (TOOL.test(path) && /^(scripts|supervisor)\//.test(target)) return brokenSupervisorRule(path, target);
  return /^(platform|gen)\//.test(target) ? undefined : 'a service imports itself, platform and gen';
}

function brokenSupervisorRule(path: string, target: string): string | undefined {
  if (SUPERVISOR.test(path)) {
    const isOpen = /^(supervisor|platform|gen)\//.test(target) || NEEDS.test(target);
    return isOpen ? undefined : 'the supervisor imports itself, platform, gen, and what services declare';
  }
  if (!SUPERVISOR.test(target) || SUPERVISOR_ENTRANCE.test(target)) return undefined;
  return 'the supervisor is entered through its index.ts or testing/index.ts';
}

function brokenSideRule(path: string, target: string): string | undefined {
  if (!BESIDE.test(target) || BESIDE.test(path) || isTestFile(path)) return undefined;
  return 'only tools, verification and tests import tools and verification';
}

function brokenPureRule(path: string, specifier: string, target: string | undefined): string | undefined {
  const [own = '', folder = ''] = PURE.exec(path) ?? [];
  if (target?.startsWith(own) || target?.startsWith('platform/money/')) return undefined;
  if (target === undefined && PURE_LIBRARIES.has(specifier)) return undefined;
  if (isTestFile(path) && target === undefined && PURE_TEST_TOOLS.test(specifier)) return undefined;
  return `${folder} imports only #platform/money, itself and libraries without I/O`;
}

function environmentProblems({ path, text }: SourceFile): string[] {
  if (!SERVICE.test(path) && !path.startsWith('platform/')) return [];
  if (isTestFile(path) || ENVIRONMENT_READERS.test(path) || !/\bprocess\.env\b/.test(withoutComments(text))) return [];
  return [`${path} reads process.env: only main.ts and config.ts do`];
}

function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm, '');
}
