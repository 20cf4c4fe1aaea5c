// What customers do on more than one way: each step ends when the next page is there.

/// Picks somebody on the stand-in provider's form, which has the password filled in; ends on the
/// page that the login was for.
export async function logIn(page, name) {
  const provider = new URL(page.url()).origin;
  await page.getByRole('button', { name }).click();
  await page.waitForURL((url) => url.origin !== provider);
  await page.waitForLoadState();
}

/// Presses the gate's button; ends on the page that says so.
export async function logOut(page) {
  await page.getByRole('button', { name: 'Log out' }).click();
  await page.waitForURL('**/_gate/logged-out*');
}

/// Types an address where customers choose; ends on the page that answers.
export async function sayEmail(page, address) {
  await page.getByLabel('Your email address at work').fill(address);
  const answered = page.waitForResponse((answer) => answer.request().method() === 'POST');
  await page.getByRole('button', { name: 'Continue' }).click();
  await answered;
  await page.waitForLoadState();
}

/// Picks an organisation where customers choose; ends at its login.
export async function choose(page, organisation) {
  const gate = new URL(page.url()).origin;
  await page.getByRole('link', { name: organisation }).click();
  await page.waitForURL((url) => url.origin !== gate);
}
