/** The generated part of docs/log-events.md: every message that a service may log, from the code. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isTestFile, listSourceFiles, type SourceFile } from '../source-files.ts';
import { projectDirectory } from '../tool.ts';
import { formatTable } from './table.ts';

/** A message with its level. `owner` is a service, or `every service` for what the platform logs. */
export type LogEvent = { owner: string; level: string; message: string };

const path = join(projectDirectory, 'docs', 'log-events.md');
const block = /(<!-- messages: .* -->\n\n)[\s\S]*?(\n\n<!-- end of messages -->)/;
const everyService = 'every service';
const call = /\b(?:logger|log)\??\.(debug|info|warn|error|fatal)\(|(?<!function )\blogRetry\(/g;
const stale = 'docs/log-events.md: the messages are not those of the code; `npm run docs:generate` renews them';

/** Writes the table into the document. Throws when the document has no place for it. */
export async function writeLogEvents(): Promise<void> {
  const text = await readFile(path, 'utf8');
  if (!block.test(text)) throw new Error('docs/log-events.md has no place for the messages');
  await writeFile(
    path,
    text.replace(block, (_, before: string, after: string) => before + currentTable() + after),
  );
}

/** Finds a document whose messages are not those of the code. */
export async function findStaleLogEvents(): Promise<string[]> {
  return (await readFile(path, 'utf8')).includes(`\n${currentTable()}\n`) ? [] : [stale];
}

/** The messages of the services, the gateway and the platform, each once. Those that are no text in the call, but a variable, are passed over. */
export function findLogEvents(files: readonly SourceFile[]): LogEvent[] {
  const events = new Map<string, LogEvent>();
  for (const file of files) {
    const owner = ownerOf(file.path);
    if (owner === undefined) continue;
    for (const found of file.text.matchAll(call)) {
      const message = lastText(argumentsFrom(file.text, found.index + found[0].length));
      const event = { owner, level: found[1] ?? 'warn', message: message ?? '' };
      if (message !== undefined) events.set(Object.values(event).join('\n'), event);
    }
  }
  return [...events.values()].sort((a, b) => keyOf(a).localeCompare(keyOf(b)));
}

const levels = ['fatal', 'error', 'warn', 'info', 'debug'];
const keyOf = ({ owner, level, message }: LogEvent) =>
  `${owner === everyService ? '' : owner} ${levels.indexOf(level)} ${message}`;

function currentTable(): string {
  const events = findLogEvents(listSourceFiles(projectDirectory));
  const rows = events.map(({ owner, level, message }) => [owner, level, message.replaceAll('|', '\\|')]);
  return formatTable([['service', 'level', 'message'], ...rows]);
}

function ownerOf(file: string): string | undefined {
  if (!/\.ts$/.test(file) || isTestFile(file)) return undefined;
  if (file.startsWith('platform/')) return everyService;
  return /^services\/([a-z]+)\//.exec(file)?.[1] ?? (file.startsWith('gateway/') ? 'gateway' : undefined);
}

/** The text of a call's arguments, from behind its opening bracket to the closing one. */
function argumentsFrom(text: string, start: number): string {
  let depth = 1;
  let quote = '';
  for (let index = start; index < text.length; index += 1) {
    const character = text.charAt(index);
    if (quote !== '') {
      if (character === '\\') index += 1;
      else if (character === quote) quote = '';
    } else if (/['"`]/.test(character)) quote = character;
    else if (/[([{]/.test(character)) depth += 1;
    else if (/[)\]}]/.test(character)) depth -= 1;
    if (depth === 0) return text.slice(start, index);
  }
  return '';
}

/** The text that the arguments end with, with `…` for each expression in it; undefined when they do not end with a text. */
function lastText(given: string): string | undefined {
  const [, quoted, double, template] =
    /(?:^|,)\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|`([^`]*)`),?\s*$/.exec(given) ?? [];
  const text = quoted ?? double ?? template;
  return text?.replace(/\$\{[^}]*\}/g, '…').replace(/\\(.)/g, '$1');
}
