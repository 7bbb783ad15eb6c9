/** The `test` of every journey: it fails when a page reports an error in the console. */
import { test as base, expect } from '@playwright/test';

export interface Gate {
  /** Console errors that a journey provokes on purpose, such as the 422 of a refused form. */
  expectedErrors: RegExp[];
  consoleGate: void;
}

export const test = base.extend<Gate>({
  expectedErrors: [[], { option: true }],
  consoleGate: [
    async ({ context, expectedErrors }, use) => {
      const errors: string[] = [];
      context.on('weberror', (event) => errors.push(`uncaught: ${event.error().message}`));
      context.on('console', (message) => {
        if (message.type() === 'error') errors.push(`${message.text()} (${message.location().url})`);
      });
      await use();
      const unexpected = errors.filter((error) => !expectedErrors.some((pattern) => pattern.test(error)));
      expect(unexpected, 'the pages of this journey reported errors').toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };
