/** `a`, `a and b`, `a, b, and c`. */
export function listOf(words: readonly string[]): string {
  return new Intl.ListFormat('en').format(words);
}
