/** Files that the build takes in by an import beside scripts. */
declare module '*.css';
