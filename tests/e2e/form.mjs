// What scripts add to a form: a draft in the browser, files that are uploaded as they are chosen,
// dropped and pasted, and how far that is.
//
//   node form.mjs --form URL --name NAME --screenshots FOLDER
//
// Prints what was seen. Nothing is judged here; the test that started it does that.

import { parseArgs } from 'node:util';
import { inPrivateWindow } from './browser.mjs';
import { logIn, logOut } from './steps.mjs';

const text = { type: 'string' };
const { values: options } = parseArgs({ options: { form: text, name: text, screenshots: text } });

const drafts = () => Object.keys(localStorage).filter((name) => name.startsWith('draft '));

await inPrivateWindow(options, async (window) => {
  const { page } = window;
  const seen = {};
  const summary = page.getByLabel('Summary');
  const files = page.locator('.files li');
  const typed = async (words) => {
    await summary.fill(words);
    await page.waitForFunction(() => Object.keys(localStorage).some((name) => name.startsWith('draft ')));
  };

  await page.goto(options.form);
  await logIn(page, options.name);
  seen.offered_at_first = await page.locator('#draft').isVisible();
  await typed('My second screen stays dark');

  await page.goto(new URL('/', options.form).href);
  await page.goto(options.form);
  await window.portray('draft-offered');
  await page.getByRole('button', { name: 'Go on with it' }).click();
  seen.taken_up = await summary.inputValue();
  seen.offered_still = await page.locator('#draft').isVisible();

  const file = (name, content = `the ${name}`) => ({ name, mimeType: 'text/plain', buffer: Buffer.from(content) });
  const choose = (chosen) => page.locator('input[type=file]').setInputFiles([chosen]);
  // As when somebody drags a file there, or pastes one.
  const dispatch = (kind, at, name) => at.evaluate((element, { kind, name }) => {
    const data = new DataTransfer();
    data.items.add(new File([`the ${name}`], name, { type: 'text/plain' }));
    const way = { bubbles: true, cancelable: true };
    element.dispatchEvent(
      kind === 'drop'
        ? new DragEvent('drop', { ...way, dataTransfer: data })
        : new ClipboardEvent('paste', { ...way, clipboardData: data }),
    );
  }, { kind, name });
  await choose(file('cable.txt'));
  await files.nth(0).waitFor();
  await dispatch('drop', page.locator('[data-files]'), 'plug.txt');
  await files.nth(1).waitFor();
  await dispatch('paste', summary, 'screen.txt');
  await files.nth(2).waitFor();

  const network = await page.context().newCDPSession(page);
  const uploadAt = (uploadThroughput) =>
    network.send('Network.emulateNetworkConditions', { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput });
  await network.send('Network.enable');
  await uploadAt(100_000);
  await choose(file('log.txt', 'dark '.repeat(100_000)));
  const underWay = await page.waitForFunction(() => {
    const said = document.querySelector('[data-files] [role=status]').textContent;
    return /[1-9]/.test(said) && said;
  });
  seen.progress = await underWay.jsonValue();
  seen.files_under_way = await files.count();
  await uploadAt(-1);
  await files.nth(3).waitFor();
  seen.files = (await files.locator('span > span').allInnerTexts()).filter((name) => name.endsWith('.txt'));
  seen.said = await page.locator('[data-files] [role=status]').innerText();
  seen.typed_still = await summary.inputValue();
  await window.portray('files-uploaded');

  await page.getByRole('button', { name: 'Send request' }).last().click();
  await page.waitForURL(/\/[A-Z]+-\d+\?/);
  seen.request = page.url();
  seen.drafts_after_sending = await page.evaluate(drafts);

  await page.goto(options.form);
  seen.offered_again = await page.locator('#draft').isVisible();
  await typed('Something of last week');
  await page.evaluate(() => {
    for (const name of Object.keys(localStorage).filter((name) => name.startsWith('draft '))) {
      const draft = JSON.parse(localStorage.getItem(name));
      localStorage.setItem(name, JSON.stringify({ ...draft, at: Date.now() - 8 * 24 * 3600 * 1000 }));
    }
  });
  await page.goto(options.form);
  seen.drafts_after_a_week = await page.evaluate(drafts);
  await typed('Something that nobody else should read');
  await page.goto(new URL('/', options.form).href);
  await logOut(page);
  seen.drafts_after_logout = await page.evaluate(drafts);
  return seen;
});
