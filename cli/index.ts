/** What tests of other folders use; nothing else of it is imported from outside. */
export { bundleCli } from './bundle/bundle.ts';
