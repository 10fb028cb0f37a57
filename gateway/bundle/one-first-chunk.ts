/**
 * A plugin of esbuild that puts all which runs before the first view into one file. By itself esbuild makes a file for each set of
 * modules that the entry shares with some of the parts read later: twenty small files, each of which costs a phone a round trip.
 */
import { dirname } from 'node:path';
import type { Plugin } from 'esbuild';

const namespace = 'read-later';
const isResolved = Symbol('resolved');

/**
 * Each part that is imported when it is needed imports the entry too, which has run by then. So every part reaches every module
 * of the entry, and these are one set. `entry` is an absolute path.
 */
export function oneFirstChunk(entry: string): Plugin {
  return {
    name: 'one-first-chunk',
    setup(build) {
      build.onResolve({ filter: /./ }, async ({ kind, path, importer, resolveDir, pluginData }) => {
        if (kind !== 'dynamic-import' || pluginData === isResolved) return undefined;
        const resolved = await build.resolve(path, { kind, importer, resolveDir, pluginData: isResolved });
        return resolved.errors.length > 0 ? { errors: resolved.errors } : { path: resolved.path, namespace };
      });
      build.onLoad({ filter: /./, namespace }, ({ path }) => ({
        contents: `import ${JSON.stringify(entry)}; export * from ${JSON.stringify(path)};`,
        resolveDir: dirname(path),
      }));
    },
  };
}
