import type { LoadFlags } from '../flags.ts';
import type { Outcome } from '../outcome.ts';
import type { Scene } from '../scene.ts';
import { findTool } from './find-tool.ts';
import { runGhz } from './ghz.ts';
import { runK6 } from './k6.ts';
import { runOwn } from './own.ts';

const tools: Record<LoadFlags['tool'], (scene: Scene) => Promise<Outcome>> = { k6: runK6, ghz: runGhz, own: runOwn };

/** What loads a scene with the tool. Throws an error that says how to get a tool that is absent. */
export function toolOf(name: LoadFlags['tool']): (scene: Scene) => Promise<Outcome> {
  if (name !== 'own') findTool(name);
  return tools[name];
}
