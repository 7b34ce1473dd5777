/** Some thousand names are shortest as one text with white space between them. */
export function wordsOf(text: string): readonly string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}
