// Pictures of pages in the states that they can be in, for people to look at: in each language, on a phone and on a
// desk, light and dark.
//
//   node pictures.mjs --visits JSON --languages JSON --choose NAME --screenshots FOLDER
//
// JSON of --visits is a list of { "as": NAME or null, "scenes": [{ "page": NAME, "open": URL, "do": [STEP…] }] }, each
// in a window of its own. URL is one for all languages, or { LANGUAGE: URL… }; a step is [NAME, ARGUMENT…], one of
// `steps` below. Whoever is asked to log in chooses the organisation of that name.
// Prints a line for each page, and at last what the browser complained of.

import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openPrivateWindow } from './browser.mjs';
import { choose, logIn } from './steps.mjs';

const text = { type: 'string' };
const { values: options } = parseArgs({
  options: { visits: text, languages: text, choose: text, screenshots: text },
});

const steps = {
  // The last of them, because the first button of a form with files is for the Enter key alone.
  click: (page, selector) => page.locator(selector).last().click(),
  send: (page, selector) =>
    Promise.all([page.waitForEvent('load'), page.locator(selector).last().click()]),
  fill: (page, selector, value) => page.locator(selector).fill(value),
  // By way of the provider, where the login has ended.
  open: async (page, address) => {
    await page.goto(address);
    await page.waitForURL(address);
  },
  type: async (page, selector, value) => {
    await page.locator(selector).pressSequentially(value);
    await page.getByRole('option').first().waitFor();
  },
  forget: (page) => page.context().clearCookies({ name: '__Host-gate' }),
  logIn: (page, name) => logIn(page, name),
};

// The page that asks for the login leads on to the one on which to choose.
async function begin(page, address, name) {
  await page.goto(address);
  await page.waitForURL('**/_gate/login**go=1');
  await choose(page, options.choose);
  await logIn(page, name);
}

const complaints = [];
for (const locale of JSON.parse(options.languages)) {
  for (const { as, scenes } of JSON.parse(options.visits)) {
    const seen = await openPrivateWindow({ locale, screenshots: options.screenshots }, async (window) => {
      const { page } = window;
      if (as) await begin(page, scenes[0].open, as);
      for (const { page: name, open, do: acts = [] } of scenes) {
        await page.goto(open[locale] ?? open);
        for (const [step, ...rest] of acts) await steps[step](page, ...rest);
        await window.picture(join(name, locale));
        console.log(`${name} ${locale}`);
      }
    });
    complaints.push(...seen.complaints);
  }
}
console.log(JSON.stringify({ complaints }));
