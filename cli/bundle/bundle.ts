import { chmod } from 'node:fs/promises';
import { resolve } from 'node:path';
import { build } from 'esbuild';

/** Bundles `outcry` into one file that runs on Node 20 and later, with nothing beside it. Rejects when it does not build. */
export async function bundleCli(outfile: string): Promise<void> {
  await build({
    entryPoints: [resolve(import.meta.dirname, '../main.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    minify: true,
    legalComments: 'inline',
    logLevel: 'warning',
    banner: {
      // Bundled CommonJS packages call require, which modules do not have.
      js: "#!/usr/bin/env node\nimport { createRequire as __createRequire } from 'node:module';\nconst require = __createRequire(import.meta.url);",
    },
  });
  await chmod(outfile, 0o755);
}
