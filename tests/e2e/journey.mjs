// A customer's way through the gate: opens a deep link in a private window, logs in, raises a
// request, looks at all portals, logs out.
//
//   node journey.mjs --gate URL --link URL --name NAME --screenshots FOLDER
//
// Prints where each step ended. Nothing is judged here; the test that started it does that.

import { parseArgs } from 'node:util';
import { inPrivateWindow } from './browser.mjs';
import { logIn, logOut } from './steps.mjs';

const text = { type: 'string' };
const { values: options } = parseArgs({
  options: { gate: text, link: text, name: text, screenshots: text },
});

await inPrivateWindow(options, async (window) => {
  const { page } = window;
  const seen = {};

  await page.goto(options.link);
  seen.asked_to_log_in_at = page.url();
  await window.portray('provider-login');
  await logIn(page, options.name);
  // Jira may have a login of its own in between.
  await page.waitForURL(({ pathname }) => pathname.startsWith('/servicedesk/customer/portal/'));
  await page.waitForLoadState();
  seen.landed_on = page.url();
  await window.portray('jsm-create');

  await page.getByLabel('Summary').fill('The printer on floor 3 is on fire');
  await page.getByRole('button', { name: 'Send' }).click();
  await page.waitForURL(/\/[A-Z]+-\d+$/);
  seen.request_at = page.url();
  seen.request = await page.locator('main').innerText();
  await window.portray('jsm-request');

  await page.goto(options.gate);
  seen.portals = await page.getByRole('main').getByRole('link').evaluateAll(
    (links) => links.map(({ href }) => href),
  );
  await window.portray('portals');

  await logOut(page);
  seen.logged_out_at = page.url();
  await window.portray('logged-out');

  await page.goto(options.link);
  seen.asked_again_at = page.url();
  return seen;
});
