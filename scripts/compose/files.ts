import { stringify } from 'yaml';
import { composeDocument, databases, prometheusDocument } from './document.ts';

const generated = '# Made by `npm run compose -- generate` from what each service declares that it needs (needs.ts).\n';
const yamlOptions = { lineWidth: 0, aliasDuplicateObjects: false } as const;

/** The generated files of compose, by their paths in the project. */
export function composeFiles(): Record<string, string> {
  return {
    'compose.yaml': generated + stringify(composeDocument(), yamlOptions),
    'compose/prometheus.yaml': generated + stringify(prometheusDocument(), yamlOptions),
    'compose/databases.sql': databases.map((name) => `CREATE DATABASE outcry_${name};\n`).join(''),
  };
}
