const MS_PER_SECOND = 1_000;
const SECOND_LENGTH = '2026-01-01T00:00:00.'.length;
const MS_DIGITS = 3;

/** Makes the `@timestamp` of a line, as pino wants it: RFC 3339 in UTC, with milliseconds. Most lines share their second with the line before, and so the text of it. */
export function createTimestamp(): () => string {
  let second: number | undefined;
  let text = '';
  return () => {
    const now = Date.now();
    const current = Math.floor(now / MS_PER_SECOND);
    if (current !== second) {
      second = current;
      text = `,"@timestamp":"${new Date(current * MS_PER_SECOND).toISOString().slice(0, SECOND_LENGTH)}`;
    }
    return `${text}${String(now - current * MS_PER_SECOND).padStart(MS_DIGITS, '0')}Z"`;
  };
}
