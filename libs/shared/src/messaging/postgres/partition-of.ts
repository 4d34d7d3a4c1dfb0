/** The partition of a key: FNV-1a over its UTF-8 bytes (http://www.isthe.com/chongo/tech/comp/fnv/). Must never change: it decides which keys keep their order. */
export function partitionOf(key: string, partitions: number): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(key)) hash = Math.imul(hash ^ byte, 0x01000193);
  return (hash >>> 0) % partitions;
}
