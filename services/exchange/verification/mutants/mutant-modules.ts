/**
 * Loads the engine's modules with a mutant applied in memory. Each mutant has its own instances of the modules, distinguished by a query
 * in their URLs. The reference engine and its imports are loaded once, unchanged.
 */
import { registerHooks } from 'node:module';
import { applyMutant, type Mutant } from './faults/mutant.ts';
import type { findFailure } from './find-failure.ts';

/** The checks of one engine. */
export type Checks = { findFailure: typeof findFailure };

const exchange = new URL('../../', import.meta.url).href;
const engine = `${exchange}engine/`;
const reference = `${exchange}verification/reference/`;

let loading: { query: string; mutant: Mutant | undefined } = { query: '', mutant: undefined };
let applied = false;

registerHooks({
  resolve(specifier, context, next) {
    const resolved = next(specifier, context);
    const { query } = loading;
    const fromMutant = query !== '' && context.parentURL?.endsWith(query) === true;
    const isEngine = resolved.url.startsWith(exchange) && !resolved.url.startsWith(reference);
    return fromMutant && isEngine ? { ...resolved, url: resolved.url + query } : resolved;
  },
  load(url, context, next) {
    const result = next(url, context);
    const { query, mutant } = loading;
    if (mutant === undefined || url !== engine + mutant.file + query) return result;
    applied = true;
    return { ...result, source: applyMutant(String(result.source), mutant) };
  },
});

/** The checks of an engine with a mutant, or of the unchanged one; each number is used once. Throws if the engine does not load the file. */
export async function loadChecks(number: number, mutant: Mutant | undefined): Promise<Checks> {
  loading = { query: `?mutant=${number}`, mutant };
  applied = false;
  const checks = await import(`${exchange}verification/mutants/find-failure.ts${loading.query}`);
  if (mutant !== undefined && !applied) throw new Error(`the engine does not load ${mutant.file}`);
  return checks;
}
