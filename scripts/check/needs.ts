import { isTestFile, type SourceFile } from '../source-files.ts';

/** What the check reads of a service's declaration; see platform/lifecycle/service-needs.ts. */
export type DeclaredNeeds = { name: string; database?: object; bus?: object; calls: readonly string[] };

const clientCall = /\bclientOf\((\w+)\)/g;
const healthService = 'Health';
// A service that a cluster may lack stands in the component that brings it.
const manifestFolder = /^k8s\/(base|components\/(mail|simulator))\//;

/**
 * Finds declared calls that no client uses, clients of services that are not declared, and a database or bus that is declared and not
 * used, or used and not declared, in the code of each service and in its manifest below k8s/. One line for each.
 */
export function findNeedsProblems(files: readonly SourceFile[], declared: readonly DeclaredNeeds[]): string[] {
  return declared.flatMap((needs) => {
    const folder = needs.name === 'gateway' ? 'gateway/' : `services/${needs.name}/`;
    const sources = files.filter(({ path }) => path.startsWith(folder) && path.endsWith('.ts') && !isTestFile(path));
    return [
      ...callProblems(needs, sources),
      ...resourceProblems(needs, sources),
      ...manifestProblems(
        needs,
        files.find(({ path }) => manifestFolder.test(path) && path.endsWith(`/${needs.name}.yaml`)),
      ),
    ];
  });
}

/** An arrow that the contracts allow. */
export type AllowedEdge = { caller: string; callee: string };

/** Finds arrows that the contracts allow and the caller does not declare, and declared ones that no contract allows. */
export function findUnusedEdges(allowed: readonly AllowedEdge[], declared: readonly DeclaredNeeds[]): string[] {
  const isDeclared = ({ caller, callee }: AllowedEdge) =>
    caller === callee || declared.some(({ name, calls }) => name === caller && calls.includes(callee));
  const isAllowed = (caller: string, callee: string) =>
    allowed.some((edge) => edge.caller === caller && edge.callee === callee);
  const unused = allowed.filter((edge) => !isDeclared(edge));
  const refused = declared.flatMap(({ name, calls }) =>
    calls.filter((callee) => !isAllowed(name, callee)).map((callee) => ({ name, callee })),
  );
  return [
    ...unused.map(({ caller, callee }) => `the contracts let ${caller} call ${callee}, which it does not declare`),
    ...refused.map(({ name, callee }) => `${name} declares that it calls ${callee}, which no contract allows`),
  ];
}

function callProblems({ name, calls }: DeclaredNeeds, sources: readonly SourceFile[]): string[] {
  const used = new Map(sources.flatMap(({ path, text }) => calleesOf(text).map((callee) => [callee, path] as const)));
  // A service that verifies the tokens of users reads the keys of the user service.
  if (sources.some(({ text }) => /\bauthenticator\b/.test(text)) && calls.includes('user')) used.set('user', '');
  if (name === 'gateway') return [];
  const unused = calls
    .filter((callee) => !used.has(callee))
    .map((callee) => `${name} declares that it calls ${callee}, and no client does`);
  const undeclared = [...used].filter(([callee]) => !calls.includes(callee) && callee !== name);
  return [...unused, ...undeclared.map(([callee, path]) => `${path} calls ${callee}, which ${name} does not declare`)];
}

/** The services whose clients a file makes, by the package from which the proto service comes. */
function calleesOf(text: string): string[] {
  return [...text.matchAll(clientCall)].flatMap(([, service = '']) => {
    if (service === healthService) return [];
    const origin = new RegExp(`import [^;]*\\b${service}\\b[^;]*from '#gen/outcry/([^/]+)/`).exec(text)?.[1];
    return origin === undefined ? [] : [origin];
  });
}

function resourceProblems({ name, database, bus }: DeclaredNeeds, sources: readonly SourceFile[]): string[] {
  const usesDatabase = sources.some(({ text }) => /\bdb\b/.test(text));
  const usesBus = sources.some(({ text }) => /#platform\/bus\//.test(text));
  return [
    ...compare(name, 'database', database !== undefined, usesDatabase),
    ...compare(name, 'bus', bus !== undefined, usesBus),
  ];
}

function compare(name: string, part: string, isDeclared: boolean, isUsed: boolean): string[] {
  if (isDeclared === isUsed) return [];
  return [isDeclared ? `${name} declares a ${part} and does not use one` : `${name} uses a ${part} and declares none`];
}

function manifestProblems({ name, database, bus }: DeclaredNeeds, manifest: SourceFile | undefined): string[] {
  if (manifest === undefined) return [];
  const credentials: [string, boolean][] = [
    ['DATABASE_URL', database !== undefined],
    ['BUS_DATABASE_URL', bus !== undefined],
  ];
  return credentials.flatMap(([variable, isNeeded]) => {
    const isGiven = new RegExp(`name: ${variable}$`, 'm').test(manifest.text);
    if (isGiven === isNeeded) return [];
    return [
      `${manifest.path} ${isGiven ? 'gives' : 'lacks'} ${variable}, which ${name} ${isNeeded ? 'needs' : 'does not need'}`,
    ];
  });
}
