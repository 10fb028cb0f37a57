/** Makes the font of the web app: the characters of Archivo that it uses, with the weights and widths that it uses. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import subsetFont from 'subset-font';

const source = createRequire(import.meta.url).resolve(
  '@fontsource-variable/archivo/files/archivo-latin-wdth-normal.woff2',
);

const ascii = Array.from({ length: 0x7f - 0x20 }, (_, index) => String.fromCodePoint(0x20 + index)).join('');
// Names of people; rarer letters come from the fonts of the system.
const letters = 'áàâäãåæçéèêëíìîïñóòôöõøúùûüýÿßÁÀÂÄÅÆÇÉÈÊËÍÑÓÔÖØÚÜ';
// A space that does not break and a thin one, quotes, dashes, the minus sign, currencies and arrows.
const signs =
  '\u00a0\u2009\u2018\u2019\u201c\u201d\u2013\u2014\u2212\u00b1\u00d7\u00f7\u00b7\u2022\u2026\u20ac£¥§©°½¼¾™←↑→↓';
// Figures of one width (tnum), kerning, and what composes letters.
const keepFeatures = ['tnum', 'kern', 'ccmp', 'locl', 'mark', 'mkmk'];

/** The font as WOFF2, with weights from 400 to 700 and widths from 75 to 100 %. */
export async function subsetArchivo(): Promise<Buffer> {
  return subsetFont(await readFile(source), ascii + letters + signs, {
    targetFormat: 'woff2',
    variationAxes: { wght: { min: 400, max: 700 }, wdth: { min: 75, max: 100 } },
    keepFeatures,
  });
}
