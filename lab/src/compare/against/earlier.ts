import { readFile } from 'node:fs/promises';
import { UsageError } from '../../errors.ts';
import { ComparisonReport, type Environment } from '../report-schema.ts';

type Conditions = Pick<ComparisonReport, 'form' | 'environment' | 'settings'> & { topologies: readonly { name: string }[] };
/** What brews say of themselves is not known before they run. */
type ConditionsNow = Omit<Conditions, 'environment'> & { environment: Pick<Environment, 'cpu' | 'cores' | 'platform' | 'memoryBytes' | 'backends' | 'sampling'> & Partial<Environment> };

/** Reads an earlier report. Throws a {@link UsageError} when it is none, or of another version. */
export async function readEarlier(path: string): Promise<ComparisonReport> {
  let content: unknown;
  try {
    content = JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    throw new UsageError(`--against: ${path} could not be read as JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  const report = ComparisonReport.safeParse(content);
  if (report.success) return report.data;
  const version = typeof content === 'object' && content !== null && 'schemaVersion' in content ? String(content.schemaVersion) : 'none';
  throw new UsageError(`--against: ${path} is no report of this version (schemaVersion ${version}, not 2 or 3, or not whole): measure it again`);
}

/** Memory of the same machine, as its kernels tell it. */
const MEMORY_TOLERANCE = 0.1;

/** Throws a {@link UsageError} that names everything in which two measurements differ, as far as it is known by now, so that their figures cannot be compared. */
export function requireComparable(before: Conditions, now: ConditionsNow): void {
  const names = ({ topologies }: Pick<Conditions, 'topologies'>): string => topologies.map(({ name }) => name).join(', ');
  const differences = [
    ...differing('form', before.form, now.form),
    ...differing('brews', names(before), names(now)),
    ...(['cpu', 'cores', 'platform', 'node', 'backends', 'durability', 'sampling', 'logging'] as const).flatMap((key) => (now.environment[key] === undefined ? [] : differing(key, major(key, before.environment[key]), major(key, now.environment[key])))),
    ...(Math.abs(before.environment.memoryBytes / now.environment.memoryBytes - 1) > MEMORY_TOLERANCE ? [`memory ${before.environment.memoryBytes} then, ${now.environment.memoryBytes} now`] : []),
    ...(['customers', 'brewTimeScale', 'windows'] as const).flatMap((key) => differing(key, before.settings[key], now.settings[key])),
  ];
  if (differences.length > 0) throw new UsageError(`--against: that report cannot be compared with this machine and these settings: ${differences.join('; ')}. Measure again as then, or take another report`);
}

function major(key: string, value: string | number): string | number {
  return key === 'node' ? (String(value).split('.')[0] ?? '') : value;
}

/** In one line, if the two are not the same. */
export function differing(what: string, before: unknown, now: unknown): string[] {
  const [a, b] = [before, now].map((value) => JSON.stringify(value));
  return a === b ? [] : [`${what} ${plain(a)} then, ${plain(b)} now`];
}

function plain(json = ''): string {
  return json.replace(/^"(.*)"$/, '$1');
}
