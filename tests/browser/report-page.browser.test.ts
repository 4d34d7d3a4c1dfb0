import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { renderReportPage } from '../../lab/src/compare/page/report-page.ts';
import { ComparisonReport } from '../../lab/src/compare/report-schema.ts';
import { sampleReport } from '../../lab/src/compare/testing/sample-report.ts';
import { findChromium } from '../../scripts/chromium/find-chromium.ts';

const QUIET = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
const LONG_NAME = 'gateway+auth | orders | notifications';

let browser: Browser;
let folder: string;

beforeAll(async () => {
  const executablePath = await findChromium();
  if (executablePath === undefined) throw new Error('there is no Chromium on the PATH: install it (Debian: apt-get install chromium)');
  browser = await chromium.launch({ executablePath, args: QUIET });
  folder = await mkdtemp(join(tmpdir(), 'doubleshot-report-'));
  const renamed = ComparisonReport.parse(JSON.parse(JSON.stringify(sampleReport()).replaceAll('"microservices"', JSON.stringify(LONG_NAME))));
  await writeFile(join(folder, 'index.html'), renderReportPage(sampleReport()));
  await writeFile(join(folder, 'long-names.html'), renderReportPage(renamed));
});

afterAll(async () => {
  await browser.close();
  await rm(folder, { recursive: true, force: true });
});

interface Opened {
  page: Page;
  /** Files that were read, by name, and addresses that were asked. */
  requests: string[];
  complaints: string[];
}

/** Opens a page from its file, with the network off. */
async function open(name: string, options: BrowserContextOptions = {}): Promise<Opened> {
  const context = await browser.newContext({ offline: true, ...options });
  onTestFinished(() => context.close());
  const page = await context.newPage();
  const [requests, complaints]: [string[], string[]] = [[], []];
  const base = pathToFileURL(join(folder, '/')).href;
  page.on('request', (request) => requests.push(request.url().replace(base, '')));
  page.on('console', (message) => complaints.push(`${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(`${base}${name}`);
  return { page, requests, complaints };
}

describe('the page of a comparison', () => {
  test.each([
    [360, 'light', 'index.html'],
    [360, 'dark', 'long-names.html'],
    [1280, 'dark', 'index.html'],
    [1280, 'light', 'long-names.html'],
  ] as const)('when it is opened %i px wide, %s, then %s needs no sideways scrolling, no network and no script', async (width, colorScheme, name) => {
    const { page, requests, complaints } = await open(name, { viewport: { width, height: 800 }, colorScheme, javaScriptEnabled: false });
    await page.locator('#trace .span').first().scrollIntoViewIfNeeded();
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
    expect({ requests, complaints }).toEqual({ requests: [name], complaints: [] });
  });

  test('when it is opened, then every chart is drawn, and its labels lie inside and apart', async () => {
    const { page } = await open('index.html', { viewport: { width: 1280, height: 800 } });
    const charts = await page.evaluate<{ lengths: number[]; outside: string[]; overlapping: string[] }[]>(MEASURE_CHARTS);
    // Throughput and latency of five paths, the closed loop of four, and five distributions.
    expect(charts).toHaveLength(5 * 2 + 4 + 5);
    for (const { lengths, outside, overlapping } of charts) {
      expect(lengths.length).toBeGreaterThan(1);
      expect(Math.min(...lengths)).toBeGreaterThan(50);
      expect({ outside, overlapping }).toEqual({ outside: [], overlapping: [] });
    }
    const bars = await page.evaluate<number[]>(MEASURE_BARS);
    expect(bars.length).toBeGreaterThan(20);
    expect(Math.min(...bars)).toBeGreaterThan(20);
    expect(await page.locator('.strip .dot').count()).toBeGreaterThan(10);
  });

  test.each(['light', 'dark'] as const)('when it is %s, then ink and paper differ as they should', async (colorScheme) => {
    const { page } = await open('index.html', { colorScheme });
    const [ink, paper] = await page.evaluate<[number, number]>(LIGHTNESS);
    expect(colorScheme === 'light' ? paper - ink : ink - paper).toBeGreaterThan(150);
  });

  test('when it is printed, then the tables behind the charts are on paper, too', async () => {
    const { page } = await open('index.html', { colorScheme: 'dark' });
    const table = page.locator('details table').first();
    expect(await table.isVisible()).toBe(false);
    await page.emulateMedia({ media: 'print' });
    expect(await table.isVisible()).toBe(true);
    const pdf = await page.pdf({ format: 'A4' });
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
    expect(pdf.length).toBeGreaterThan(100_000);
  });

  test('when statements of the traced orders are asked for, then they show, without a script', async () => {
    const { page } = await open('index.html', { javaScriptEnabled: false });
    const statement = page.locator('#trace .span.database').first();
    expect(await statement.isVisible()).toBe(false);
    await page.getByLabel('show database statements').check();
    expect(await statement.isVisible()).toBe(true);
  });

  test('when there is no mouse, then the table behind a chart opens by the keyboard', async () => {
    const { page } = await open('index.html');
    await page.locator('#saturation summary').first().focus();
    await page.keyboard.press('Enter');
    expect(await page.locator('#saturation table').first().isVisible()).toBe(true);
    await page.keyboard.press('Tab');
    expect(await page.locator(':focus').getAttribute('role')).toBe('region');
  });

  test('when something in it asked the network, then the page would not let it', async () => {
    const { page } = await open('index.html');
    expect(await page.evaluate<string>(ASK_THE_NETWORK)).toBe('connect-src');
  });
});

// What runs in the browser is text: the types of the browser are not those of the tests.
const MEASURE_CHARTS = `[...document.querySelectorAll('.chart svg')].map((chart) => {
  const frame = chart.getBoundingClientRect();
  const labels = [...chart.querySelectorAll('.label')].map((label) => ({ text: label.textContent, box: label.getBoundingClientRect() }));
  const apart = (a, b) => a.right <= b.left || b.right <= a.left || a.bottom - 4 <= b.top || b.bottom - 4 <= a.top;
  return {
    lengths: [...chart.querySelectorAll('.line path')].map((path) => path.getTotalLength()),
    outside: labels.filter(({ box }) => box.left < frame.left - 1 || box.right > frame.right + 1 || box.top < frame.top - 1 || box.bottom > frame.bottom + 1).map(({ text }) => text),
    overlapping: labels.flatMap((a, index) => labels.slice(index + 1).filter((b) => !apart(a.box, b.box)).map((b) => a.text + ' / ' + b.text)),
  };
})`;

const MEASURE_BARS = `[...document.querySelectorAll('.bar')].map((bar) => [...bar.querySelectorAll('rect')].reduce((sum, part) => sum + part.getBoundingClientRect().width, 0))`;

const LIGHTNESS = `[getComputedStyle(document.body).color, getComputedStyle(document.body).backgroundColor].map((color) => color.match(/\\d+/g).slice(0, 3).reduce((sum, part) => sum + Number(part), 0) / 3)`;

const ASK_THE_NETWORK = `new Promise((resolve) => {
  document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) => resolve(effectiveDirective));
  fetch('http://127.0.0.1:9/').catch(() => undefined);
})`;
