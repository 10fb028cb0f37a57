// `npm run dashboards:generate`: writes the files of the dashboards.
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dashboardDirectory, dashboardFiles } from './files.ts';

mkdirSync(dashboardDirectory, { recursive: true });
for (const name of readdirSync(dashboardDirectory)) rmSync(join(dashboardDirectory, name));
for (const [name, text] of dashboardFiles()) writeFileSync(join(dashboardDirectory, name), text);
