import type { Linter } from 'eslint';

// The rules of the rooms that a look at one file decides. Those about who imports whom are in .dependency-cruiser.cjs.

interface Ban {
  selector: string;
  message: string;
}

const ENVIRONMENT: Ban[] = [
  { selector: `MemberExpression[object.name='process']:matches([property.name='env'], [property.value='env'])`, message: 'Read the environment in libs/shared/src/config/environment.ts (the lab: lab/src/environment.ts) and hand it on.' },
  { selector: `VariableDeclarator[init.name='process'] > ObjectPattern > Property[key.name='env']`, message: 'Read the environment in libs/shared/src/config/environment.ts (the lab: lab/src/environment.ts) and hand it on.' },
  { selector: `ImportDeclaration[source.value=/^(node:)?process$/]`, message: 'Use the global process, so that the rules about it see it.' },
];

const ENDING: Ban[] = [
  { selector: `CallExpression[callee.object.name='process'][callee.property.name=/^(exit|abort|reallyExit)$/]`, message: 'Only libs/shared/src/runtime and lab/src/cli end a process: throw, and let them.' },
  {
    selector: `CallExpression[callee.object.name='process'][callee.property.name=/^(on|once|addListener)$/] > Literal[value=/^(SIG|uncaughtException|unhandledRejection)/]`,
    message: 'Only libs/shared/src/runtime and lab/src/cli listen to signals: offer a close function instead.',
  },
];

const STARTING = '(setInterval|setTimeout|setImmediate|createServer|listen|connect|spawn|fork|exec|execFile|readFileSync|writeFileSync|fetch)';
const TOP_LEVEL = [':matches(Program, ExportNamedDeclaration)', 'VariableDeclaration', 'VariableDeclarator'].join(' > ');

const WORK_AT_IMPORT: Ban[] = [
  { selector: 'Program > ExpressionStatement > :matches(CallExpression, AwaitExpression, UnaryExpression, AssignmentExpression)', message: 'Nothing happens at import: put it into a function that the composition root calls.' },
  { selector: `${TOP_LEVEL} > AwaitExpression`, message: 'Nothing is waited for at import: put it into a function that the composition root calls.' },
  { selector: `${TOP_LEVEL} > CallExpression[callee.name=/^${STARTING}$/]`, message: 'No timer, socket, file or process at import: put it into a function.' },
  { selector: `${TOP_LEVEL} > CallExpression[callee.property.name=/^${STARTING}$/]`, message: 'No timer, socket, file or process at import: put it into a function.' },
  { selector: `${TOP_LEVEL} > NewExpression[callee.name=/(Pool|Client|Agent|Server|Kafka|Redis|Worker|PgBoss)$/]`, message: 'No connection at import: the composition root makes it.' },
];

const WORDS = String.raw`\b(kafka|kafkajs|rabbit|rabbitmq|amqp|amqplib|redis|ioredis|pg-?boss|monolith|microservices?|topology)\b`;
// Prose may name what it likes; names and values may not.
const FOREIGN_WORDS: Ban[] = [`Literal[value=/^\\S*${WORDS}\\S*$/i]`, `Identifier[name=/(kafka|rabbit|amqp|redis|pgBoss|monolith|microservice|topology)/i]`].map((selector) => ({
  selector,
  message: 'A module knows neither which broker nor which process it is in: ask a port, or let the composition root choose.',
}));

const FETCH: Ban[] = [
  `CallExpression[callee.name='fetch']`,
  `MemberExpression[object.name=/^(globalThis|undici)$/]:matches([property.name='fetch'], [property.value='fetch'])`,
  `ImportDeclaration[source.value='undici'] > ImportSpecifier[imported.name='fetch']`,
].map((selector) => ({ selector, message: 'fetch costs eight times a dispatch: the gateway asks services through its UpstreamProxy.' }));

/** Programs: what they do, they do when they are started. */
const PROGRAMS = ['services/*/src/main.ts', 'services/*/src/telemetry.ts', 'lab/src/cli/**/*.ts', 'lab/src/compare/{generator-process,write-schema}.ts', 'tests/**/*.ts', '**/*.test.ts', '*.config.ts'];
const PRODUCTION = ['libs/*/src/**/*.ts', 'services/*/src/**/*.ts', 'lab/src/**/*.ts'];
const READS_ENVIRONMENT = ['libs/shared/src/config/environment.ts', 'lab/src/environment.ts'];
const RUNTIME = ['libs/shared/src/runtime/**/*.ts'];
/** Not rooms of the shop, but their environment is handed on like any other. */
const COMMAND_LINES = ['lab/src/cli/**/*.ts', 'scripts/**/*.ts'];
const TESTS = ['**/*.test.ts', '**/testing/**/*.ts', '**/fixtures/**/*.ts'];

/** The last block that names a file wins, so each group of files gets the whole of what is banned there. */
function ban(files: string[], ignores: string[], ...bans: Ban[][]): Linter.Config {
  return { files, ignores, rules: { 'no-restricted-syntax': ['error', ...bans.flat()] } };
}

export const ROOM_RULES: Linter.Config[] = [
  ban(PRODUCTION, [...PROGRAMS, ...TESTS], ENVIRONMENT, ENDING, WORK_AT_IMPORT),
  ban(['services/{auth,gateway,notifications,orders}/src/**/*.ts'], [...PROGRAMS, ...TESTS], ENVIRONMENT, ENDING, WORK_AT_IMPORT, FOREIGN_WORDS),
  ban(['services/gateway/src/**/*.ts'], [...PROGRAMS, ...TESTS], ENVIRONMENT, ENDING, WORK_AT_IMPORT, FOREIGN_WORDS, FETCH),
  ban(['services/*/src/main.ts', 'services/*/src/telemetry.ts', 'lab/src/compare/generator-process.ts'], [], ENVIRONMENT, ENDING),
  ban(RUNTIME, TESTS, ENVIRONMENT, WORK_AT_IMPORT),
  ban(COMMAND_LINES, TESTS, ENVIRONMENT),
  ban(READS_ENVIRONMENT, [], ENDING, WORK_AT_IMPORT),
];
