// A private window of a real browser, and what the tests want to know of each page in it: how it
// looks, whether everybody can use it, and whether the browser itself complained.

import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { chromium } from 'playwright-core';

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

// The narrowest phone that pages have to fit (WCAG 2.2, 1.4.10), and a desk.
const sizes = { phone: { width: 320, height: 720 }, desk: { width: 1280, height: 800 } };
const schemes = ['light', 'dark'];

const flags = [
  '--no-sandbox', // it needs kernel features that build machines switch off
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/// Runs `scenario` in a private window, and prints what it returns, with all complaints, as JSON.
export async function inPrivateWindow(setting, scenario) {
  const seen = await openPrivateWindow(setting, scenario);
  // Last of all: whoever reads it may end this program.
  console.log(JSON.stringify(seen));
}

/// The same, and returns it. `blockCookies` sets the browser as people do who want none; `scripts: false` switches
/// JavaScript off; `locale` is the language that it asks for.
export async function openPrivateWindow(setting, scenario) {
  const { screenshots, blockCookies = false, scripts = true, locale = 'en' } = setting;
  const profile = await mkdtemp(join(tmpdir(), 'jsm-gate-browser-'));
  if (blockCookies) await forbidCookies(profile);
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: flags,
    ignoreHTTPSErrors: true, // the gate's certificate is made for the test
    javaScriptEnabled: scripts,
    locale,
    viewport: sizes.desk,
  });
  const complaints = [];
  watch(context, complaints);
  const window = new Window(context.pages()[0], screenshots, complaints);
  let seen;
  try {
    seen = await scenario(window);
  } finally {
    await context.close();
    await rm(profile, { recursive: true, force: true });
  }
  return { ...seen, pages: window.pages, complaints };
}

async function forbidCookies(profile) {
  const block = 2;
  const preferences = { profile: { default_content_setting_values: { cookies: block } } };
  await mkdir(join(profile, 'Default'));
  await writeFile(join(profile, 'Default', 'Preferences'), JSON.stringify(preferences));
}

// Errors on the console, which is where a breach of the Content-Security-Policy shows too, and
// exceptions nobody caught.
function watch(context, complaints) {
  context.on('console', (message) => {
    if (message.type() !== 'error') return;
    const { url } = message.location();
    // A page may well be the answer to a refusal: its own status is not a fault. Nor is a missing
    // icon, which no page asked for.
    const expected = url === message.page()?.url() || url.endsWith('/favicon.ico');
    if (!expected || !message.text().startsWith('Failed to load')) complaints.push(`console of ${url}: ${message.text()}`);
  });
  context.on('weberror', (error) => complaints.push(`script: ${error.error().message}`));
}

/// One window and its pages. `page` is playwright's own.
export class Window {
  pages = [];

  constructor(page, screenshots, complaints) {
    Object.assign(this, { page, screenshots, complaints });
    page.setDefaultTimeout(20_000);
  }

  /// Looks at the page that is shown, in each size and colour scheme: takes its picture, and
  /// complains of what does not fit a phone or shuts people out.
  async portray(name) {
    this.pages.push({ name, title: await this.page.title(), url: this.page.url() });
    await this.picture(name, (size, scheme) => this.#findBarriers(`${name} (${size}, ${scheme})`));
  }

  /// Takes pictures of the page that is shown, in each size and colour scheme, and looks at it `then`.
  async picture(name, then = async () => {}) {
    await mkdir(dirname(join(this.screenshots, name)), { recursive: true });
    for (const [size, viewport] of Object.entries(sizes)) {
      await this.page.setViewportSize(viewport);
      for (const colorScheme of schemes) {
        await this.page.emulateMedia({ colorScheme });
        const path = join(this.screenshots, `${name}-${size}-${colorScheme}.png`);
        await this.page.screenshot({ path, fullPage: true });
        await then(size, colorScheme);
      }
    }
    await this.page.emulateMedia({ colorScheme: 'light' });
  }

  /// Opens a page with and without its scripts, and portrays both.
  async portrayBoth(name, address) {
    await this.page.goto(address);
    await this.portray(name);
    await this.#withoutScripts(async () => {
      await this.page.goto(address);
      await this.portray(`${name}-plain`);
    });
  }

  // axe is a script itself, so the browser has to run scripts: the page loses its own instead, and shows
  // what it keeps for browsers that run none.
  async #withoutScripts(look) {
    const pages = (request) => request.resourceType() === 'document';
    const strip = async (route) => {
      if (!pages(route.request())) return route.fallback();
      const response = await route.fetch({ maxRedirects: 0 });
      const body = await response.text();
      const plain = body.replace(/<script[^]*?<\/script>/g, '').replace(/<\/?noscript>/g, '');
      return route.fulfill({ response, body: plain });
    };
    await this.page.route('**/*', strip);
    await look();
    await this.page.unroute('**/*', strip);
  }

  async #findBarriers(where) {
    const overflow = await this.page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    if (overflow > 0) this.complaints.push(`${where}: ${overflow} px wider than the window`);
    await this.page.evaluate(axe);
    const { violations } = await this.page.evaluate(() => globalThis.axe.run({ preload: false }));
    for (const { id, help, nodes } of violations) {
      this.complaints.push(`${where}: ${id}: ${help}: ${nodes.map(({ html }) => html).join(' ')}`);
    }
  }
}
