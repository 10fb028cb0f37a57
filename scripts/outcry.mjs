#!/usr/bin/env node
// `npx outcry`: the command line client. See cli/.
import { runScript } from './bootstrap.mjs';

await runScript('cli/main.ts', process.argv.slice(2), { development: false });
