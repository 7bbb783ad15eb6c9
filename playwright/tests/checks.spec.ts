/** The checks themselves: each must fail on a page that deserves it. */
import { expectAccessible, expectNoHorizontalScroll } from '../support/checks.ts';
import { expect, test } from '../support/journey.ts';

const sound = '<!doctype html><html lang="en"><title>Sound</title><main><h1>Sound</h1></main></html>';

test('a sound page passes', async ({ page }) => {
  await page.setContent(sound);
  await expectAccessible(page);
  await expectNoHorizontalScroll(page);
});

test('a button without a name is found', async ({ page }) => {
  await page.setContent(sound.replace('</main>', '<button></button></main>'));
  await expect(expectAccessible(page)).rejects.toThrow(/button-name/);
});

test('text that is too faint in the dark alone is found', async ({ page }) => {
  const style = '<style>@media (prefers-color-scheme: dark) { main { background: #222; color: #444 } }</style>';
  await page.setContent(sound.replace('<main>', `${style}<main>`));
  await expect(expectAccessible(page)).rejects.toThrow(/in dark[^]*color-contrast/);
});

test('a page wider than the window is found', async ({ page }) => {
  await page.setContent(sound.replace('</main>', '<p style="width: 400px">Wide</p></main>'));
  await expectNoHorizontalScroll(page, 1000);
  await expect(expectNoHorizontalScroll(page, 320)).rejects.toThrow(/scrolls sideways at 320 px/);
});

test('an error in the console is found', async ({ page, javaScriptEnabled }) => {
  test.skip(javaScriptEnabled === false, 'Without scripts nothing writes to the console here.');
  test.fail(true, 'The gate must turn this journey red.');
  await page.setContent(sound);
  await page.evaluate(() => console.error('seen'));
});
