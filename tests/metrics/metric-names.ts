const STRINGS = /"(?:[^"\\]|\\.)*"/g;
const MATCHERS_AND_RANGES = /\{[^}]*\}|\[[^\]]*\]/g;
const GROUPINGS = /\b(?:by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)/g;
const NAMES = /\b[a-zA-Z_:][\w:]*\b(?!\s*\()/g;
const KEYWORDS = new Set(['and', 'or', 'unless', 'on', 'ignoring', 'by', 'without', 'bool', 'offset']);

/** The metrics that a PromQL expression reads. */
export function metricNames(expression: string): string[] {
  const bare = [STRINGS, MATCHERS_AND_RANGES, GROUPINGS].reduce((text, pattern) => text.replace(pattern, ' '), expression);
  return [...new Set([...bare.matchAll(NAMES)].map(([name]) => name).filter((name) => !KEYWORDS.has(name)))];
}
