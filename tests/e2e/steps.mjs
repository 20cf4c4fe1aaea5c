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
