import { describe, expect, it } from 'vitest';
import { projectDirectory } from '../tool.ts';
import { findRefusedLicences, packageFolders, readLicence, renderLicences } from './licences.ts';

const licensed = (licence: string) => ({ name: 'a', version: '1.0.0', licence, text: 'You may.' });

describe('packageFolders', () => {
  it('finds the package of each file, scoped and nested ones too, once', () => {
    const files = [
      'services/order/main.ts',
      'node_modules/pg/lib/index.js',
      'node_modules/pg/lib/client.js',
      'node_modules/@bufbuild/protobuf/dist/index.js',
      'node_modules/pg/node_modules/pg-types/index.js',
    ];
    expect(packageFolders(files)).toEqual([
      'node_modules/@bufbuild/protobuf',
      'node_modules/pg',
      'node_modules/pg/node_modules/pg-types',
    ]);
  });
});

describe('findRefusedLicences', () => {
  it('accepts those that ask for their text only, also in expressions', () => {
    const fine = ['MIT', '(Apache-2.0 AND BSD-3-Clause)', '(GPL-3.0-only OR MIT)'].map(licensed);
    expect(findRefusedLicences(fine)).toEqual([]);
  });

  it('refuses others, and a package that states none', () => {
    expect(findRefusedLicences(['AGPL-3.0-only', 'MIT AND GPL-2.0-only', ''].map(licensed))).toEqual([
      'a 1.0.0 has the licence AGPL-3.0-only',
      'a 1.0.0 has the licence MIT AND GPL-2.0-only',
      'a 1.0.0 has the licence (none)',
    ]);
  });
});

describe('readLicence', () => {
  it('reads name, version, licence and its text, which the list has', async () => {
    const pino = await readLicence(`${projectDirectory}/node_modules/pino`);
    expect(pino).toMatchObject({
      name: 'pino',
      licence: 'MIT',
      text: expect.stringContaining('Permission is hereby granted'),
    });
    expect(renderLicences([pino])).toContain(`pino ${pino.version}: MIT\n\npino ${pino.version}\n\n`);
  });
});
