import type { Saturation } from './saturation-schema.ts';
import type { Figure } from './statistics.ts';

const KIBIBYTE = 1_024;
const MEBIBYTE = 1_048_576;

export function formatMs(ms: number): string {
  if (ms >= 1000) return `${(ms / 1000).toFixed(2)} s`;
  return `${ms >= 100 ? ms.toFixed(0) : ms.toFixed(1)} ms`;
}

export function formatMicros(micros: number): string {
  return micros >= 10_000 ? `${(micros / 1000).toFixed(1)} ms` : `${micros.toFixed(0)} µs`;
}

export function formatMebibytes(bytes: number): string {
  return `${(bytes / MEBIBYTE).toFixed(0)} MiB`;
}

/** For round numbers, such as people choose: 50 ms, 2 s. */
export function formatRoundMs(ms: number): string {
  return ms >= 1000 ? `${ms / 1000} s` : `${ms} ms`;
}

export function formatBytes(bytes: number): string {
  if (bytes >= MEBIBYTE) return `${(bytes / MEBIBYTE).toFixed(1)} MiB`;
  return bytes >= KIBIBYTE ? `${(bytes / KIBIBYTE).toFixed(1)} KiB` : `${bytes.toFixed(0)} B`;
}

export function formatRate(perSecond: number): string {
  return `${perSecond.toFixed(perSecond >= 10 ? 0 : 1)}/s`;
}

/** To the minute, as people write it; `time` as in a report. */
export function formatTime(time: string): string {
  return `${time.slice(0, 16).replace('T', ' ')} UTC`;
}

/** Prices are small: three digits that tell something. */
export function formatPrice(amount: number, currency: string): string {
  return `${amount.toPrecision(3)} ${currency}`;
}

/** The highest rate that held, and what is not known of it; of several searches with how far they lie apart. */
export function formatKnee(saturation: Saturation | undefined): string {
  if (saturation === undefined) return '–';
  const { ratePerSecond, found, searches } = saturation.knee;
  if (ratePerSecond === null) return found === 'below' ? 'none held' : 'not found';
  const rate = found === 'between' ? formatRate(ratePerSecond) : `${formatRate(ratePerSecond)} or more`;
  return searches === undefined || searches.rates.n === 0 ? rate : `${rate} (${formatRate(searches.rates.min)} – ${formatRate(searches.rates.max)}, n = ${searches.rates.n})`;
}

/** Whether each highest rate rests on a single search, which has no spread. */
export function searchedOnce(saturation: readonly Saturation[]): boolean {
  return saturation.every(({ knee }) => knee.searches === undefined);
}

/** A figure with its spread; `–` when there is none. */
export function spread(figure: Figure | undefined, format: (value: number) => string): string {
  if (figure === undefined || figure.n === 0) return '–';
  return figure.n === 1 ? format(figure.median) : `${format(figure.median)} (${format(figure.min)} – ${format(figure.max)})`;
}

/** The same with how many values it rests on. */
export function spreadWithN({ n, median, min, max }: Figure, format: (value: number) => string): string {
  return `${format(median)} (${format(min)} – ${format(max)}, n = ${n})`;
}

/** From the mending of a part until all was well. */
export function formatRecovery(ms: number | null): string {
  if (ms === null) return 'not in time';
  return ms === 0 ? 'at once' : `after ${formatMs(ms)}`;
}
