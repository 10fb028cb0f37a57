/** The statements that the services of a system sent, from the log of its PostgreSQL. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One statement, as it was sent: with its parameters as $1, $2 and so on. */
export type RecordedStatement = { database: string; text: string };

const logName = 'statements';

/** Lines of postgresql.conf with which a server logs every statement with its database. */
export const recordingSettings = [
  'logging_collector = on',
  `log_destination = 'jsonlog'`,
  `log_directory = '${logName}'`,
  `log_filename = '${logName}'`,
  'log_rotation_age = 0',
  'log_rotation_size = 0',
  `log_statement = 'all'`,
];

const databasePrefix = 'outcry_';

/** Every different statement that reads or writes tables; reads the data folder of a system that was stopped. */
export function readRecordedStatements(dataDirectory: string): RecordedStatement[] {
  const log = readFileSync(join(dataDirectory, 'postgres', logName, `${logName}.json`), 'utf8');
  const found = new Map<string, RecordedStatement>();
  for (const line of log.split('\n')) {
    if (!line.startsWith('{')) continue;
    const { dbname = '', message = '' } = JSON.parse(line) as { dbname?: string; message?: string };
    const text = statementOf(message);
    if (text === undefined || !dbname.startsWith(databasePrefix)) continue;
    found.set(`${dbname} ${text}`, { database: dbname, text });
  }
  return [...found.values()];
}

/** The statement in a line of the log, a COPY's query included; undefined for BEGIN, DDL and everything else without a plan. */
export function statementOf(message: string): string | undefined {
  const text = /^(?:execute [^:]+|statement): ([\s\S]*)$/.exec(message)?.[1]?.trim();
  const copied = /^COPY \(([\s\S]*)\) TO STDOUT/i.exec(text ?? '')?.[1];
  const plannable = copied ?? text ?? '';
  return /^(?:SELECT|WITH|INSERT|UPDATE|DELETE)\b/i.test(plannable) ? plannable : undefined;
}
