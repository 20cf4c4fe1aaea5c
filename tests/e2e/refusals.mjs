// The ways that end on a page of the gate's own, because nothing else can be shown: each is walked
// to its end and looked at.
//
//   node refusals.mjs --ways JSON --screenshots FOLDER [--block-cookies]
//
// JSON is a list of { "page": NAME, "open": URL, "log_in": { "name": …, "password": … } }, where
// `log_in` is left out for whoever is not asked to. Prints the text and the address of each page.

import { parseArgs } from 'node:util';
import { inPrivateWindow } from './browser.mjs';
import { logIn } from './steps.mjs';

const { values: options } = parseArgs({
  options: {
    ways: { type: 'string' },
    screenshots: { type: 'string' },
    'block-cookies': { type: 'boolean', default: false },
  },
});

const window = { screenshots: options.screenshots, blockCookies: options['block-cookies'] };
await inPrivateWindow(window, async (window) => {
  const { page } = window;
  const ends = {};
  for (const way of JSON.parse(options.ways)) {
    const answer = await page.goto(way.open);
    if (way.log_in) await logIn(page, way.log_in);
    await window.portray(way.page);
    ends[way.page] = {
      url: page.url(),
      status: way.log_in ? undefined : answer.status(),
      text: await page.locator('body').innerText(),
    };
  }
  return { ends };
});
