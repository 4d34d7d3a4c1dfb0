import { inject } from 'vitest';
import type { EngineName } from '../../lab/src/containers/engines.ts';

/** One of the engines of this test run, for those who break it. */
export interface Engine {
  readonly url: string;
  /** SIGKILL; data and port stay. */
  kill(): Promise<void>;
  halt(): Promise<void>;
  /** Resolves when it is healthy again. */
  start(): Promise<void>;
  freeze(): Promise<void>;
  thaw(): Promise<void>;
  /** Runs a program in its container; resolves with what it printed. */
  exec(...command: string[]): Promise<string>;
}

/** Others use the same engine: a test that breaks it starts it again before it ends. */
export function engine(name: EngineName): Engine {
  const ask = async (path: string): Promise<string> => {
    const response = await fetch(`${inject('engineControl')}/${name}/${path}`, { method: 'POST' });
    const text = await response.text();
    if (!response.ok) throw new Error(text);
    return text;
  };
  const act = (action: string) => async (): Promise<void> => { await ask(action); };
  return {
    // Asked for when it is used: tests are listed without engines, too.
    get url() {
      return inject('engineUrls')[name];
    },
    kill: act('kill'),
    halt: act('halt'),
    start: act('start'),
    freeze: act('freeze'),
    thaw: act('thaw'),
    exec: (...command) => ask(`exec?${new URLSearchParams(command.map((arg): [string, string] => ['arg', arg])).toString()}`),
  };
}
