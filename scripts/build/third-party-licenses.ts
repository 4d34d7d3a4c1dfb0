import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readPackage } from './installed-package.ts';

const LICENSE_FILE = /^(licen[cs]e|copying|notice)/i;
const RULE = `\n${'-'.repeat(80)}\n\n`;

/** Who made what is bundled, and under which terms: for each package its name, its version and its licence, with the texts that it comes with. */
export function thirdPartyLicenses(folders: readonly string[]): string {
  return folders.map(licenseOf).join(RULE);
}

function licenseOf(folder: string): string {
  const { name, version, license = 'no licence named' } = readPackage(folder);
  const files = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile() && LICENSE_FILE.test(entry.name));
  const texts = files.map((file) => readFileSync(join(folder, file.name), 'utf8').trim());
  return `${[`${name} ${version} (${license})`, ...texts].join('\n\n')}\n`;
}
