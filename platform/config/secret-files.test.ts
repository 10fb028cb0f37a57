import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withSecretFiles } from './secret-files.ts';

describe('withSecretFiles', () => {
  let folder: string;
  let path: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'outcry-secret-'));
    path = join(folder, 'url');
    await writeFile(path, 'postgres://host/db\n');
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('reads a setting from the file that is named in its place', () => {
    expect(withSecretFiles({ DATABASE_URL_FILE: path, A: 'b' })).toMatchObject({
      DATABASE_URL: 'postgres://host/db',
      A: 'b',
    });
    const env = { DATABASE_URL: 'x', SERVICE_KEY_FILE: path };
    expect(withSecretFiles(env)).toBe(env);
  });

  it('refuses a file that is missing or empty, and a setting that is given twice, and shows no value', async () => {
    const empty = join(folder, 'empty');
    await writeFile(empty, '\n');
    expect(() => withSecretFiles({ AMQP_URL_FILE: join(folder, 'none') })).toThrow('AMQP_URL_FILE');
    expect(() => withSecretFiles({ AMQP_URL_FILE: empty })).toThrow('AMQP_URL_FILE');
    expect(() => withSecretFiles({ AMQP_URL_FILE: path, AMQP_URL: 'secret' })).toThrow(/both set$/);
  });
});
