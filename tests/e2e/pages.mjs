// Pages that somebody who is logged in opens by their addresses: each is looked at with and without scripts.
//
//   node pages.mjs --name NAME --pages JSON --screenshots FOLDER
//
// JSON is a list of { "page": NAME, "open": URL }; the first of them asks for the login.
// Prints the status and the text of each page.

import { parseArgs } from 'node:util';
import { inPrivateWindow } from './browser.mjs';
import { logIn } from './steps.mjs';

const text = { type: 'string' };
const { values: options } = parseArgs({ options: { name: text, pages: text, screenshots: text } });
const pages = JSON.parse(options.pages);

await inPrivateWindow(options, async (window) => {
  const { page } = window;
  const ends = {};
  let status;
  page.on('response', (answer) => {
    if (answer.request().isNavigationRequest()) status = answer.status();
  });
  await page.goto(pages[0].open);
  await logIn(page, options.name);
  for (const { page: name, open } of pages) {
    await window.portrayBoth(name, open);
    ends[name] = { url: page.url(), status, text: await page.locator('body').innerText() };
  }
  return { ends };
});
