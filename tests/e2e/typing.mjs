// What scripts add while somebody types: suggestions below the search box, characters that are left, a box that
// narrows a long list.
//
//   node typing.mjs --home URL --form URL --name NAME --screenshots FOLDER
//
// Prints what was seen. Nothing is judged here; the test that started it does that.

import { parseArgs } from 'node:util';
import { inPrivateWindow } from './browser.mjs';
import { logIn } from './steps.mjs';

const text = { type: 'string' };
const { values: options } = parseArgs({ options: { home: text, form: text, name: text, screenshots: text } });

await inPrivateWindow(options, async (window) => {
  const { page } = window;
  const seen = {};
  const box = page.getByLabel('What do you need help with?');
  const list = page.getByRole('option');
  const type = async (words) => {
    await box.fill('');
    await box.pressSequentially(words);
    await list.first().waitFor();
  };

  await page.goto(options.home);
  await logIn(page, options.name);
  await type('equip');
  seen.role = await box.getAttribute('role');
  seen.suggested = await list.allInnerTexts();
  seen.said = await page.locator('#suggested').textContent();
  await window.portray('suggestions');
  await box.press('ArrowDown');
  seen.chosen = await box.inputValue();
  seen.active = await page.locator(`[id="${await box.getAttribute('aria-activedescendant')}"]`).innerText();
  await box.press('ArrowDown');
  seen.past_the_last = await box.inputValue();
  await box.press('ArrowUp');
  await box.press('Escape');
  seen.after_escape = await box.inputValue();
  seen.expanded_after_escape = await box.getAttribute('aria-expanded');
  await type('equip');
  await box.press('Enter');
  await page.waitForURL(/\/search\?/);
  seen.searched = new URL(page.url()).searchParams.get('q');
  await type('broken');
  await list.first().click();
  await page.waitForURL(/\/create\//);
  seen.clicked_to = page.url();

  await page.goto(options.form);
  const summary = page.getByLabel('Summary');
  const left = page.locator('#summary-left');
  const count = async (length) => {
    const before = await left.textContent();
    await summary.fill('x'.repeat(length));
    await page.waitForFunction((old) => document.getElementById('summary-left').textContent !== old, before);
    return left.textContent();
  };
  seen.left = [await count(200), await count(260), await count(10)];
  const rooms = page.getByRole('group', { name: /^Rooms/ });
  const narrow = rooms.getByLabel('Find in this list');
  const shown = () => rooms.locator('.choice:visible').allInnerTexts();
  await rooms.getByLabel('Room 7').check();
  await narrow.fill('room 16');
  seen.narrowed = await shown();
  await window.portray('narrowed');
  await rooms.getByLabel('Room 7').uncheck();
  await narrow.fill('nothing of the kind');
  seen.nothing = [...(await shown()), await rooms.getByText('Nothing in this list fits').isVisible()];
  await narrow.press('Enter');
  seen.still_at = page.url();
  return seen;
});
