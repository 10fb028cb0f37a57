/** Messages of a contract as comma-separated values, by RFC 4180. */
import { type DescField, type DescMessage, type JsonValue, type MessageShape, toJson } from '@bufbuild/protobuf';
import { printable } from './printable.ts';

const depthMax = 3;

/** A line with the names of the fields, those of a message within as `outer.inner`, and a line for each row. */
export function renderCsv<Schema extends DescMessage>(schema: Schema, rows: readonly MessageShape<Schema>[]): string {
  const paths = pathsOf(schema, depthMax);
  const lines = rows.map((row) => {
    const json = toJson(schema, row, { alwaysEmitImplicit: true });
    return paths.map((path) => cell(textAt(json, path)));
  });
  return [paths.map((path) => path.join('.')), ...lines].map((cells) => cells.join(',')).join('\r\n');
}

function pathsOf(schema: DescMessage, depth: number): string[][] {
  return schema.fields.flatMap((field) => {
    const inner = hasColumns(field, depth) ? pathsOf(field.message, depth - 1) : [[]];
    return inner.map((path) => [field.jsonName, ...path]);
  });
}

// Times are texts in JSON; lists, maps and what lies deeper are one cell with their JSON.
function hasColumns(field: DescField, depth: number): field is DescField & { message: DescMessage } {
  if (field.fieldKind !== 'message' || depth === 0) return false;
  return !field.message.typeName.startsWith('google.protobuf.');
}

function textAt(json: JsonValue, path: readonly string[]): string {
  let value: JsonValue | undefined = json;
  for (const name of path) {
    value = typeof value === 'object' && value !== null && !Array.isArray(value) ? value[name] : undefined;
  }
  if (value === undefined || value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function cell(text: string): string {
  const shown = printable(text);
  return /[",]/.test(shown) ? `"${shown.replaceAll('"', '""')}"` : shown;
}
