// A customer's way through a hosted portal: search, a form filled in wrong and then right, two files, a reply,
// an answer, sharing, the last step, logout.
//
//   node hosted-journey.mjs --link URL --name NAME --answer TEXT --scripts true|false --screenshots FOLDER
//
// Prints `commented KEY` when the reply is sent, waits until somebody has answered with that text, and prints
// what was seen. Nothing is judged here; the test that started it does that.

import { parseArgs } from 'node:util';
import { inPrivateWindow } from './browser.mjs';
import { logIn, logOut } from './steps.mjs';

const text = { type: 'string' };
const { values: options } = parseArgs({
  options: { link: text, name: text, answer: text, scripts: text, screenshots: text },
});
const scripts = options.scripts === 'true';
const summary = 'My second screen stays dark';

await inPrivateWindow({ ...options, scripts }, async (window) => {
  const { page } = window;
  const seen = {};
  const group = (name) => page.getByRole('group', { name });
  const press = (name) => page.getByRole('button', { name, exact: true }).last().click();

  // Without scripts a page in between leads on.
  const askedToLogIn = async () => {
    await page.goto(options.link);
    await page.waitForURL((url) => url.origin !== new URL(options.link).origin);
  };

  await askedToLogIn();
  await logIn(page, options.name);
  await page.getByLabel('What do you need help with?').fill('every kind');
  await press('Search');
  await page.getByRole('link', { name: 'Every kind of field' }).last().click();

  await page.getByLabel('Summary').fill(summary);
  await page.getByLabel(/^Description/).fill('Since this morning.');
  await page.getByLabel('Amount').fill('many');
  await page.getByLabel(/^Link/).fill('no address');
  for (const [part, value] of [['Day', '31'], ['Month', '2'], ['Year', '2027']]) {
    await group(/^Due date/).getByLabel(part).fill(value);
  }
  await press('Send request');
  seen.title_after_mistakes = await page.title();
  seen.mistakes = await page.locator('.summary li').allInnerTexts();
  seen.kept = await page.getByLabel('Summary').inputValue();

  await page.getByLabel('Amount').fill('1499.90');
  await page.getByLabel(/^Link/).fill('https://shop.example/screen');
  await group(/^Due date/).getByLabel('Day').fill('28');
  await page.getByLabel('Reason').fill('It was old.');
  await page.getByLabel(/^Environment/).fill('Floor 3');
  await page.getByLabel(/^Labels/).fill('screen desk');
  await page.getByLabel(/^Room/).fill('3.14');
  await group('Colour').getByLabel('Red', { exact: true }).check();
  await group(/^Keys/).getByLabel('Blue', { exact: true }).check();
  await page.getByLabel(/^Place/).selectOption({ index: 1 });
  await group(/^Components/).getByLabel('Red', { exact: true }).check();
  await group(/^Priority/).getByLabel('High', { exact: true }).check();
  const file = (name) => ({ name, mimeType: 'text/plain', buffer: Buffer.from(`the ${name}`) });
  await page.locator('input[type=file]').setInputFiles([file('cable.txt'), file('plug.txt')]);
  if (!scripts) await press('Upload now');
  await page.locator('.files li').nth(1).waitFor();
  await press('Send request');
  await page.waitForURL(/\/[A-Z]+-\d+\?said=created$/);
  const key = page.url().match(/[A-Z]+-\d+/)[0];
  seen.request = await page.locator('main').innerText();
  seen.files = await page.locator('[aria-labelledby=all-files] a').evaluateAll((all) => all.map(({ href }) => href));

  await page.getByRole('link', { name: 'My requests' }).first().click();
  seen.list = await page.locator('main').innerText();
  await page.getByRole('link', { name: summary }).click();
  await page.getByLabel('Your reply').fill('It is **dark** still.');
  await press('Preview');
  seen.preview = await page.locator('[aria-labelledby=preview] strong').innerText();
  await press('Send reply');
  await page.waitForURL(/said=replied$/);
  console.log(`commented ${key}`);
  while (!(await page.getByText(options.answer).count())) await page.reload();
  seen.thread = await page.locator('.thread').innerText();

  await press('Share with Acme');
  await page.waitForURL(/said=shared$/);
  await page.getByRole('link', { name: 'Resolve this request' }).click();
  await page.waitForURL(/\/transition\/\d+$/);
  await press('Resolve this request');
  await page.waitForURL(/said=moved$/);
  seen.at_last = await page.locator('main').innerText();
  await logOut(page);
  await askedToLogIn();
  seen.asked_again_at = page.url();
  return { key, ...seen };
});
