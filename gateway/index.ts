/** What tests, the image and a deployment use of the gateway; nothing else of it is imported from outside. */
export { buildApp } from './bundle/build-app.ts';
export { writeApp } from './bundle/load-app.ts';
export { publicServices } from './contracts.ts';
