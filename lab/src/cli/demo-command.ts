import { Command } from 'commander';
import { createProgress, print, terminalWidth, wantsColor } from './terminal.ts';

export function demoCommand(): Command {
  return new Command('demo')
    .description('both brews from start to stop: orders, notifications, traces side by side, a short comparison, a report')
    .action(async () => {
      const onProgress = createProgress();
      const { runDemo } = await import('../demo/run-demo.ts');
      await runDemo({ print, onProgress, terminal: { width: terminalWidth(), color: wantsColor() } });
    });
}
