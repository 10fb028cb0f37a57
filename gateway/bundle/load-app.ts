/** The web app as the gateway serves it: built at the start, or read where an image has it built. */
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { type BrotliQuality, encode } from '../pages/encode.ts';
import { contentTypeOf, etagOf, type Page } from '../pages/page.ts';
import { type BuiltFile, buildApp } from './build-app.ts';

/** Only in images: it is written there by `writeApp`. */
const builtFolder = new URL('../web-built/', import.meta.url);

type Entry = { path: string; file: string; isImmutable: boolean; codings: ('br' | 'gzip')[] };

/** The files of the app, by path. */
export async function loadApp(): Promise<Map<string, Page>> {
  return existsSync(builtFolder) ? readApp(builtFolder) : packApp(await buildApp(), 9);
}

/** Builds the app and writes it to the folder, compressed as well as can be. */
export async function writeApp(folder: URL): Promise<void> {
  await mkdir(folder, { recursive: true });
  const pages = await packApp(await buildApp(), 11);
  const entries = await Promise.all([...pages].map(([path, page], index) => writePage(folder, path, page, index)));
  await writeFile(new URL('index.json', folder), JSON.stringify(entries));
}

/** Reads what `writeApp` wrote. */
export async function readApp(folder: URL): Promise<Map<string, Page>> {
  const entries = JSON.parse(await readFile(new URL('index.json', folder), 'utf8')) as Entry[];
  return new Map(await Promise.all(entries.map(async (entry) => [entry.path, await readPage(folder, entry)] as const)));
}

async function packApp(files: readonly BuiltFile[], quality: BrotliQuality): Promise<Map<string, Page>> {
  const pack = async ({ path, body, isImmutable }: BuiltFile): Promise<[string, Page]> => {
    const contentType = path.startsWith('/assets/') ? contentTypeOf(path) : contentTypeOf('index.html');
    // Source maps are read by developers only, and are as large as all else together.
    const encoded = await encode(body, contentType, path.endsWith('.map') ? 4 : quality);
    return [path, { contentType, body, etag: etagOf(body), isImmutable, encoded }];
  };
  return new Map(await Promise.all(files.map(pack)));
}

async function writePage(folder: URL, path: string, page: Page, index: number): Promise<Entry> {
  const file = String(index);
  const codings = (['br', 'gzip'] as const).filter((coding) => page.encoded?.[coding] !== undefined);
  await writeFile(new URL(file, folder), page.body);
  for (const coding of codings) await writeFile(new URL(`${file}.${coding}`, folder), page.encoded?.[coding] ?? '');
  return { path, file, isImmutable: page.isImmutable === true, codings };
}

async function readPage(folder: URL, { path, file, isImmutable, codings }: Entry): Promise<Page> {
  const body = await readFile(new URL(file, folder));
  const forms = codings.map(async (coding) => [coding, await readFile(new URL(`${file}.${coding}`, folder))] as const);
  const encoded = Object.fromEntries(await Promise.all(forms));
  const contentType = path.startsWith('/assets/') ? contentTypeOf(path) : contentTypeOf('index.html');
  return { contentType, body, etag: etagOf(body), isImmutable, encoded };
}
