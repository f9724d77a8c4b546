import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

/** The browser of this machine, if it has one: `apt-get install chromium`. */
export const chromiumPath = (process.env['PATH'] ?? '')
  .split(delimiter)
  .map((directory) => join(directory, 'chromium'))
  .find((file) => existsSync(file));

const faintText = readFileSync(new URL('faint-text.browser.js', import.meta.url), 'utf8');

/** A page of the console in a browser of its own state, and all that the browser had to complain of. */
export class Visit implements AsyncDisposable {
  readonly page: Page;
  /** Errors of scripts and of the console, violations of the content security policy, requests to elsewhere. */
  readonly complaints: string[] = [];

  constructor(page: Page, origin: string) {
    this.page = page;
    page.on('pageerror', (error) => this.complaints.push(`error: ${error.stack ?? error.message}`));
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') this.complaints.push(message.text());
    });
    page.on('request', (request) => {
      if (!request.url().startsWith(`${origin}/`)) this.complaints.push(`asked elsewhere: ${request.url()}`);
    });
  }

  /** The text of rows of the tree, top to bottom, ages left out. */
  async rows(): Promise<readonly string[]> {
    const rows = await this.page.locator('[role=treeitem]').all();
    return await Promise.all(rows.map(async (row) => (await row.innerText()).replace(/\s+/g, ' ').trim()));
  }

  /** What has the focus: its role or tag, and its text. */
  async focused(): Promise<string> {
    return await this.page.evaluate<string>(
      `(({ role, tagName, id, innerText }) => (role ?? tagName.toLowerCase()) + ' ' + (id || innerText.replace(/\\s+/g, ' ').trim()))
       (document.activeElement)`,
    );
  }

  /** Whether one sees where the focus is. */
  async isFocusSeen(): Promise<boolean> {
    return await this.page.evaluate<boolean>(
      `[document.activeElement, document.activeElement.closest('.editor')].some((element) => {
         if (element === null) return false;
         const { outlineStyle, outlineWidth } = getComputedStyle(element);
         return outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2;
       })`,
    );
  }

  /** Every text in sight that has less than 4.5 to 1 against what it stands on, as the browser painted it. */
  async faintTexts(): Promise<readonly string[]> {
    return await this.page.evaluate<readonly string[]>(faintText);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.page.context().close();
  }
}

/** A real headless Chromium. Each visit is a new person: no cookies, no storage of others. */
export class ConsoleBrowser implements AsyncDisposable {
  readonly #browser: Browser;

  private constructor(browser: Browser) {
    this.#browser = browser;
  }

  static async launch(): Promise<ConsoleBrowser> {
    if (chromiumPath === undefined) throw new Error('there is no chromium on the PATH: apt-get install chromium');
    return new ConsoleBrowser(await chromium.launch({ executablePath: chromiumPath }));
  }

  /** Opens an address, with the clock at `now` where it is told. */
  async visit(url: string, options: BrowserContextOptions & { readonly now?: number } = {}): Promise<Visit> {
    const { now, ...context } = options;
    const opened = await this.#browser.newContext({
      viewport: { width: 1440, height: 900 },
      locale: 'en-GB',
      timezoneId: 'UTC',
      ...context,
    });
    opened.setDefaultTimeout(15_000);
    const page = await opened.newPage();
    const visit = new Visit(page, new URL(url).origin);
    await page.exposeFunction('tellViolation', (violation: string) => visit.complaints.push(violation));
    await page.addInitScript(
      `addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI }) =>
         tellViolation('content security policy: ' + effectiveDirective + ' of ' + blockedURI));`,
    );
    if (now !== undefined) await page.clock.setFixedTime(now);
    await page.goto(url);
    return visit;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#browser.close();
  }
}
