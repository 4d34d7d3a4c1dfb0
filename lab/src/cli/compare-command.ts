import { Command } from 'commander';
import { createProgress, print } from './terminal.ts';

export function compareCommand(): Command {
  return new Command('compare').description('measure both brews in turn under the same load and write the report').action(async () => {
    const progress = createProgress();
    const [{ runComparison }, { renderComparisonTable }] = await Promise.all([import('../compare/run-comparison.ts'), import('../compare/comparison-table.ts')]);
    const { report, htmlPath, jsonPath } = await runComparison({ command: 'make compare', onProgress: (message) => { progress(message); } });
    print(`\n${renderComparisonTable(report)}\n\nThe report: ${htmlPath}\nThe figures: ${jsonPath}`);
  });
}
