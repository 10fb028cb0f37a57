/** One check. It resolves to the problems, a line each; none means that it holds. */
export type CheckStep = { name: string; findProblems: () => Promise<string[]> };
