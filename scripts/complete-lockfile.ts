// `npm run lock:complete`: after `npm install` against a registry that carries only some platforms, adds the entries
// of the others to package-lock.json, without which `npm ci` refuses it.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { completePlatforms } from './check/lockfile.ts';
import { projectDirectory } from './tool.ts';

const path = join(projectDirectory, 'package-lock.json');
const lock = JSON.parse(readFileSync(path, 'utf8'));
writeFileSync(path, `${JSON.stringify({ ...lock, packages: completePlatforms(lock.packages) }, null, 2)}\n`);
