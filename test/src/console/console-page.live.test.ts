import { mkdir, stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { eventually } from '@capstan/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Overview, TreeNode } from '../../../cli/src/console/api.ts';
import { FixtureConsole, fixtureToken } from '../../../cli/src/console/fixture-console.fixture.ts';
import { ago, node, sampleNow, sampleOverview } from '../../../cli/src/console/sample-data.fixture.ts';
import { ConsoleBrowser, chromiumPath, type Visit } from './console-browser.fixture.ts';

if (chromiumPath === undefined)
  console.warn('no chromium on this machine: the page of the console is not shown to work (apt-get install chromium)');

const ledger = '#/streambus.io/streambusclusters/payments/ledger';
/** What a browser says by itself where a server is gone or refuses. */
const ofTheNetwork = /^Failed to load resource|net::ERR_/;

let browser: ConsoleBrowser;
let fixture: FixtureConsole;
let visit: Visit;
const running = new Set<FixtureConsole>();

const row = (name: string) => visit.page.getByRole('treeitem', { name });
const press = async (...keys: readonly string[]) => {
  for (const key of keys) await visit.page.keyboard.press(key);
};
const overviewOf = (resources: readonly TreeNode[], more: Partial<Overview> = {}): Overview => ({
  ...{ resources, hidden: [], at: ago(0) },
  ...more,
});
const complaints = () => visit.complaints.filter((complaint) => !ofTheNetwork.test(complaint));

async function start(options?: Parameters<typeof FixtureConsole.start>[0]): Promise<void> {
  fixture = await FixtureConsole.start(options);
  running.add(fixture);
}

/** Ends it as Ctrl-C does. */
async function stop(): Promise<void> {
  running.delete(fixture);
  await fixture[Symbol.asyncDispose]();
}

/** Opens the console as a new person does, then goes where the hash leads. */
async function open(hash?: string, options: Parameters<ConsoleBrowser['visit']>[1] = {}): Promise<void> {
  visit = await browser.visit(fixture.url, { now: sampleNow, ...options });
  await visit.page.locator('.liveness.live').waitFor();
  if (hash !== undefined) await goTo(hash);
}

async function goTo(hash: string): Promise<void> {
  await visit.page.evaluate(`location.hash = ${JSON.stringify(hash)}`);
  if (hash.split('/').length > 4) await visit.page.locator('.tabs').waitFor();
}

describe.skipIf(chromiumPath === undefined)('the page of the console', () => {
  beforeAll(async () => {
    browser = await ConsoleBrowser.launch();
  });

  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]();
  });

  afterEach(async () => {
    await visit?.[Symbol.asyncDispose]();
    for (const one of running) await one[Symbol.asyncDispose]();
    running.clear();
  });

  it('shows every custom resource by kind and namespace, and takes the key out of the address', async () => {
    await start();
    await open();
    const shown = await visit.rows();
    expect(shown.slice(0, 3)).toEqual([
      expect.stringMatching(/^DruidIngestion/),
      expect.stringMatching(/^analytics/),
      expect.stringMatching(/^failing backfill-2025 Stalled, SpecRefused/),
    ]);
    expect(shown.filter((text) => /^(failing|progressing|deleting|paused|unknown|healthy) /.test(text))).toHaveLength(
      12,
    );
    expect(visit.page.url()).toBe(`${fixture.origin}/#/`);
    expect(await visit.page.getByText('2 kinds are not shown').count()).toBe(1);
    expect(complaints()).toEqual([]);
  });

  it('has the roles and names that a screen reader goes by', async () => {
    await start({
      overview: overviewOf([
        node('StreamBusCluster', 'shop/orders', { told: 'Ready', children: [node('Secret', 'shop/tls')] }),
      ]),
    });
    await open('#/streambus.io/streambusclusters/shop/orders');
    const tree = await visit.page
      .getByRole('tree', { name: 'Custom resources and what belongs to them' })
      .ariaSnapshot();
    expect(tree).toMatch(/treeitem ".*StreamBusCluster.*" \[expanded\]/);
    expect(tree).toMatch(/treeitem "healthy orders Ready 9d".*\[selected\]/);
    expect(await visit.page.locator('[role=tablist]').ariaSnapshot()).toContain('tab "Overview" [selected]');
    await visit.page.getByRole('tabpanel', { name: 'Overview' }).waitFor();
    for (const name of ['Resources', 'Details']) await visit.page.getByRole('region', { name }).waitFor();
    await visit.page.getByRole('link', { name: 'healthy Secret tls' }).waitFor();
    await visit.page.getByRole('button', { name: 'healthy 1', pressed: false }).waitFor();
  });

  describe('with names and messages that an attacker chose', () => {
    const evil = '<img src=x onerror="window.ran=1"><script>window.ran=1</script>';
    const names = [
      evil,
      'javascript:window.ran=1',
      '"><svg/onload=window.ran=1>',
      '../../api/session',
      '__proto__',
      '\u202Eexe.yaml',
      '%2e%2e',
    ];

    it.each([
      ['in the tree, as details, in the address', '1', () => evil],
      ['as YAML', '4', (name: string) => `name: ${name}`],
    ])('shows them %s as the text they are', async (_where, tab, told) => {
      const resources = names.map((name) =>
        node('StreamBusCluster', `${evil.replaceAll('/', '')}/${name}`, { told: evil, health: 'failing' }),
      );
      const hidden = [{ kind: evil, why: evil }];
      await start({ overview: overviewOf(resources, { hidden }) });
      await open();
      fixture.show(overviewOf(resources, { hidden, stale: { since: ago(1), why: evil } }));
      await visit.page.locator('#banner', { hasText: evil }).waitFor();
      for (const name of names) {
        await visit.page.locator('[role=treeitem] .name', { hasText: name }).first().click();
        await visit.page.locator('h2', { hasText: name }).waitFor();
        await press(tab);
        await visit.page.locator('.detail').getByText(told(name)).first().waitFor();
      }
      await visit.page.getByText('1 kind is not shown').click();
      expect(await visit.page.evaluate('window.ran')).toBeUndefined();
      expect(await visit.page.locator('img:not([src="capstan.svg"]), script:not([src="app.js"])').count()).toBe(0);
      expect(complaints()).toEqual([]);
    });

    it('shows what conditions, events, passes and plans say as the text it is', async () => {
      const at = ago(1);
      const condition = { type: evil, status: 'True', reason: evil, message: evil, since: at, isCurrent: false };
      const event = { type: 'Warning', reason: evil, note: evil, by: evil, count: 2, at, about: evil };
      const child = { child: evil, action: evil, why: evil };
      const pass = { at, durationMs: 1, triggers: [evil], outcome: evil, children: [child], requests: 1 };
      const said = {
        conditions: [condition],
        events: [event],
        passes: [pass],
        passesUnavailable: evil,
        yaml: evil,
        editable: evil,
      };
      const change = { object: evil, action: evil, why: evil, diff: [`+${evil}`] };
      await start();
      await open();
      await visit.page.route('**/api/objects/**', async (route) => {
        const response = await route.fetch();
        await route.fulfill({ response, json: { ...(await response.json()), ...said } });
      });
      await visit.page.route('**/api/plan', (route) =>
        route.fulfill({ json: { changes: [change], problems: [evil], summary: evil } }),
      );
      await goTo(`${ledger}/plan`);
      await visit.page.getByRole('button', { name: 'Plan', exact: true }).click();
      await visit.page.locator('.summary', { hasText: evil }).waitFor();
      for (const [index, name] of ['Overview', 'Events', 'Passes', 'YAML'].entries()) {
        await press(String(index + 1));
        await visit.page.getByRole('tabpanel', { name }).getByText(evil).first().waitFor();
      }
      expect(await visit.page.evaluate('window.ran')).toBeUndefined();
      expect(complaints()).toEqual([]);
    });
  });

  describe('with the keyboard alone', () => {
    it('walks the tree, opens what belongs to what, and comes back', async () => {
      await start();
      await open();
      await press('/');
      expect(await visit.focused()).toBe('input filter');
      await visit.page.keyboard.type('ledger');
      await eventually(async () => expect(await visit.rows()).toHaveLength(17));
      await press('Enter', 'End');
      expect(await visit.focused()).toMatch(/^treeitem healthy Service ledger-headless/);
      await press('Home', 'ArrowDown', 'ArrowDown');
      expect(await visit.focused()).toMatch(/^treeitem failing ledger Stalled/);
      await press('ArrowRight', 'ArrowRight', 'ArrowRight', 'ArrowRight');
      expect(await visit.focused()).toMatch(/^treeitem (healthy|failing) (Pod|PersistentVolumeClaim)/);
      expect(await visit.isFocusSeen()).toBe(true);
      await press('ArrowLeft', 'ArrowLeft', 'Enter');
      await visit.page.locator('h2', { hasText: 'ledger' }).waitFor();
      await press('Escape');
      await visit.page.getByText('3 of 12 are failing').waitFor();
      await eventually(async () => expect(await visit.focused()).toMatch(/^treeitem/));
      expect(complaints()).toEqual([]);
    });

    it('opens all of a level, and closes what is open', async () => {
      await start();
      await open();
      await row('paused audit').focus();
      await press('*');
      await eventually(async () => expect(await row('StatefulSet').count()).toBe(2));
      await press('ArrowLeft');
      await eventually(async () => expect(await row('StatefulSet').count()).toBe(1));
    });

    it('goes through the tabs, edits, plans and reads the answer', async () => {
      await start();
      await open(ledger);
      await visit.page.getByRole('tab', { name: 'Overview' }).focus();
      await press('ArrowRight');
      await visit.page.getByRole('tabpanel', { name: 'Events' }).waitFor();
      await press('5');
      await visit.page.getByLabel('Manifest').focus();
      expect(await visit.isFocusSeen()).toBe(true);
      await press('Control+End');
      await visit.page.keyboard.type('# 4t/?');
      await press('Control+Enter');
      await visit.page.getByText('1 to change, 1 to remove; 3 pods restart').waitFor();
      expect(await visit.page.getByLabel('Manifest').inputValue()).toMatch(/# 4t\/\?$/);
      await press('Escape');
      expect(await visit.focused()).toBe('button Plan');
      expect(visit.page.url()).toContain(`${ledger}/plan`);
    });

    it('shows its keys, and lets them be turned off', async () => {
      await start();
      await open();
      await press('?');
      await visit.page.getByRole('dialog', { name: 'Keys' }).waitFor();
      await visit.page.getByLabel('Keys without Ctrl work outside of text').uncheck();
      await press('Escape');
      await visit.page.getByRole('dialog').waitFor({ state: 'hidden' });
      await press('?', '/');
      expect(await visit.page.getByRole('dialog').count()).toBe(0);
      expect(await visit.focused()).not.toBe('input filter');
    });

    it('shows where the focus is on everything that the tab key reaches', async () => {
      await start();
      await open(ledger);
      const seen: string[] = [];
      await press('Tab');
      // At the end the focus is the browser's own for a while, and then begins again.
      for (let on = await visit.focused(); !seen.includes(on) && !on.startsWith('body'); on = await visit.focused()) {
        expect([on, await visit.isFocusSeen()]).toEqual([on, true]);
        seen.push(on);
        await press('Tab');
      }
      expect(seen).toEqual(expect.arrayContaining(['input filter', 'input namespace', 'tab tab-overview']));
      expect(seen.filter((text) => text.startsWith('treeitem'))).toHaveLength(1);
    });
  });

  describe('while the cluster changes', () => {
    const many = (count: number) =>
      Array.from({ length: count }, (_, index) =>
        node('StreamBusCluster', `shop/bus-${String(index).padStart(3, '0')}`, {
          children: [node('Secret', `shop/tls-${index}`)],
        }),
      );

    it('keeps the focus, the place and what is open', async () => {
      await start({ overview: overviewOf(many(80)) });
      await open();
      await row('healthy bus-060').focus();
      await press('ArrowRight');
      await row('Secret tls-60').waitFor();
      const placeOf = async () => (await row('healthy bus-060').boundingBox())?.y;
      const before = await placeOf();
      fixture.show(overviewOf([node('PrismCluster', 'prism/new', { health: 'failing' }), ...many(80)]));
      await eventually(async () => expect(await visit.page.getByText('1 of 81 is failing').count()).toBe(1));
      expect(await placeOf()).toBe(before);
      expect(await visit.focused()).toMatch(/^treeitem healthy bus-060/);
      expect(await row('Secret tls-60').count()).toBe(1);
      fixture.show(overviewOf(many(80).filter(({ ref }) => ref.name !== 'bus-060')));
      await eventually(async () => expect(await visit.focused()).toMatch(/^treeitem healthy bus-061/));
    });

    it('tells the new health of what is shown, also in its details', async () => {
      await start({ overview: overviewOf(many(2)) });
      await open('#/streambus.io/streambusclusters/shop/bus-001');
      await visit.page.locator('.facts .pill.healthy').waitFor();
      const [first = node('Pod', 'a/b')] = many(1);
      fixture.show(
        overviewOf([first, { ...node('StreamBusCluster', 'shop/bus-001'), health: 'failing', told: 'It broke.' }]),
      );
      await visit.page.locator('.facts .pill.failing').waitFor();
      await row('failing bus-001 It broke.').waitFor();
      fixture.show(overviewOf([first]));
      await visit.page.getByText('there is no streambusclusters bus-001').waitFor();
    });

    it('never replaces what a reader has typed, and says that there is something newer', async () => {
      await start();
      await open(`${ledger}/plan`);
      const manifest = visit.page.getByLabel('Manifest');
      await manifest.fill('kind: Mine\nreplicas: 4');
      await visit.page.route('**/api/objects/**', async (route) => {
        const response = await route.fetch();
        await route.fulfill({ response, json: { ...(await response.json()), editable: 'kind: Newer' } });
      });
      fixture.show({ ...sampleOverview, at: ago(-1) });
      await visit.page.getByText('The resource has changed since you began to edit.').waitFor();
      expect(await manifest.inputValue()).toBe('kind: Mine\nreplicas: 4');
      await visit.page.getByRole('button', { name: 'Plan', exact: true }).click();
      const problem = visit.page.getByRole('alert').getByText('spec.replicas: must be an odd number');
      await problem.waitFor();
      expect((await problem.boundingBox())?.y).toBeLessThan(
        (await visit.page.getByText('1 refused').boundingBox())?.y ?? 0,
      );
      await visit.page.getByRole('button', { name: 'Reset' }).click();
      expect(await manifest.inputValue()).toBe('kind: Newer');
    });

    it('says since when it is not live, and is live again by itself', async () => {
      await start();
      await open();
      const port = Number(new URL(fixture.origin).port);
      await stop();
      await visit.page.getByText('Not live since 10:00:00.').waitFor();
      expect(await visit.rows()).not.toHaveLength(0);
      await start({ port, overview: overviewOf(many(3)) });
      await visit.page.locator('.liveness.live').waitFor();
      await row('healthy bus-002').waitFor();
      expect(await visit.page.locator('#banner').isVisible()).toBe(false);
      expect(complaints()).toEqual([]);
    });

    it('says that the API server does not answer, though the console does', async () => {
      await start({
        overview: overviewOf(many(1), { stale: { since: ago(3), why: 'The API server refused the connection.' } }),
      });
      visit = await browser.visit(fixture.url, { now: sampleNow });
      await visit.page.getByText('Not live since 09:57:00.').waitFor();
      await visit.page.getByText('The API server refused the connection.').waitFor();
      fixture.show(overviewOf(many(1)));
      await visit.page.locator('.liveness.live').waitFor();
    });
  });

  describe('where each visitor has a token', () => {
    const token = () => visit.page.getByLabel('Bearer token');

    it('asks for it, keeps it in the tab alone, and asks again when it has expired', async () => {
      await start({ session: { mode: 'token' } });
      visit = await browser.visit(fixture.url, { now: sampleNow });
      await visit.page.getByText('kubectl create token').waitFor();
      expect(await visit.focused()).toBe('input secret');
      await token().fill('not a token');
      await press('Enter');
      await visit.page.getByRole('alert').getByText('A token has only letters').waitFor();
      await token().fill('wrong');
      await press('Enter');
      await visit.page.getByRole('alert').getByText('who are you?').waitFor();
      await token().fill(fixtureToken);
      await press('Enter');
      await visit.page.locator('.liveness.live').waitFor();
      await visit.page.reload();
      await visit.page.locator('.liveness.live').waitFor();
      const kept = 'JSON.stringify([{ ...localStorage }, document.cookie, location.href, history.state])';
      expect(await visit.page.evaluate(kept)).not.toContain(fixtureToken);
      fixture.expire();
      await visit.page.getByRole('alert').getByText('it has expired').waitFor();
      expect(await visit.page.evaluate('JSON.stringify({ ...sessionStorage })')).not.toContain(fixtureToken);
      expect(await visit.page.getByRole('treeitem').count()).toBe(0);
      expect(complaints()).toEqual([]);
    });

    it('forgets it when the visitor leaves', async () => {
      await start({ session: { mode: 'token' } });
      visit = await browser.visit(fixture.url);
      await token().fill(fixtureToken);
      await press('Enter');
      await visit.page.getByRole('button', { name: 'Leave' }).click();
      await token().waitFor();
      expect(await visit.page.evaluate('sessionStorage.length')).toBe(0);
    });

    it('asks who lacks the key of the printed address to open that', async () => {
      await start();
      visit = await browser.visit(fixture.origin);
      await visit.page.getByText('Open the printed address').waitFor();
      await visit.page.goto(fixture.url);
      await visit.page.locator('.liveness.live').waitFor();
    });
  });

  it('shows the object of its address, opened down to it, also after a reload and a step back', async () => {
    await start();
    await open('#/core/pods/payments/ledger-2?filter=ledger');
    await visit.page.reload();
    await row('failing Pod ledger-2').and(visit.page.locator('[aria-selected=true]')).waitFor();
    await visit.page.getByRole('link', { name: 'StatefulSet ledger' }).click();
    await visit.page.locator('h2', { hasText: /^ledger$/ }).waitFor();
    expect(visit.page.url()).toContain('filter=ledger');
    await visit.page.goBack();
    await visit.page.locator('h2', { hasText: 'ledger-2' }).waitFor();
    await visit.page.getByRole('tab', { name: 'Plan' }).waitFor({ state: 'hidden' });
  });

  it('narrows the tree down to healths and a namespace', async () => {
    await start();
    await open();
    await visit.page.getByRole('button', { name: 'failing 3' }).click();
    await visit.page.getByRole('button', { name: 'paused 1' }).click();
    await eventually(async () =>
      expect((await visit.rows()).filter((text) => /^(failing|paused) /.test(text))).toHaveLength(4),
    );
    await visit.page.getByLabel('Filter resources').fill('nothing has this name');
    await visit.page.getByRole('button', { name: 'Show all' }).click();
    await row('healthy orders').waitFor();
    const asked = visit.page.waitForRequest((request) => request.url().endsWith('/api/stream?namespace=shop'));
    await visit.page.getByLabel('Namespace').fill('shop');
    await press('Enter');
    await asked;
    expect(visit.page.url()).toContain('namespace=shop');
  });

  it('says what to apply where there is nothing', async () => {
    await start({ overview: overviewOf([]) });
    await open();
    await visit.page.getByText('Nothing here yet').waitFor();
    await visit.page.getByText('kubectl apply -f -').waitFor();
    expect(await visit.page.getByText('Nothing matches').isVisible()).toBe(false);
  });

  describe('to the eye', () => {
    const ground = async () => await visit.page.evaluate('getComputedStyle(document.documentElement).backgroundColor');

    it('is light or dark as the system is, and as a reader chose before', async () => {
      await start();
      await open(undefined, { colorScheme: 'dark' });
      const dark = await ground();
      await visit.page.emulateMedia({ colorScheme: 'light' });
      const light = await ground();
      expect(light).not.toBe(dark);
      await press('t', 't');
      expect(await ground()).toBe(dark);
      await visit.page.reload();
      await visit.page.locator('.liveness.live').waitFor();
      expect(await ground()).toBe(dark);
      await visit.page.getByRole('button', { name: 'Theme: dark' }).click();
      expect(await ground()).toBe(light);
    });

    it.each(['light', 'dark'] as const)('has no text that is too faint in the %s theme', async (colorScheme) => {
      await start();
      await open('#/', { colorScheme });
      await row('failing ledger').focus();
      await press('*');
      expect(await visit.faintTexts()).toEqual([]);
      for (const tab of ['', '/events', '/passes', '/yaml', '/plan']) {
        await goTo(`${ledger}${tab}`);
        await visit.page.evaluate('for (const drawer of document.querySelectorAll("details")) drawer.open = true');
        if (tab === '/plan') await visit.page.getByRole('button', { name: 'Plan', exact: true }).click();
        if (tab === '/plan') await visit.page.locator('.summary').waitFor();
        expect(await visit.faintTexts()).toEqual([]);
      }
      await stop();
      await visit.page.locator('#banner:visible').waitFor();
      expect(await visit.faintTexts()).toEqual([]);
    });

    it('fits a phone of 360 pixels, one pane at a time', async () => {
      await start();
      await open(undefined, { viewport: { width: 360, height: 740 } });
      const overflow = async () => await visit.page.evaluate('document.documentElement.scrollWidth - innerWidth');
      expect(await overflow()).toBe(0);
      expect(await visit.page.getByRole('region', { name: 'Details' }).isVisible()).toBe(false);
      await row('failing ledger').click();
      await visit.page.locator('h2:focus', { hasText: 'ledger' }).waitFor();
      expect(await visit.page.getByRole('tree').isVisible()).toBe(false);
      for (const name of ['Events', 'Passes', 'YAML', 'Plan']) {
        await visit.page.getByRole('tab', { name }).click();
        expect([name, await overflow()]).toEqual([name, 0]);
      }
      const plan = await visit.page.getByRole('tab', { name: 'Plan' }).boundingBox();
      expect((plan?.x ?? 999) + (plan?.width ?? 0)).toBeLessThanOrEqual(360);
      await visit.page.getByRole('button', { name: 'All resources' }).click();
      await eventually(async () => expect(await visit.focused()).toMatch(/^treeitem failing ledger/));
    });

    it('moves nothing for who wants no motion', async () => {
      await start();
      await open(undefined, { reducedMotion: 'reduce' });
      expect(await visit.page.evaluate('document.getAnimations().length')).toBe(0);
      await visit.page.emulateMedia({ reducedMotion: 'no-preference' });
      await eventually(async () =>
        expect(await visit.page.evaluate('document.getAnimations().length')).toBeGreaterThan(0),
      );
    });
  });

  // Pictures for the guide: written only when asked for, for they are other bytes on every machine.
  describe.skipIf(process.env['CAPSTAN_SCREENSHOTS'] !== '1')('as pictures for the guide', () => {
    const directory = fileURLToPath(new URL('../../../docs/images/console/', import.meta.url));
    const wide = { viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce' } as const;
    const narrow = { viewport: { width: 360, height: 720 }, deviceScaleFactor: 2, reducedMotion: 'reduce' } as const;

    const takePicture = async (name: string) => {
      await mkdir(directory, { recursive: true });
      await visit.page.screenshot({ path: `${directory}${name}.png`, caret: 'hide' });
      expect((await stat(`${directory}${name}.png`)).size).toBeLessThan(250 * 1024);
    };
    const expandLedger = async () => {
      await row('failing ledger').locator('.arrow').click();
      await row('failing StatefulSet ledger').locator('.arrow').click();
      await row('Service ledger-headless').scrollIntoViewIfNeeded();
    };
    const askForPlan = async () => {
      const manifest = visit.page.getByLabel('Manifest');
      await manifest.fill((await manifest.inputValue()).replace('768Mi', '2Gi'));
      await visit.page.getByRole('button', { name: 'Plan', exact: true }).click();
      await visit.page.locator('.summary').waitFor();
    };

    it.each([
      ['light', undefined, { ...wide, colorScheme: 'light' }],
      ['dark', ledger, { ...wide, colorScheme: 'dark' }],
      ['details', ledger, { ...wide, colorScheme: 'light' }],
      ['passes', `${ledger}/passes`, { ...wide, colorScheme: 'light' }],
      ['plan', `${ledger}/plan`, { ...wide, viewport: { width: 1600, height: 900 }, colorScheme: 'dark' }],
      ['narrow', undefined, { ...narrow, colorScheme: 'light' }],
      ['narrow-details', ledger, { ...narrow, colorScheme: 'dark' }],
    ] as const)('%s', async (name, hash, options) => {
      await start();
      await open(hash, options);
      if (name === 'dark' || name === 'details') await expandLedger();
      if (name === 'passes') await visit.page.locator('.pass > summary').nth(2).click();
      if (name === 'plan') await askForPlan();
      await takePicture(name);
    });
  });
});
