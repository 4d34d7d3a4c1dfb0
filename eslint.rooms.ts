import type { Linter } from 'eslint';

// The rules of the rooms that a look at one file decides. Those about who imports whom are in .dependency-cruiser.cjs.

interface Ban {
  selector: string;
  message: string;
}

const ENVIRONMENT: Ban[] = [
  { selector: `MemberExpression[object.name='process']:matches([property.name='env'], [property.value='env'])`, message: 'Read the environment in libs/shared/src/config/environment.ts (the lab: lab/src/environment.ts) and hand it on.' },
  { selector: `VariableDeclarator[init.name='process'] > ObjectPattern > Property[key.name='env']`, message: 'Read the environment in libs/shared/src/config/environment.ts (the lab: lab/src/environment.ts) and hand it on.' },
];

/** By another way, name or part of it the rules about the process would not see it. */
const DETOURS: Ban[] = [
  `ImportDeclaration[source.value=/^(node:)?process$/]`,
  `MemberExpression[object.name=/^global(This)?$/]:matches([property.name='process'], [property.value='process'])`,
  `MemberExpression[object.name='process'][computed=true]:not([property.type='Literal'])`,
  `:matches(VariableDeclarator[init.name='process'], AssignmentExpression[right.name='process'], AssignmentPattern[right.name='process'])`,
].map((selector) => ({ selector, message: 'Use the global process as it is, so that the rules about it see it.' }));

const EXITS = '/^(exit|abort|reallyExit)$/';
const ENDING: Ban[] = [
  { selector: `MemberExpression[object.name='process']:matches([property.name=${EXITS}], [property.value=${EXITS}])`, message: 'Only libs/shared/src/runtime and lab/src/cli end a process: throw, and let them.' },
];

const LISTENS = `CallExpression[callee.object.name='process'][callee.property.name=/^(on|once|addListener|prependListener|prependOnceListener)$/]`;
const SIGNALS: Ban[] = [`${LISTENS}[arguments.0.value=/^(SIG|uncaughtException|unhandledRejection)/]`, `${LISTENS}:not([arguments.0.type='Literal'])`].map((selector) => ({
  selector,
  message: 'Only libs/shared/src/runtime and lab/src/cli listen to signals: offer a close function instead.',
}));

/** Outside of every function: what a module does when it is imported. A field of a class is set when one is made, unless it is static. */
const AT_IMPORT = ':not(:function *):not(PropertyDefinition[static=false] *)';
const STARTING = '(set(Interval|Timeout|Immediate)|create(Server|SecureServer|Connection)|listen|connect|spawn(Sync)?|fork|exec(File)?(Sync)?|(read|write)File(Sync)?|fetch)';
const CONNECTION = '(Pool|Client|Agent|Server|Socket|WebSocket|Kafka|Redis|Worker|PgBoss)';
/** These call at once what they are given. */
const AT_ONCE = '(map|flatMap|forEach|filter|reduce|some|every|find|from)';

/** A call or a construction by its bare name, and as a member of something: `Pool`, `pg.Pool`. */
function called(node: 'CallExpression' | 'NewExpression', name: string): string {
  return `${node}:matches([callee.name=/${name}/], [callee.property.name=/${name}/])`;
}

const WORK_AT_IMPORT: Ban[] = [
  ...[
    'Program > ExpressionStatement:not([directive])',
    'Program > :matches(IfStatement, ForStatement, ForInStatement, ForOfStatement, WhileStatement, DoWhileStatement, SwitchStatement, TryStatement, BlockStatement)',
    `CallExpression[callee.type=/Function/]${AT_IMPORT}`,
  ].map((selector) => ({ selector, message: 'Nothing happens at import: put it into a function that the composition root calls.' })),
  { selector: `AwaitExpression${AT_IMPORT}`, message: 'Nothing is waited for at import: put it into a function that the composition root calls.' },
  ...[`${called('CallExpression', `^${STARTING}$`)}${AT_IMPORT}`, `${called('CallExpression', `^${AT_ONCE}$`)}${AT_IMPORT} > :function ${called('CallExpression', `^${STARTING}$`)}`].map((selector) => ({
    selector,
    message: 'No timer, socket, file or process at import: put it into a function.',
  })),
  { selector: `${called('NewExpression', `${CONNECTION}$`)}${AT_IMPORT}`, message: 'No connection at import: the composition root makes it.' },
  { selector: `CallExpression[callee.name=/^(read|inherited)Environment$/]${AT_IMPORT}`, message: 'Nothing of the environment is read at import: the composition root reads it and hands it on.' },
];

