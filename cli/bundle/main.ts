// `npm run cli:bundle -- [FILE]`: `outcry` as one file, by default `dist/outcry.mjs`.
import { resolve } from 'node:path';
import { bundleCli } from './bundle.ts';

const file = resolve(process.argv[2] ?? 'dist/outcry.mjs');
await bundleCli(file);
console.log(`bundled ${file}`);
