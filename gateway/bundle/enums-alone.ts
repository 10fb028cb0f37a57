/**
 * A plugin of esbuild for sources that take nothing but enums from a generated contract: they get the enums without the contract, which is
 * parsed where its messages or services are used. By itself esbuild puts a file as a whole where any part of it is needed.
 */
import { readFile } from 'node:fs/promises';
import type { Plugin } from 'esbuild';

const namespace = 'enums-alone';
const contract = /(?:^|\/)gen\/.*_pb\.ts$/;
const imports = /import \{([^}]*)\} from '(#gen\/[^']+_pb\.ts)';/g;
const enums = /^export const (\w+) = \{\n(?: .*\n|\n)*?\} as const;$/gm;

/** The plugin, for sources of a folder, an absolute path. */
export function enumsAlone(folder: string): Plugin {
  return {
    name: namespace,
    setup(build) {
      const pathOf = async (specifier: string) =>
        (await build.resolve(specifier, { kind: 'import-statement', resolveDir: folder })).path;
      build.onLoad({ filter: /\.tsx?$/, namespace: 'file' }, async ({ path }) => {
        if (!path.startsWith(folder)) return undefined;
        const source = await readFile(path, 'utf8');
        const changes = new Map<string, string>();
        for (const [statement, names = '', specifier = ''] of source.matchAll(imports)) {
          const known = enumsOf(await readFile(await pathOf(specifier), 'utf8'));
          const taken = valuesOf(names);
          if (taken.length === 0 || !taken.every((name) => known.has(name))) continue;
          changes.set(statement, `import { ${taken.join(', ')} } from '${namespace}:${specifier}';`);
        }
        const contents = source.replace(imports, (statement) => changes.get(statement) ?? statement);
        return { contents, loader: path.endsWith('x') ? 'tsx' : 'ts' };
      });
      build.onResolve({ filter: new RegExp(`^${namespace}:`) }, async ({ path }) => {
        return { path: await pathOf(path.slice(namespace.length + 1)), namespace };
      });
      build.onLoad({ filter: contract, namespace }, async ({ path }) => {
        return { contents: [...enumsOf(await readFile(path, 'utf8')).values()].join('\n'), loader: 'ts' };
      });
    },
  };
}

/** The names of an import statement that are not types, without those that get another name. */
function valuesOf(names: string): string[] {
  const all = names.split(',').map((name) => name.trim());
  return all.filter((name) => name !== '' && !name.startsWith('type '));
}

/** The enums of a generated file, by name. */
function enumsOf(source: string): Map<string, string> {
  return new Map([...source.matchAll(enums)].map(([text, name = '']) => [name, text]));
}
