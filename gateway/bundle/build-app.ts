/** Builds the web app of `web/app` with esbuild: scripts and styles in parts, each named by its content. */
import { basename, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BuildOptions, Metafile } from 'esbuild';
import { type Links, readTemplate, renderTemplate } from './app-page.ts';
import { enumsAlone } from './enums-alone.ts';
import { oneFirstChunk } from './one-first-chunk.ts';

/** A file of the built app, at the path under which it is served. */
export type BuiltFile = { path: string; body: Buffer; isImmutable: boolean };

const rootFolder = fileURLToPath(new URL('../../', import.meta.url));
const assetsPath = '/assets/';
const entry = 'gateway/web/app/main.tsx';

/** Where the page of the app is served; it links to all else. */
const appPath = '/';

const options = {
  absWorkingDir: rootFolder,
  entryPoints: [entry],
  outdir: 'assets',
  publicPath: assetsPath,
  write: false,
  metafile: true,
  bundle: true,
  splitting: true,
  format: 'esm',
  target: 'es2024',
  minify: true,
  sourcemap: 'linked',
  legalComments: 'linked',
  jsx: 'automatic',
  jsxImportSource: 'preact',
  loader: { '.woff2': 'file', '.svg': 'file' },
  entryNames: '[name]-[hash]',
  chunkNames: '[name]-[hash]',
  assetNames: '[name]-[hash]',
  logLevel: 'silent',
  plugins: [enumsAlone(join(rootFolder, 'gateway/web/')), oneFirstChunk(join(rootFolder, entry))],
} as const satisfies BuildOptions;

/** The files of the app. Throws with the errors of esbuild when a source is wrong. */
export async function buildApp(): Promise<BuiltFile[]> {
  // Not at the top: an image has the built files, and no esbuild.
  const { build, stop } = await import('esbuild');
  try {
    const { outputFiles, metafile } = await build(options);
    const assets = outputFiles.map(({ path, contents }) => ({
      path: assetsPath + basename(path),
      body: Buffer.from(contents),
      isImmutable: true,
    }));
    const page = renderTemplate(await readTemplate(), linksOf(metafile));
    return [{ path: appPath, body: Buffer.from(page), isImmutable: false }, ...assets];
  } finally {
    await stop();
  }
}

function linksOf({ outputs }: Metafile): Links {
  const pathOf = new Map<string, string>();
  const served = (output: string) => assetsPath + basename(output);
  for (const [output, { entryPoint, inputs }] of Object.entries(outputs)) {
    if (/\.(?:map|css|LEGAL\.txt)$/.test(output)) continue;
    const [only, ...others] = Object.keys(inputs);
    const source = entryPoint ?? (others.length === 0 ? only : undefined);
    if (source !== undefined) pathOf.set(relative('gateway/web/app', source), served(output));
  }
  const main = Object.values(outputs).find(({ entryPoint }) => entryPoint === entry);
  const imported = main?.imports.filter(({ kind, external }) => kind === 'import-statement' && !external) ?? [];
  return {
    pathOf,
    styles: main?.cssBundle === undefined ? [] : [served(main.cssBundle)],
    preloaded: imported.map(({ path }) => served(path)),
  };
}
