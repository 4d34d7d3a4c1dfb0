import type { ParkedMessage } from '../message.ts';
import { keyOf } from './parked-key.ts';
import type { ParkedStore } from './parked-store.ts';

export function createMemoryParkedStore(): ParkedStore {
  const kept = new Map<string, ParkedMessage>();
  const taken = new Set<string>();
  const listed = (): ParkedMessage[] => [...kept].filter(([key]) => !taken.has(key)).map(([, parked]) => parked);
  const listedOf = (source: string): ParkedMessage[] => listed().filter((parked) => parked.source === source);

  return {
    declare: () => Promise.resolve(),
    park: (parked) => {
      const key = keyOf(parked);
      taken.delete(key);
      // Deleted first, so that it is the youngest.
      kept.delete(key);
      kept.set(key, parked);
      return Promise.resolve();
    },
    list: (source, limit) => Promise.resolve(listedOf(source).slice(0, limit)),
    counts: () => Promise.resolve(new Map([...Map.groupBy(listed(), ({ source }) => source)].map(([source, { length }]) => [source, length]))),
    take: (source) => {
      const taking = listedOf(source);
      for (const parked of taking) taken.add(keyOf(parked));
      return Promise.resolve(taking);
    },
    remove: (parked) => {
      const key = keyOf(parked);
      taken.delete(key);
      kept.delete(key);
      return Promise.resolve();
    },
  };
}
