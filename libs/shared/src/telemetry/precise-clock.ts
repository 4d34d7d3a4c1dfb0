const MS_PER_SECOND = 1_000;
const NS_PER_MS = 1e6;

/** Seconds since the epoch and nanoseconds, as OpenTelemetry counts time. */
type HrTime = [seconds: number, nanoseconds: number];

interface Started {
  readonly startTime: HrTime;
}

let correctionMs = 0;

/** Wall-clock time with a fraction: the monotonic clock, kept within the millisecond that `Date.now()` names, so that it follows the machine's clock and never drifts from that of other processes. */
function preciseNow(): number {
  const wall = Date.now();
  const monotonic = performance.timeOrigin + performance.now();
  const precise = monotonic + correctionMs;
  if (precise < wall) correctionMs = wall - monotonic;
  else if (precise >= wall + 1) correctionMs = wall + 1 - 1 / NS_PER_MS - monotonic;
  return monotonic + correctionMs;
}

/** The SDK starts spans on whole milliseconds: hops take less. A start that was told (the outbox's) is left alone. */
export function startPrecisely(span: Started): void {
  const [seconds, nanoseconds] = span.startTime;
  const now = preciseNow();
  const told = seconds * MS_PER_SECOND + nanoseconds / NS_PER_MS;
  if (nanoseconds % NS_PER_MS !== 0 || now - told >= 2 || now < told) return;
  const wholeSeconds = Math.floor(now / MS_PER_SECOND);
  (span as { startTime: HrTime }).startTime = [wholeSeconds, Math.floor((now - wholeSeconds * MS_PER_SECOND) * NS_PER_MS)];
}
