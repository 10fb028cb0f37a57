/** One check. It resolves to what is wrong, a line each; no line means that it holds. */
export type CheckStep = { name: string; findProblems: () => Promise<string[]> };
