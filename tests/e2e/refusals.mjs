// The ways that end on a page of the gate's own, because nothing else can be shown: each is walked
// to its end and looked at.
//
//   node refusals.mjs --ways JSON --screenshots FOLDER [--block-cookies | --lose-cookie NAME]
//
// JSON is a list of { "page": NAME, "open": URL, "email": ADDRESS, "choose": NAME, "log_in": NAME,
// "press": NAME, "log_out": true, "lands_on": URL, "goes_on_to": URL }. `email` and `choose` are for whoever has
// several providers, `log_in` for whoever is asked to, `press` for whoever has to agree, `lands_on` when pages in between lead on by themselves, and
// `goes_on_to` when the page shown does so.
// Prints the address, the status and the text at the end of each way.

import { parseArgs } from 'node:util';
import { inPrivateWindow } from './browser.mjs';
import { choose, logIn, logOut, sayEmail } from './steps.mjs';

const { values: options } = parseArgs({
  options: {
    ways: { type: 'string' },
    screenshots: { type: 'string' },
    'block-cookies': { type: 'boolean', default: false },
    'lose-cookie': { type: 'string' },
  },
});

const setting = { screenshots: options.screenshots, blockCookies: options['block-cookies'] };
await inPrivateWindow(setting, async (window) => {
  const { page } = window;
  const ends = {};
  if (options['lose-cookie']) await lose(options['lose-cookie'], page);
  let status;
  page.on('response', (answer) => {
    if (answer.request().isNavigationRequest()) status = answer.status();
  });
  for (const way of JSON.parse(options.ways)) {
    const { page: name, open, email, choose: organisation, log_in, press, log_out, lands_on, goes_on_to } = way;
    await page.goto(open);
    await page.waitForLoadState();
    if (email) await sayEmail(page, email);
    if (organisation) await choose(page, organisation);
    if (log_in) await logIn(page, log_in);
    if (press) await Promise.all([page.waitForEvent('load'), page.getByRole('button', { name: press }).click()]);
    if (log_out) await logOut(page);
    if (lands_on) await page.waitForURL(lands_on);
    ends[name] = { url: page.url(), status, text: await page.locator('body').innerText() };
    await window.portray(name);
    if (goes_on_to) await page.waitForURL(`${goes_on_to}/**`, { timeout: 60_000 });
  }
  return { ends };
});

// A browser that drops one cookie as soon as the gate's callback has set it, as some extensions do.
async function lose(name, page) {
  const context = page.context();
  const session = await context.newCDPSession(page);
  const urlPattern = '*/_gate/callback/*';
  await session.send('Fetch.enable', { patterns: [{ urlPattern, requestStage: 'Response' }] });
  session.on('Fetch.requestPaused', async ({ requestId }) => {
    await context.clearCookies({ name });
    await session.send('Fetch.continueResponse', { requestId });
  });
}
