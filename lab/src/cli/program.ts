import { Command } from 'commander';
import { readEnvironment } from '../environment.ts';
import { UsageError } from '../errors.ts';
import { auditCommand } from './audit-command.ts';
import { compareCommand } from './compare-command.ts';
import { demoCommand } from './demo-command.ts';
import { faultsCommand } from './faults-command.ts';
import { kindCommand } from './kind-command.ts';
import { loadCommand } from './load-command.ts';
import { logsCommand } from './logs-command.ts';
import { replayCommand } from './replay-command.ts';
import { statusCommand } from './status-command.ts';
import { traceCommand } from './trace-command.ts';
import { downCommand, upCommand } from './up-command.ts';
import { requireEmbedded } from './up-settings.ts';

/** Commands that start shops of their own, on the lab's parts. */
const EMBEDDED = new Set(['demo', 'audit']);

/** The command line of the lab. */
export function createProgram(): Command {
  const program = new Command('doubleshot').description("One coffee shop's ordering back end, brewed twice: as a monolith and as microservices.");
  program.showHelpAfterError(false).exitOverride();
  program.hook('preAction', (_program, command) => {
    if (command.parent === program && EMBEDDED.has(command.name())) requireEmbedded(readEnvironment(), command.name());
  });
  program.configureOutput({ outputError: (text, write) => { write(`doubleshot: ${text.replace(/^error: /, '').trim().replaceAll('\n', ' ')}\n`); } });
  for (const command of [upCommand(), downCommand(), statusCommand(), logsCommand(), demoCommand(), traceCommand(), loadCommand(), auditCommand(), faultsCommand(), compareCommand(), replayCommand(), kindCommand()]) {
    program.addCommand(withSettingsOf(program, command));
  }
  program.allowExcessArguments().action((_options, command: Command) => {
    if (command.args.length > 0) throw new UsageError(`unknown command "${command.args.join(' ')}": \`doubleshot --help\` lists the commands`);
    command.outputHelp();
  });
  return program;
}

/** With those of its own commands, if it has any. */
function withSettingsOf(parent: Command, command: Command): Command {
  command.copyInheritedSettings(parent);
  for (const part of command.commands) withSettingsOf(command, part);
  return command;
}
