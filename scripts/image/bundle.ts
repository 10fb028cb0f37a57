/**
 * Bundles each service into one file for its image: `node scripts/image/bundle.ts OUT`. Files that the code reads at run time
 * (migrations, templates, pages) are copied to the same path below OUT, and `import.meta.url` is replaced by the URL of the source's
 * path there, instead of the bundle's.
 */
import { cp, glob, mkdir, readFile, rm } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, type Plugin } from 'esbuild';
import { writeApp } from '../../gateway/index.ts';
import { services } from '../../supervisor/index.ts';

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

async function bundle(main: string): Promise<void> {
  const depth = '../'.repeat(main.split('/').length - 1);
  await build({
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

await rm(out, { recursive: true, force: true });
for (const { main } of services) await bundle(main);
for (const pattern of assets) await copyAssets(pattern);
await writeApp(pathToFileURL(join(out, 'gateway/web-built/')));
