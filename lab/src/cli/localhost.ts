/** An origin of this machine as people write it. */
export function localhost(origin: string): string {
  return origin.replace('127.0.0.1', 'localhost');
}