const WORDS = String.raw`(\b(kafka|kafkajs|rabbit|rabbitmq|amqp|amqplib|redis|ioredis|pg-?boss|in[-_]process|monolith|microservices?|topology)\b|\bpostgres(ql)?:)`;
/** Variables by which a composition root chooses; `modules` is a word like any other. */
const CHOICES = String.raw`\b(MODULES|EVENT_LOG_URL|TASK_QUEUE_URL)\b`;
// Prose may name what it likes; names and values may not.
const FOREIGN_WORDS: Ban[] = [
  `Literal[value=/^\\S*${WORDS}\\S*$/i]`,
  `Literal[value=/^\\S*${CHOICES}\\S*$/]`,
  `TemplateElement[value.raw=/^\\S*${WORDS}\\S*$/i]`,
  `Identifier[name=/(kafka|rabbit|amqp|redis|pgBoss|inProcess|multiProcess|monolith|microservice|topology)/i]`,
  `Identifier[name=/^${CHOICES}$/]`,
].map((selector) => ({
  selector,
  message: 'A module knows neither which broker nor which process it is in: ask a port, or let the composition root choose.',
}));

const FETCH: Ban[] = [
  `CallExpression[callee.name='fetch']`,
  `MemberExpression[object.name=/^(globalThis|undici)$/]:matches([property.name='fetch'], [property.value='fetch'])`,
  `ImportDeclaration[source.value='undici'] > ImportSpecifier[imported.name='fetch']`,
].map((selector) => ({ selector, message: 'fetch costs eight times a dispatch: the gateway asks services through its UpstreamProxy.' }));

/** Programs: what they do, they do when they are started. */
const PROGRAMS = ['services/*/src/main.ts', 'lab/src/cli/**/*.ts', 'lab/src/compare/{generator/generator-process,render-again,write-schema}.ts', 'lab/src/compare/testing/{small-server,slow-preload}.ts', 'lab/src/faults/*-preload.ts', 'lab/bench/*.ts'];
const NOT_ROOMS = ['tests/**/*.ts', '**/*.test.ts', '*.config.ts'];
const PRODUCTION = ['libs/*/src/**/*.ts', 'services/*/src/**/*.ts', 'lab/src/**/*.ts'];
const READS_ENVIRONMENT = ['libs/shared/src/config/environment.ts', 'lab/src/environment.ts'];
const RUNTIME = ['libs/shared/src/runtime/**/*.ts'];
const COMMAND_LINE = ['lab/src/cli/**/*.ts'];
const TESTS = ['**/*.test.ts', '**/testing/**/*.ts', '**/fixtures/**/*.ts'];

/** The last block that names a file wins, so each group of files gets the whole of what is banned there. */
function ban(files: string[], ignores: string[], ...bans: Ban[][]): Linter.Config {
  return { files, ignores, rules: { 'no-restricted-syntax': ['error', ...DETOURS, ...bans.flat()] } };
}

export const ROOM_RULES: Linter.Config[] = [
  ban(PRODUCTION, [...PROGRAMS, ...NOT_ROOMS, ...TESTS], ENVIRONMENT, ENDING, SIGNALS, WORK_AT_IMPORT),
  ban(['services/{auth,gateway,notifications,orders}/src/**/*.ts'], [...PROGRAMS, ...NOT_ROOMS, ...TESTS], ENVIRONMENT, ENDING, SIGNALS, WORK_AT_IMPORT, FOREIGN_WORDS),
  ban(['services/gateway/src/**/*.ts'], [...PROGRAMS, ...NOT_ROOMS, ...TESTS], ENVIRONMENT, ENDING, SIGNALS, WORK_AT_IMPORT, FOREIGN_WORDS, FETCH),
  ban(PROGRAMS, TESTS, ENVIRONMENT, ENDING, SIGNALS),
  ban(RUNTIME, TESTS, ENVIRONMENT, WORK_AT_IMPORT),
  ban(COMMAND_LINE, TESTS, ENVIRONMENT),
  // No rooms of the shop: a script ends by its exit code, like any program, and may clean up after a signal.
  ban(['scripts/**/*.ts', 'deploy/**/*.ts', '*.config.ts'], TESTS, ENVIRONMENT, ENDING),
  ban(READS_ENVIRONMENT, [], ENDING, SIGNALS, WORK_AT_IMPORT),
];
