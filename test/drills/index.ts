/** What the end-to-end test of drills uses. */
export { localDrills } from './catalogue/catalogue.ts';
export type { LocalDrill } from './fault.ts';
export { rehearse } from './rehearse.ts';
export { type Scene, startScene } from './scene.ts';
