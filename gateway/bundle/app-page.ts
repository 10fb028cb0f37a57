/** The page of the web app, with the names that its build has given to what it links to. */
import { readFile } from 'node:fs/promises';

const template = new URL('../web/app/index.html', import.meta.url);
/** What the page may link to: served paths by source, and what the entry imports before it runs. */
export type Links = { pathOf: ReadonlyMap<string, string>; styles: string[]; preloaded: string[] };

const relativeLink = /\b(src|href)="\.\/([^"]+)"/g;

/** The page as it is written, whose links are relative to its folder. */
export async function readTemplate(): Promise<string> {
  return readFile(template, 'utf8');
}

/**
 * The page as it is served: each `src` or `href` that begins with `./` leads to the built file, and the style sheet and the scripts that
 * the first script imports are named before `</head>`. Throws when it links to a file that was not built.
 */
export function renderTemplate(html: string, { pathOf, styles, preloaded }: Links): string {
  const added = [
    ...styles.map((path) => `<link rel="stylesheet" href="${path}" />`),
    ...preloaded.map((path) => `<link rel="modulepreload" href="${path}" />`),
  ];
  const linked = html.replaceAll(relativeLink, (_, attribute: string, source: string) => {
    const path = pathOf.get(source);
    if (path === undefined) throw new Error(`the page of the app links to ${source}, which is no part of the build`);
    return `${attribute}="${path}"`;
  });
  return linked.replace('</head>', `${added.map((line) => `  ${line}\n  `).join('')}</head>`);
}
