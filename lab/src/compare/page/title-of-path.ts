import { PATH_TITLES } from '../metrics.ts';
import { PathName } from '../report-schema.ts';

/** People's name of a path, or what it was called. */
export function titleOfPath(path: string): string {
  const known = PathName.safeParse(path);
  return known.success ? PATH_TITLES[known.data] : path;
}
