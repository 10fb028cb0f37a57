/** The part of the library that is used here; it has no types of its own. */
declare module 'subset-font' {
  type Range = { min: number; max: number };
  function subsetFont(
    font: Buffer,
    text: string,
    options: { targetFormat: 'woff2'; variationAxes: Record<string, Range>; keepFeatures: string[] },
  ): Promise<Buffer>;
  export = subsetFont;
}
