import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Absolute path of the project's folder. */
export const projectDirectory = resolve(fileURLToPath(new URL('..', import.meta.url)));
