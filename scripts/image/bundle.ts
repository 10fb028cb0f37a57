/**
 * Bundles each service into one file for its image: `node scripts/image/bundle.ts OUT`. Files that the code reads at run time
 * (migrations, templates, pages) are copied to the same path below OUT, and `import.meta.url` is replaced by the URL of the source's
 * path there, instead of the bundle's.
 */
import { cp, glob, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, type Plugin } from 'esbuild';
import { writeApp } from '../../gateway/index.ts';
import { services } from '../../supervisor/index.ts';
import { findRefusedLicences, packageFolders, readLicence, renderLicences } from './licences.ts';

const root = resolve(import.meta.dirname, '../..');
// Native code cannot be bundled; the image copies these packages, but for esbuild: it has the web app built.
const nativePackages = ['@node-rs/argon2', 'pg-native', 'esbuild'];
const assets = [
  'platform/**/*.sql',
  'services/**/*.sql',
  'services/*/templates/**/*',
  'gateway/web/*.*',
  'gen/openapi.json',
  'gen/requests.http',
  'gen/requests.postman_collection.json',
];

const out = resolve(process.argv[2] ?? 'dist');

/** Bundles a service and resolves to the files that are in it. */
async function bundle(main: string): Promise<string[]> {
  const depth = '../'.repeat(main.split('/').length - 1);
  const { metafile } = await build({
    entryPoints: [join(root, main)],
    outfile: join(out, main.replace(/\.ts$/, '.mjs')),
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    external: nativePackages,
    legalComments: 'none',
    logLevel: 'warning',
    sourcemap: false,
    metafile: true,
    absWorkingDir: root,
    banner: {
      // Bundled CommonJS packages call require, which modules do not have.
      js: [
        "import { createRequire as __createRequire } from 'node:module';",
        'const require = __createRequire(import.meta.url);',
        `const __bundleRoot = new URL('./${depth}', import.meta.url);`,
      ].join('\n'),
    },
    plugins: [preserveModuleUrls],
  });
  return Object.keys(metafile.inputs);
}

const preserveModuleUrls: Plugin = {
  name: 'preserve-module-urls',
  setup(esbuild) {
    esbuild.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8');
      const place = JSON.stringify(relative(root, path));
      return { loader: 'ts', contents: source.replaceAll('import.meta.url', `new URL(${place}, __bundleRoot).href`) };
    });
  },
};

async function copyAssets(pattern: string): Promise<void> {
  for await (const path of glob(pattern, { cwd: root, exclude: ['**/*.test.ts'] })) {
    await mkdir(dirname(join(out, path)), { recursive: true });
    await cp(join(root, path), join(out, path));
  }
}

/** The licences of all that is bundled or copied. */
async function writeLicences(inputs: Iterable<string>): Promise<void> {
  const folders = [...packageFolders(inputs), 'node_modules/@node-rs/argon2'];
  const packages = await Promise.all(folders.map((folder) => readLicence(join(root, folder))));
  const refused = findRefusedLicences(packages);
  if (refused.length > 0) throw new Error(refused.join('\n'));
  await writeFile(join(out, 'LICENCES.txt'), renderLicences(packages));
}

await rm(out, { recursive: true, force: true });
const inputs = new Set<string>();
for (const { main } of services) for (const input of await bundle(main)) inputs.add(input);
for (const pattern of assets) await copyAssets(pattern);
await writeLicences(inputs);
await writeApp(pathToFileURL(join(out, 'gateway/web-built/')));
