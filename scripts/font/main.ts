/** `npm run font:subset` writes the font of the web app, which is committed. */
import { writeFile } from 'node:fs/promises';
import { subsetArchivo } from './subset.ts';

const path = 'gateway/web/app/fonts/archivo.woff2';

const font = await subsetArchivo();
await writeFile(new URL(`../../${path}`, import.meta.url), font);
console.log(`${path}: ${font.length} bytes`);
