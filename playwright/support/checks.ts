/** Checks that hold for every page: readable by everyone, in both colour schemes, at every width. */
import { AxeBuilder } from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';

/** WCAG 2.2 AA and what it builds on. */
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** Those that a colour scheme can break; a page is otherwise the same in both. */
const RULES_OF_COLOUR = ['color-contrast', 'link-in-text-block'];

export async function expectAccessible(page: Page): Promise<void> {
  const scripts = test.info().project.use.javaScriptEnabled !== false;
  if (!scripts) await runTimersAsPromises(page);
  for (const colorScheme of ['light', 'dark'] as const) {
    // A colour that is still on its way to the other scheme is neither of the two.
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    // Legacy mode finishes in the page itself instead of in a new one, which would again have no timers.
    const axe = new AxeBuilder({ page }).setLegacyMode(!scripts);
    const asked = colorScheme === 'light' ? axe.withTags(RULES) : axe.withRules(RULES_OF_COLOUR);
    const { violations } = await asked.analyze();
    const findings = violations.flatMap(({ id, nodes }) =>
      nodes.map((node) => `${id}: ${node.target.join(' ')}: ${node.failureSummary ?? ''}`),
    );
    expect(findings, `accessibility of ${page.url()} in ${colorScheme}`).toEqual([]);
  }
  await page.emulateMedia({ colorScheme: null, reducedMotion: null });
}

/** The colours that somebody chose are readable, whatever the system has. */
export async function expectReadableAsChosen(page: Page): Promise<void> {
  const scripts = test.info().project.use.javaScriptEnabled !== false;
  if (!scripts) await runTimersAsPromises(page);
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(!scripts).withRules(RULES_OF_COLOUR).analyze();
  const findings = violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(' ')}`));
  expect(findings, `colours of ${page.url()} as they were chosen`).toEqual([]);
  await page.emulateMedia({ colorScheme: null, reducedMotion: null });
}

/** Nothing of the page lies outside a window of this width (WCAG 1.4.10 asks for 320 pixels). */
export async function expectNoHorizontalScroll(page: Page, width = 320): Promise<void> {
  const before = page.viewportSize();
  await page.setViewportSize({ width, height: 800 });
  const overflow = await page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    const wide = [...document.querySelectorAll('body *')].find(
      (element) => element.getBoundingClientRect().right > clientWidth + 1,
    );
    return { by: scrollWidth - clientWidth, first: wide?.outerHTML.slice(0, 200) };
  });
  const place = `${page.url()} scrolls sideways at ${width} px, first at ${overflow.first}`;
  expect(overflow.by, place).toBeLessThanOrEqual(0);
  if (before) await page.setViewportSize(before);
}

/**
 * Where scripts are off Chromium fires no timer and no observer, but still runs promises:
 * axe's own short timers become promises, its long ones (deadlines) never fall due.
 */
async function runTimersAsPromises(page: Page): Promise<void> {
  await page.evaluate(() => {
    const timers = (callback: () => void, delay = 0) => {
      if (delay <= 1) void Promise.resolve().then(callback);
      return 0;
    };
    Object.assign(window, { setTimeout: timers, MutationObserver: undefined, WebKitMutationObserver: undefined });
  });
}
