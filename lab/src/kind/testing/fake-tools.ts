import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What one of the programs answers to command lines that begin so; the first that fits is taken. */
export interface Answer {
  /** `kubectl get pods`: without `--context`, which every call has to have. */
  to: string;
  /** What it prints: one after the other, the last for ever. Of more than a few lines nothing shows in the calls. */
  prints?: readonly string[];
  complains?: string;
  exitCode?: number;
  /** Goes on until it is ended, as a port forward does. */
  stays?: true;
}

/** Programs called docker, kind and kubectl that write down how they were called and answer what they are told to. */
export interface FakeTools {
  /** For PATH, before all else. */
  folder: string;
  /** Every call so far, with what it read from its standard input. */
  calls(): Promise<{ call: string; input: string }[]>;
  remove(): Promise<void>;
}

const TOOLS = ['docker', 'kind', 'kubectl'];
const SEPARATOR = '\u001e';

export async function createFakeTools(answers: readonly Answer[], context: string): Promise<FakeTools> {
  const folder = await mkdtemp(join(tmpdir(), 'doubleshot-tools-'));
  const log = join(folder, 'calls');
  await writeFile(log, '');
  const cases = await Promise.all(answers.map((answer, index) => caseOf(folder, answer, index)));
  const script = [
    '#!/bin/sh',
    'tool=${0##*/}',
    'case " $* " in *"filename=- "*|*"config=- "*) input=$(cat) ;; *) input= ;; esac',
    `[ "$tool" = kubectl ] && [ "$1" = "--context" ] && [ "$2" = "${context}" ] && shift 2`,
    `[ "$tool" = kubectl ] && [ "$1" = "--context=${context}" ] && shift`,
    'call="$tool $*"',
    `[ "$1" = --help ] || printf '%s\\n%s${SEPARATOR}' "$call" "$input" >> '${log}'`,
    'case "$call" in',
    ...cases,
    'esac',
    'exit 0',
  ].join('\n');
  for (const tool of TOOLS) {
    await writeFile(join(folder, tool), script);
    await chmod(join(folder, tool), 0o755);
  }
  return {
    folder,
    calls: async () =>
      (await readFile(log, 'utf8')).split(SEPARATOR).filter((entry) => entry !== '').map((entry) => ({ call: entry.slice(0, entry.indexOf('\n')), input: entry.slice(entry.indexOf('\n') + 1) })),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

async function caseOf(folder: string, { to, prints = [''], complains = '', exitCode = 0, stays }: Answer, index: number): Promise<string> {
  await Promise.all(prints.map((text, turn) => writeFile(join(folder, `answer-${index}-${turn}`), text)));
  await writeFile(join(folder, `complaint-${index}`), complains);
  const turns = join(folder, `turns-${index}`);
  return [
    `'${to}'*)`,
    // Not counted where there is one answer alone: those who ask at once would read a number that is being written.
    ...(prints.length === 1 ? ['turn=0'] : [`turn=$(cat '${turns}' 2>/dev/null || echo 0)`, `echo $((turn + 1)) > '${turns}'`, `[ "$turn" -gt ${prints.length - 1} ] && turn=${prints.length - 1}`]),
    `cat '${folder}/answer-${index}-'"$turn"`,
    `cat '${folder}/complaint-${index}' >&2`,
    ...(stays === true ? ['exec sleep 60'] : []),
    `exit ${exitCode} ;;`,
  ].join('\n');
}
